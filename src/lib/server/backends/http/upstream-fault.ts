/** What a server said about a fault, whichever of the many shapes it has. */
export interface UpstreamFault {
  /** Whether the payload tells of a fault at all; a status may do so without it. */
  isFault: boolean;
  message: string;
  /** The server's own word for the kind of fault: `overloaded`, `exceed_context_size_error`, `model_not_found`. */
  type: string;
  status?: number;
  /** All that was said, for the log. */
  said: string;
  /** Figures that stand beside the message. */
  fields: Readonly<Record<string, unknown>>;
}

/** Characters of a page, or of a text, in which is looked for what it means. */
const longestPage = 16_384;

/** Reads a body (JSON, HTML, text or nothing), or an object of a stream. */
export function readFault(payload: unknown): UpstreamFault {
  if (typeof payload !== 'string') return faultOf(payload, '');
  const said = payload.trim();
  try {
    return faultOf(JSON.parse(said), said);
  } catch {
    // No JSON: a proxy's page, a line of text, or nothing.
    return { isFault: false, message: plainText(said), type: '', said, fields: {} };
  }
}

function faultOf(payload: unknown, said: string): UpstreamFault {
  const whole = recordOf(Array.isArray(payload) ? payload[0] : payload);
  const choice = recordOf(firstOf(whole.choices));
  const error = whole.error ?? choice.error;
  const nested = typeof error === 'object' && !Array.isArray(error) ? recordOf(error) : {};
  const isFault = isTelling(error) || whole.object === 'error' || choice.finish_reason === 'error';
  const fields = { ...whole, ...recordOf(nested.metadata), ...nested };
  const message = firstText(
    typeof error === 'object' ? undefined : error,
    textsOf(error),
    nested.message,
    whole.message,
    textsOf(whole.detail),
    recordOf(whole.detail).message,
  );
  const status = statusOf(
    nested.code ?? nested.status ?? (whole.object === 'error' ? whole.code : undefined),
  );
  return {
    isFault,
    message,
    type: [whole.error_type, fields.type, fields.error_type, nested.code]
      .filter((part) => typeof part === 'string')
      .join(' '),
    ...(status !== undefined && { status }),
    // Of an object of a stream, each of which comes by here, only a fault is written down.
    said: said === '' && isFault ? JSON.stringify(fields.error ?? fields) : said,
    fields,
  };
}

/** Some send a member `error` that is `null`, `false` or empty with every object. */
function isTelling(error: unknown): boolean {
  return error !== undefined && error !== null && error !== false && error !== '';
}

/** A code that is a status of HTTP. TGI's `http_status_code` is 422 whatever went wrong, and is left out. */
function statusOf(code: unknown): number | undefined {
  const status = Number(code);
  return Number.isInteger(status) && status >= 400 && status <= 599 ? status : undefined;
}

function firstText(...candidates: unknown[]): string {
  return candidates.find((text): text is string => typeof text === 'string' && text !== '') ?? '';
}

/** Several faults in one list: texts, or what FastAPI says of fields (`{ msg }`). */
function textsOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return undefined;
  return value
    .map((item: unknown) => (typeof item === 'string' ? item : firstText(recordOf(item).msg)))
    .join('; ');
}

function firstOf(value: unknown): unknown {
  return Array.isArray(value) ? (value as unknown[])[0] : undefined;
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function plainText(said: string): string {
  return said
    .slice(0, longestPage)
    .replace(/<[^>]*>/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
}
