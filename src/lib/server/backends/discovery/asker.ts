import { AppError } from '../../../domain/errors';
import { parseJson } from '../http/parse-json';
import type { Transport } from '../http/transport';

/** What one small question was answered with. */
export interface Answer {
  status: number;
  /** Read from JSON; `undefined` when it was none. */
  value: unknown;
  isPage: boolean;
  /** Where a redirect leads, without its query. Nothing follows it: a key must not go where nobody sent it. */
  location?: string;
}

export interface Asker {
  /** Any status is an answer. Throws `backend-unreachable` when none comes in time. */
  ask(path: string, body?: object): Promise<Answer>;
}

/** A list of hundreds of models, each with pages of words, is below this. */
const maxBytes = 8 * 1024 * 1024;
const firstByteTimeoutMs = 10_000;

/** Asks below the endpoint of `transport`. An answer that is too long counts as none. */
export function askerOf(transport: Pick<Transport, 'send'>, signal: AbortSignal): Asker {
  return {
    async ask(path, body) {
      const method = body ? 'POST' : 'GET';
      const reply = await transport.send({ method, path, signal, firstByteTimeoutMs, ...(body && { body }) });
      const text = await textOf(() => reply.text(maxBytes));
      const location = locationOf(reply.headers.location);
      return {
        status: reply.status,
        value: parseJson(text),
        isPage:
          /\bhtml\b/iu.test(reply.headers['content-type'] ?? '') || /^\s*<(?:!doctype|html)/iu.test(text),
        ...(location !== undefined && { location }),
      };
    },
  };
}

/** What is too long is no answer to a small question, and neither is nonsense. */
async function textOf(read: () => Promise<string>): Promise<string> {
  try {
    return await read();
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'backend-protocol') return '';
    throw thrown;
  }
}

function locationOf(header: string | undefined): string | undefined {
  if (header === undefined || !URL.canParse(header)) return undefined;
  const { origin, pathname } = new URL(header);
  return origin === 'null' ? undefined : origin + pathname;
}
