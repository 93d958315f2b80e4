import { describe, expect, it } from 'vitest';
import { useOllama } from '../__fixtures__/use-ollama';
import { baseAddress, ollamaConfigSchema } from './config';
import { contextOf, factsOf } from './show';
import { showSchema } from './wire';

const config = { type: 'ollama', url: 'http://h', model: 'm' } as const;
const show = (parameters: string, length?: number) =>
  showSchema.parse({
    parameters,
    model_info: length === undefined ? null : { 'llama.context_length': length },
  });

describe('the context', () => {
  it.each([
    ['of the configuration', { ...config, numCtx: 500 }, show('num_ctx 4096', 131_072), 500],
    [
      "of the model's own file",
      config,
      show('stop "x"\nnum_ctx                        4096\n', 131_072),
      4096,
    ],
    ['that is usual', config, show('', 131_072), 8192],
    ['of a small model', config, show('', 2048), 2048],
    ['of a server that says nothing', config, undefined, 8192],
  ])('%s', (_, config, show, expected) => {
    expect(contextOf(config, show)).toBe(expected);
  });

  it('is that of what a server said', () =>
    useOllama({ contextLength: 4096, parameters: 'num_ctx 3000' }, async ({ ask, backend, sent }) => {
      expect(backend.facts?.()).not.toHaveProperty('contextLength');
      await ask();
      expect(backend.facts?.().contextLength).toBe(3000);
      expect(sent()[0]?.body.options).toEqual({ num_ctx: 3000 });
    }));
});

describe('the facts of a model', () => {
  it('are what it can do', () =>
    useOllama({ capabilities: ['completion', 'tools', 'vision', 'thinking'] }, async ({ backend }) => {
      await backend.warmUp();
      expect(backend.facts?.()).toMatchObject({
        capabilities: { completion: true, tools: true, reasoning: true, images: { maxCount: 8 } },
        description: 'small (8.0B, Q4_0), by Ollama.',
      });
      expect(backend.facts?.()).toBe(backend.facts?.());
    }));

  it('are few where an old version says little', () => {
    expect(factsOf(config, showSchema.parse({}))).toEqual({
      contextLength: 8192,
      capabilities: { completion: true },
      description: 'm, by Ollama.',
    });
  });
});

describe('the configuration', () => {
  it.each([
    ['http://h:11434', 'http://h:11434'],
    ['http://h:11434/', 'http://h:11434'],
    ['http://h:11434/api', 'http://h:11434'],
    ['http://h:11434/api/chat', 'http://h:11434'],
    ['http://h:11434/v1/', 'http://h:11434'],
    ['https://h/ollama/', 'https://h/ollama'],
  ])('finds the base of %s', (url, base) => {
    expect(baseAddress(url)).toBe(base);
  });

  it.each<[unknown, boolean]>([
    ['10m', true],
    ['-1', true],
    [0, true],
    [-1, true],
    ['for ever', false],
    [1.5, false],
  ])('a keepAlive of %j is right: %s', (keepAlive, isRight) => {
    expect(ollamaConfigSchema.safeParse({ ...config, keepAlive }).success).toBe(isRight);
  });
});
