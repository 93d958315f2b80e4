/** One request to a server, below the base address of an endpoint. */
export interface HttpRequest {
  method: 'GET' | 'POST';
  /** Put after the endpoint's address: `/v1/chat/completions`. */
  path: string;
  /** Sent as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
  signal: AbortSignal;
  /** Instead of that of the configuration, for small questions such as which models there are. */
  firstByteTimeoutMs?: number;
  /** Goes to the server that gave this reply, while that answers: what it said need not hold for another. */
  near?: HttpReply | undefined;
}

/** An answer whose headers are there. Whoever has it reads it to its end, or calls `close`. */
export interface HttpReply {
  status: number;
  /** Lower-case names. */
  headers: Readonly<Record<string, string>>;
  /** The body as it comes. Throws `backend-unreachable` when it breaks off or is silent for too long. Leaving the loop closes it. */
  chunks(): AsyncIterable<Uint8Array>;
  /** The whole body, up to `maxBytes` (1 MiB unless given); throws `backend-protocol` when it is longer. */
  text(maxBytes?: number): Promise<string>;
  /** Lets go of the connection; the server sees that nobody listens any more. Twice is fine. */
  close(): void;
}

/**
 * The one way out of this server to a model server. Chooses an endpoint by weight, passes over those whose circuit is
 * open, tries the next (and, after a `Retry-After` that is short, the same again) while nothing has been answered, and
 * never once a reply was handed out. Redirects are not followed. Keys are in no error and in no note.
 */
export interface Transport {
  /** Resolves with any status once headers are there. Throws `backend-unreachable` when no endpoint answers in time. */
  send(request: HttpRequest): Promise<HttpReply>;
  /** `text` without the keys of any endpoint: for what a server said, before it is logged. */
  redact(text: string): string;
  close(): Promise<void>;
}

/** Of a place that is not there, and will not be; a server that is busy or starts says others. */
const absent: ReadonlySet<number> = new Set([404, 405, 501]);

/** Whether a server that answers with this status does not have what was asked for. */
export function isAbsent({ status }: Pick<HttpReply, 'status'>): boolean {
  return absent.has(status);
}
