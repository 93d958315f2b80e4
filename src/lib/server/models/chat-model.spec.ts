import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Message } from '../../domain/message';
import type { Backend, BackendFacts, BackendState } from '../backends/backend';
import { createBackend } from '../backends/index';
import { ChatModel } from './chat-model';
import type { ModelConfig } from './model-config';
import { ModelWatch } from './model-watch';

const down: BackendState = { state: 'unavailable', reason: 'Nobody answers.', remedy: 'Start the server.' };
const question: Message = {
  id: 'm',
  conversationId: 'c',
  parentId: null,
  role: 'user',
  parts: [{ type: 'text', text: 'Hi' }],
  origin: 'user',
  status: 'complete',
  createdAt: new Date(0),
};

/** A server whose state and facts the test sets. */
function remote(config: Partial<ModelConfig> = {}) {
  const base = createBackend({ type: 'scripted', replies: [{ text: 'Yes.' }] });
  const server = {
    state: { state: 'ready' } as BackendState,
    facts: undefined as BackendFacts | undefined,
    asked: 0,
  };
  const known = { state: { state: 'loading' } as BackendState };
  const backend: Backend = Object.assign(base, {
    state: () => known.state,
    facts: () => server.facts ?? empty,
    warmUp: () => {
      server.asked += 1;
      known.state = server.state;
      return Promise.resolve(known.state);
    },
  });
  const whole: ModelConfig = { id: 'remote', origin: 'listed', ...config };
  return { server, known, model: new ChatModel(whole, backend) };
}
const empty: BackendFacts = {};

describe('what a server says', () => {
  it('lies under what the entry says, and is taken over again when it changes', async () => {
    const { server, model } = remote({ capabilities: { tools: false } });
    await model.warmUp();
    expect(model.summary()).toMatchObject({ contextLength: 8192, description: '' });
    server.facts = {
      contextLength: 2000,
      description: 'Llama.',
      capabilities: { tools: true, reasoning: true },
    };
    await model.warmUp();
    expect(model.summary()).toMatchObject({
      contextLength: 2000,
      description: 'Llama.',
      capabilities: { tools: false, reasoning: true, completion: true },
    });
    server.facts = { contextLength: 300 };
    const measured = await model.measure({ path: [question], settings: {} });
    expect(measured.contextLength).toBe(300);
    const { model: own } = remote({ contextLength: 500 });
    await own.warmUp();
    expect(own.summary().contextLength).toBe(500);
  });
});

it('knows less of a model by the list of its server than by its driver', async () => {
  const { server, model } = remote({
    origin: 'discovered',
    contextLength: 9000,
    capabilities: { tools: false },
  });
  await model.readFiles();
  expect(model.summary().contextLength).toBe(9000);
  server.facts = { contextLength: 4000, capabilities: { tools: true } };
  await model.warmUp();
  expect(model.summary()).toMatchObject({ contextLength: 4000, capabilities: { tools: true } });
});

describe('limits of parameters', () => {
  it('hold for a run, whatever people set', async () => {
    const { model } = remote({
      parameters: { temperature: 0.3 },
      parameterLimits: { temperature: { isFixed: true }, max_new_tokens: { max: 50 } },
    });
    const settings = { conversation: { parameters: { temperature: 2, max_new_tokens: 900, top_k: 9 } } };
    const { parameters } = await model.prepare({ path: [question], settings, prefix: '' });
    expect(parameters).toEqual({ temperature: 0.3, max_new_tokens: 50, top_k: 9 });
    expect((await model.measure({ path: [question], settings })).answerTokens).toBe(50);
  });
});

describe('a server that is down', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is told with reason and remedy, is asked less and less often, and recovers by itself', async () => {
    const { server, model } = remote();
    server.state = down;
    await model.warmUp();
    await expect(model.ensureAvailable()).rejects.toMatchObject({
      code: 'model-unavailable',
      message: 'Nobody answers. Start the server.',
    });
    const onChange = vi.fn(() => watch.remember());
    const watch: ModelWatch = new ModelWatch(() => [model], onChange);
    watch.remember();
    watch.start();
    const before = server.asked;
    await vi.advanceTimersByTimeAsync(60_000);
    // After about 5, 10, 20 and 40 seconds more each.
    expect(server.asked - before).toBeGreaterThanOrEqual(2);
    expect(server.asked - before).toBeLessThanOrEqual(4);
    expect(onChange).not.toHaveBeenCalled();
    server.state = { state: 'ready' };
    await vi.advanceTimersByTimeAsync(64_000);
    expect(model.summary().availability).toEqual({ state: 'ready' });
    expect(onChange).toHaveBeenCalledTimes(1);
    watch.stop();
  });

  it('is noticed when a run finds it so', async () => {
    const { known, model } = remote();
    await model.warmUp();
    const onChange = vi.fn(() => watch.remember());
    const watch: ModelWatch = new ModelWatch(() => [model], onChange);
    watch.remember();
    watch.start();
    known.state = down;
    await vi.advanceTimersByTimeAsync(2500);
    expect(onChange).toHaveBeenCalledTimes(1);
    watch.stop();
  });

  it('is left to the watch of its server where it has one', async () => {
    const { server, model } = remote({ origin: 'discovered' });
    await model.readFiles();
    // The server has just offered it.
    expect(model.summary().availability).toEqual({ state: 'ready' });
    model.serverFault = { reason: 'Gone.', remedy: 'Wait.' };
    expect(model.summary().availability).toEqual({ state: 'unavailable', reason: 'Gone.', remedy: 'Wait.' });
    // Whoever asks for it may be the first to find it there again.
    await model.ensureAvailable();
    expect(server.asked).toBe(1);
  });
});
