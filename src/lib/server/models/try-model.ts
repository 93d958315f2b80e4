import { AppError, type ErrorCode } from '../../domain/errors';
import type { Message } from '../../domain/message';
import { unlessAborted } from '../../domain/unless-aborted';
import type { Model } from './model';

/** How a model answered one short question. */
export type Trial = { ms: number } & ({ text: string } | { reason: string; remedy: string });

const question: Message = {
  id: 'question',
  conversationId: 'trial',
  parentId: null,
  role: 'user',
  parts: [{ type: 'text', text: 'Say hello.' }],
  origin: 'user',
  status: 'complete',
  createdAt: new Date(0),
};

/** Asks a model for one token, by the way that every answer goes: files, template, backend. Does not throw for known faults. */
export async function tryModel(model: Model, limitMs: number): Promise<Trial> {
  const begin = performance.now();
  const signal = AbortSignal.timeout(limitMs);
  const release = model.hold();
  try {
    const text = await unlessAborted(askForOne(model, signal), signal);
    return { text, ms: performance.now() - begin };
  } catch (thrown) {
    const ms = performance.now() - begin;
    if (signal.aborted) {
      const reason = `It did not answer within ${String(limitMs / 1000)} s.`;
      return { ms, reason, remedy: 'Look whether the server is busy, or give it longer.' };
    }
    if (!(thrown instanceof AppError)) throw thrown;
    return { ms, reason: thrown.message, remedy: remedyFor(thrown) };
  } finally {
    release();
  }
}

async function askForOne(model: Model, signal: AbortSignal): Promise<string> {
  await model.makeReady(() => undefined);
  const prepared = await model.prepare({ path: [question], settings: {}, prefix: '' });
  const parameters = { ...prepared.parameters, max_new_tokens: 1 };
  let text = '';
  let isFinished = false;
  for await (const event of model.backend.generate({ ...prepared.input, parameters, signal })) {
    if (event.type === 'delta') text += event.text;
    if (event.type === 'finish') isFinished = true;
  }
  signal.throwIfAborted();
  if (!isFinished) throw new AppError('backend-protocol', 'Its answer had no end.');
  return text;
}

const remedies: Partial<Record<ErrorCode, string>> = {
  'backend-unreachable': 'Look whether the server runs, and whether its address is right.',
  'backend-rejected': 'Look whether the key and the name of the model are right.',
  'backend-protocol': 'Look whether the type of the backend is the one that this server speaks.',
  'rate-limited': 'Try again later.',
  'context-too-long': 'Set contextLength to what the model reads.',
  'config-invalid': 'Mend it, and run parlance models check.',
};

function remedyFor({ code, details }: AppError): string {
  return String(details?.remedy ?? remedies[code] ?? '');
}
