import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A piece of a reply: bytes, or a wait in milliseconds. `cut` breaks the socket, `hold` leaves it open for good. */
export type Piece = string | Uint8Array | number | 'cut' | 'hold' | { bytewise: string | Uint8Array };

export interface FakeReply {
  status?: number;
  headers?: Record<string, string>;
  /** Milliseconds before the headers. */
  delayMs?: number;
  body?: readonly Piece[] | string;
}

export interface SeenRequest {
  method: string;
  /** With the query. */
  path: string;
  headers: IncomingMessage['headers'];
  /** The parsed JSON; `undefined` without a body. */
  body: unknown;
  /** Whether the client was gone before the reply was. */
  wasLeft: boolean;
  /** Resolves once the reply is over or the client is gone. */
  ended: Promise<void>;
  /** Pieces of the body that were written. */
  written: number;
}

export type Script = FakeReply | ((request: SeenRequest, index: number) => FakeReply | Promise<FakeReply>);

export interface FakeServer {
  /** `http://127.0.0.1:<port>` */
  url: string;
  requests: SeenRequest[];
  /** What is said from now on. */
  reply(script: Script | Record<string, Script>): void;
  close(): Promise<void>;
}

/**
 * A server that says what its script says: `script` by path (`'POST /v1/chat/completions'` or `'/v1/models'`), or one
 * for everything. What has no script is 404.
 */
export async function fakeServer(script: Script | Record<string, Script> = {}): Promise<FakeServer> {
  let current = script;
  const requests: SeenRequest[] = [];
  const server = createServer((incoming, response) => {
    void answer(incoming, response);
  });

  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const seen = await requestOf(incoming, response);
    const index = requests.push(seen) - 1;
    const found = scriptFor(current, seen);
    const reply = typeof found === 'function' ? await found(seen, index) : found;
    await write(response, reply, seen).catch(() => response.destroy());
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    requests,
    reply: (next) => {
      current = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function isScript(script: Script | Record<string, Script>): script is Script {
  if (typeof script === 'function') return true;
  return !Object.keys(script).some((key) => key.includes('/'));
}

function scriptFor(script: Script | Record<string, Script>, { method, path }: SeenRequest): Script {
  if (isScript(script)) return script;
  const plain = path.split('?')[0] ?? '';
  return script[`${method} ${plain}`] ?? script[plain] ?? { status: 404, body: '{"detail":"Not Found"}' };
}

async function requestOf(incoming: IncomingMessage, response: ServerResponse): Promise<SeenRequest> {
  const pieces: Buffer[] = [];
  for await (const piece of incoming) pieces.push(piece as Buffer);
  const text = Buffer.concat(pieces).toString();
  const seen: SeenRequest = {
    method: incoming.method ?? '',
    path: incoming.url ?? '',
    headers: incoming.headers,
    body: text === '' ? undefined : JSON.parse(text),
    wasLeft: false,
    ended: new Promise((resolve) =>
      response.once('close', () => {
        seen.wasLeft = !response.writableFinished;
        resolve();
      }),
    ),
    written: 0,
  };
  return seen;
}

async function write(response: ServerResponse, reply: FakeReply, seen: SeenRequest): Promise<void> {
  const { status = 200, headers = {}, delayMs = 0, body = '' } = reply;
  if (delayMs > 0) await sleep(delayMs);
  response.writeHead(status, headers);
  for (const piece of typeof body === 'string' ? [body] : body) {
    if (response.destroyed) return;
    if (piece === 'hold') return;
    if (piece === 'cut') {
      response.destroy();
      return;
    }
    if (typeof piece === 'number') await sleep(piece);
    else for (const bytes of bytesOf(piece)) await writeBytes(response, bytes);
    seen.written += 1;
  }
  response.end();
}

function bytesOf(piece: Exclude<Piece, number>): (string | Uint8Array)[] {
  if (typeof piece === 'string' || piece instanceof Uint8Array) return [piece];
  return [...Buffer.from(piece.bytewise)].map((byte) => Uint8Array.of(byte));
}

/** Resolves once the bytes are with the kernel: each is a write of its own. */
function writeBytes(response: ServerResponse, bytes: string | Uint8Array): Promise<void> {
  if (bytes.length === 0) return Promise.resolve();
  return new Promise((resolve) => {
    response.write(bytes, () => resolve());
  });
}

/** The bytes of server-sent events: each object, or text as it stands, after `data: `, with a blank line. */
export function events(...payloads: unknown[]): string {
  return payloads
    .map((payload) => `data: ${typeof payload === 'string' ? payload : JSON.stringify(payload)}\n\n`)
    .join('');
}

/** `bytes` in chunks of `size`. */
export async function* chunksOf(bytes: Uint8Array | string, size: number): AsyncGenerator<Uint8Array> {
  const whole = Buffer.from(bytes);
  for (let at = 0; at < whole.length; at += size) {
    // As from a socket: the reader gets its turn.
    yield await Promise.resolve(new Uint8Array(whole.subarray(at, at + size)));
  }
}
