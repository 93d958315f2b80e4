import { AppError } from '../../domain/errors';

/**
 * The body of a request. Reads at most `maxBytes`, whatever the headers say: `too-large` beyond; `invalid-input` when it
 * breaks off.
 */
export async function readBytes(request: Request, maxBytes: number): Promise<Uint8Array> {
  if (!request.body) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop cancels the rest of the body.
  for await (const chunk of bytesOf(request.body, () => tooLarge(request, maxBytes))) {
    size += chunk.byteLength;
    if (size > maxBytes) throw tooLarge(request, maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
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
