import { AppError } from '../../../domain/errors';
import type { ModelTest } from '../../../domain/connection';
import type { Backend, GenerateInput } from '../../backends/backend';

/** Enough for a first word of any model; most are left after the first. */
const maxTokens = 16;
const maxTextLength = 200;

/**
 * Asks a model for a word, and lets go of it with the first that comes. Throws what the backend throws, and
 * `backend-unreachable` when nothing came within `timeoutMs`.
 */
export async function tryModel(backend: Backend, signal: AbortSignal, timeoutMs: number): Promise<ModelTest> {
  const limit = AbortSignal.timeout(timeoutMs);
  const startedAt = performance.now();
  let text = '';
  try {
    const request = {
      ...questionFor(backend),
      parameters: { max_new_tokens: maxTokens },
      signal: AbortSignal.any([signal, limit]),
    };
    for await (const event of backend.generate(request)) {
      if (event.type !== 'delta') continue;
      text += event.text;
      if (text.trim() !== '') break;
    }
  } catch (thrown) {
    if (!limit.aborted) throw thrown;
  }
  if (limit.aborted && !signal.aborted) {
    const seconds = String(Math.round(timeoutMs / 1000));
    throw new AppError(
      'backend-unreachable',
      `The model said nothing within ${seconds} seconds. It may still load: try again in a while.`,
    );
  }
  return { text: text.trim().slice(0, maxTextLength), durationMs: Math.round(performance.now() - startedAt) };
}

function questionFor({ accepts }: Backend): GenerateInput {
  if (accepts.includes('messages'))
    return { kind: 'messages', messages: [{ role: 'user', content: 'Say hello.' }] };
  if (accepts.includes('prompt')) return { kind: 'prompt', prompt: 'Hello' };
  return { kind: 'text2text', text: 'Hello' };
}
