import { AppError } from '../../../domain/errors';
import { parseJson } from '../http/parse-json';
import { payloadError } from '../http/upstream-error';
import { lineSchema, type OllamaLine } from './wire';

/** One line of an answer. Throws the fault that it tells of, and `backend-protocol` when it is something else. */
export function readLine(text: string): OllamaLine {
  const parsed = parseJson(text);
  const fault = payloadError(parsed);
  if (fault) throw fault;
  const line = lineSchema.safeParse(parsed);
  if (!line.success) throw new AppError('backend-protocol', 'What Ollama sent is not an answer.');
  return line.data;
}
