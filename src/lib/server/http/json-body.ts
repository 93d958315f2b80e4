import type { z } from 'zod';
import { AppError } from '../../domain/errors';

/** Whether the request says that its body is JSON. A form of another site cannot say so. */
export function isJson(request: Request): boolean {
  return /^application\/json *(;|$)/iu.test(request.headers.get('content-type') ?? '');
}

/**
 * The body as `schema` has it. Reads at most `maxBytes`, whatever the headers say: `too-large` beyond; `invalid-input`,
 * with the place of each fault, when it is not JSON or not what the schema asks for.
 */
export async function readJsonBody<T>(request: Request, schema: z.ZodType<T>, maxBytes: number): Promise<T> {
  const parsed = schema.safeParse(parseJson(await readText(request, maxBytes)));
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) =>
    path.length > 0 ? `${path.join('.')}: ${message}` : message,
  );
  throw new AppError('invalid-input', faults.join('\n'));
}

async function readText(request: Request, maxBytes: number): Promise<string> {
  if (!request.body) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop cancels the rest of the body.
  for await (const chunk of bytesOf(request.body, () => tooLarge(request, maxBytes))) {
    size += chunk.byteLength;
    if (size > maxBytes) throw tooLarge(request, maxBytes);
    chunks.push(chunk);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw new AppError('invalid-input', 'The body is not UTF-8.');
  }
}

/** With the size, when the client has told it. */
function tooLarge(request: Request, limit: number): AppError {
  const size = Number(request.headers.get('content-length') ?? NaN);
  const isTold = Number.isSafeInteger(size) && size > limit;
  const message = isTold
    ? `The request has ${size} bytes, and at most ${limit} are taken.`
    : `The request is larger than ${limit} bytes.`;
  return new AppError('too-large', message, { details: { limit, ...(isTold && { size }) } });
}

async function* bytesOf(
  body: ReadableStream<Uint8Array>,
  tooLargeFault: () => AppError,
): AsyncGenerator<Uint8Array> {
  try {
    yield* body as unknown as AsyncIterable<Uint8Array>;
  } catch (thrown) {
    // Kit's own limit, over all routes.
    const isTooLarge =
      typeof thrown === 'object' && thrown !== null && 'status' in thrown && thrown.status === 413;
    throw isTooLarge
      ? tooLargeFault()
      : new AppError('invalid-input', 'The request ended before its body was complete.', { cause: thrown });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Without the parser's own words: they quote what the person wrote, and would end in the log.
    throw new AppError('invalid-input', 'The body is not JSON.');
  }
}
