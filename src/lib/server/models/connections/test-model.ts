import { AppError } from '../../../domain/errors';
import type { ModelTest } from '../../../domain/connection';
import type { Backend, BackendContext, GenerateInput } from '../../backends/backend';
import { createBackend, type BackendConfig } from '../../backends/index';

/** Enough for a first word of any model; most are left after the first. */
const maxTokens = 16;
const maxTextLength = 200;

/** How long a person waits for the word, in milliseconds: a server may have to load the model first. */
const usualTimeoutMs = 60_000;

/**
 * Asks a model for a word, and lets go of it with the first that comes. Throws what the backend throws, and
 * `backend-unreachable` when nothing came within `timeoutMs`.
 */
export async function testModel(
  config: BackendConfig,
  context: BackendContext,
  signal: AbortSignal,
  timeoutMs = usualTimeoutMs,
): Promise<ModelTest> {
  const backend = createBackend(config, context);
  const limit = AbortSignal.timeout(timeoutMs);
  const startedAt = performance.now();
  try {
    const text = await firstWord(backend, AbortSignal.any([signal, limit]));
    if (!limit.aborted || text !== '') return { text, durationMs: Math.round(performance.now() - startedAt) };
  } catch (thrown) {
    if (!limit.aborted || signal.aborted) throw thrown;
  } finally {
    await backend.close();
  }
  const seconds = String(Math.round(timeoutMs / 1000));
  throw new AppError(
    'backend-unreachable',
    `The model said nothing within ${seconds} seconds. It may still load: try again in a while.`,
  );
}

async function firstWord(backend: Backend, signal: AbortSignal): Promise<string> {
  const request = { ...questionFor(backend), parameters: { max_new_tokens: maxTokens }, signal };
  let text = '';
  for await (const event of backend.generate(request)) {
    if (event.type === 'delta') text += event.text;
    if (text.trim() !== '') break;
  }
  return text.trim().slice(0, maxTextLength);
}

function questionFor({ accepts }: Backend): GenerateInput {
  if (accepts.includes('messages'))
    return { kind: 'messages', messages: [{ role: 'user', content: 'Say hello.' }] };
  if (accepts.includes('prompt')) return { kind: 'prompt', prompt: 'Hello' };
  return { kind: 'text2text', text: 'Hello' };
}
