import type { z } from 'zod';
import { AppError } from '../../domain/errors';
import { readBytes } from './body';

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
  const bytes = await readBytes(request, maxBytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new AppError('invalid-input', 'The body is not UTF-8.');
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
