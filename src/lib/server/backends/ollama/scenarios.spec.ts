import { describe, expect, it } from 'vitest';
import type { GenerationParameters } from '../../../domain/parameters';
import { ollamaTokens } from '../__fixtures__/fake-ollama';
import { useOllama } from '../__fixtures__/use-ollama';
import { imageMark, type GenerateInput } from '../backend';

const text = ollamaTokens.join('');
const messages = [{ role: 'user' as const, content: 'Tell me of rivers.' }];
const usage = { promptTokens: 9, completionTokens: ollamaTokens.length };

describe('Ollama', () => {
  it('N1: lines of JSON', () =>
    useOllama({}, async ({ ask, sent, server }) => {
      expect(await ask()).toMatchObject({ text, finish: 'stop', warnings: [], usage });
      expect(sent()).toEqual([{ path: '/api/chat', body: { messages, options: { num_ctx: 8192 } } }]);
      expect(server.requests[1]?.body).toMatchObject({
        model: 'small',
        stream: true,
        truncate: false,
        shift: false,
      });
    }));

  it('N2: a line with an error in the middle', () =>
    useOllama(
      { after: { tokens: 3, piece: '{"error":"an error was encountered while running the model: CUDA"}\n' } },
      async ({ ask }) => {
        await expect(ask()).rejects.toMatchObject({ code: 'backend-rejected', retryable: true });
        await expect(ask()).rejects.not.toThrow(/CUDA/u);
      },
    ));

  it('N3: a model that is not there, and how to get it', () =>
    useOllama(
      {},
      async ({ ask, backend }) => {
        expect(await backend.warmUp()).toEqual({
          state: 'unavailable',
          reason: 'Ollama does not have the model large:70b.',
          remedy: 'Get it with: ollama pull large:70b',
        });
        await expect(ask()).rejects.toMatchObject({
          code: 'model-unavailable',
          message: expect.stringContaining('ollama pull large:70b') as string,
          retryable: false,
        });
      },
      { model: 'large:70b' },
    ));

  it('N4: done for "length"', () =>
    useOllama({}, async ({ ask }) => {
      expect(await ask({ max_new_tokens: 2 })).toMatchObject({ text: 'Slow rivers', finish: 'length' });
    }));

  it.each(['load', 'unload'])(
    'N4: done for "%s", with nothing said and with something',
    async (doneReason) => {
      await useOllama({ tokens: [], doneReason }, async ({ ask, backend }) => {
        await expect(ask()).rejects.toMatchObject({ code: 'model-unavailable', retryable: true });
        expect(backend.state()).toEqual({ state: 'ready' });
      });
      await useOllama({ doneReason }, async ({ ask }) => {
        expect(await ask()).toMatchObject({ text, finish: 'stop' });
      });
    },
  );

  it('N5: thoughts come apart from the answer', () =>
    useOllama(
      { capabilities: ['completion', 'thinking'], thinking: ['Let me', ' think.'], tokens: ['Yes', '.'] },
      async ({ ask }) => {
        const { events } = await ask();
        const deltas = events.flatMap((event) =>
          event.type === 'delta' ? `${event.kind}: ${event.text}` : [],
        );
        expect(deltas).toEqual(['reasoning: Let me', 'reasoning:  think.', 'text: Yes', 'text: .']);
      },
    ));

  it('N5: thoughts that are left in the text come apart, where they are not asked for as text', () =>
    useOllama({ tokens: ['<th', 'ink>Hm', '.</think>', '\n\n', 'Yes'] }, async ({ ask }) => {
      const told = async (input?: GenerateInput) =>
        (await ask({}, input)).events.flatMap((event) =>
          event.type === 'delta' ? `${event.kind}: ${event.text}` : [],
        );
      expect(await told()).toEqual(['reasoning: Hm', 'reasoning: .', 'text: Yes']);
      const raw = await told({ kind: 'prompt', prompt: 'Go on' });
      expect(raw).toEqual(['text: <th', 'text: ink>Hm', 'text: .</think>', 'text: \n\n', 'text: Yes']);
    }));

  it('N5: calls of tools come whole', () =>
    useOllama(
      { toolCalls: [{ name: 'weather', arguments: { place: 'Oslo' } }], tokens: [] },
      async ({ ask }) => {
        const { events, finish } = await ask();
        expect(events.filter(({ type }) => type === 'tool-call')).toEqual([
          {
            type: 'tool-call',
            choice: 0,
            id: expect.stringMatching(/^call_/u) as string,
            name: 'weather',
            arguments: '{"place":"Oslo"}',
          },
        ]);
        expect(finish).toBe('stop');
      },
    ));

  it('N6: lines that are split anywhere, also within a character', () =>
    useOllama({ isBytewise: true, tokens: ['é', ' 🙂', ' "quoted"\n', 'end'] }, async ({ ask }) => {
      expect(await ask()).toMatchObject({ text: 'é 🙂 "quoted"\nend', usage: { completionTokens: 4 } });
    }));

  it.each([
    ['ends early', ''],
    ['ends within a line', '{"model":"small","mess'],
    ['says something else', '<html></html>\n'],
    ['sends other JSON', '{"status":"pulling"}\n'],
  ])('that %s speaks nonsense', (_, piece) =>
    useOllama({ after: { tokens: 2, piece } }, async ({ ask }) => {
      await expect(ask()).rejects.toMatchObject({ code: 'backend-protocol' });
    }),
  );

  it('whose connection breaks is not reached', () =>
    useOllama({ after: { tokens: 2, piece: 'cut' } }, async ({ ask, backend }) => {
      await expect(ask()).rejects.toMatchObject({ code: 'backend-unreachable' });
      expect(backend.state().state).toBe('unavailable');
      expect(await backend.warmUp()).toEqual({ state: 'ready' });
    }));

  it('hears of an abort at once', () =>
    useOllama({ after: { tokens: 3, piece: 'hold' } }, async ({ backend, server }) => {
      const controller = new AbortController();
      const seen: string[] = [];
      const request = { kind: 'messages', messages, parameters: {}, signal: controller.signal } as const;
      for await (const event of backend.generate(request)) {
        seen.push(event.type);
        if (seen.length === 3) setImmediate(() => controller.abort());
      }
      await server.requests[1]?.ended;
      expect(seen).toEqual(['delta', 'delta', 'delta']);
      expect(server.requests[1]?.wasLeft).toBe(true);
    }));

  it('whose key is wrong says so', () =>
    useOllama({ apiKey: 'right' }, async ({ ask, backend }) => {
      expect(await backend.warmUp()).toMatchObject({
        state: 'unavailable',
        remedy: expect.stringContaining('apiKey') as string,
      });
      await expect(ask()).rejects.toMatchObject({
        code: 'backend-rejected',
        message: expect.stringContaining('key') as string,
      });
    }));

  it('does not cut a conversation that is too long without a word', () =>
    useOllama({ promptTokens: 9000 }, async ({ ask }) => {
      await expect(ask()).rejects.toMatchObject({
        code: 'context-too-long',
        details: { tokens: 9000, limit: 8192 },
      });
    }));
});

describe('what Ollama is asked for', () => {
  it.each<[GenerationParameters, object]>([
    [{ max_new_tokens: 100 }, { options: { num_ctx: 8192, num_predict: 100 } }],
    [
      { temperature: 0.5, top_k: 0, top_p: 0.9, min_p: 0.1, seed: 3 },
      { options: { num_ctx: 8192, temperature: 0.5, top_k: 0, top_p: 0.9, min_p: 0.1, seed: 3 } },
    ],
    [
      { repetition_penalty: 1.2, presence_penalty: 1, frequency_penalty: -1 },
      { options: { num_ctx: 8192, repeat_penalty: 1.2, presence_penalty: 1, frequency_penalty: -1 } },
    ],
    [{ stop: ['winter'] }, { options: { num_ctx: 8192, stop: ['winter'] } }],
    [{ stop: [] }, { options: { num_ctx: 8192 } }],
    [{ grammar: { type: 'json', value: true } }, { options: { num_ctx: 8192 }, format: 'json' }],
    [
      { grammar: { type: 'json', value: { type: 'array' } } },
      { options: { num_ctx: 8192 }, format: { type: 'array' } },
    ],
  ])('%j', (parameters, expected) =>
    useOllama({}, async ({ ask, sent }) => {
      expect((await ask(parameters)).warnings).toEqual([]);
      expect(sent()[0]?.body).toEqual({ messages, ...expected });
    }),
  );

  it.each<GenerationParameters>([
    { grammar: { type: 'regex', value: 'a' } },
    { grammar: { type: 'choice', value: ['a'] } },
  ])('leaves %j out, and says so', (parameters) =>
    useOllama({}, async ({ ask, sent }) => {
      expect((await ask(parameters)).warnings).toEqual(['parameter-changed']);
      expect(sent()[0]?.body).not.toHaveProperty('format');
    }),
  );

  it.each([
    ['llama', 'none', false],
    ['llama', 'high', true],
    ['gptoss', 'minimal', 'low'],
    ['gptoss', 'high', 'high'],
  ])('thinking of %s with effort %s is %s', (family, reasoning_effort, think) =>
    useOllama({ family, capabilities: ['completion', 'thinking'] }, async ({ ask, backend, sent }) => {
      await backend.warmUp();
      expect((await ask({ reasoning_effort })).warnings).toEqual([]);
      expect(sent()[0]?.body).toMatchObject({ think });
    }),
  );

  it('a model that does not think is not asked to', () =>
    useOllama({}, async ({ ask, backend, sent }) => {
      await backend.warmUp();
      expect((await ask({ reasoning_effort: 'high' })).warnings).toEqual(['unknown-parameter']);
      expect(sent()[0]?.body).not.toHaveProperty('think');
    }));

  it('goes on with a plain text as it stands', () =>
    useOllama({}, async ({ ask, sent }) => {
      expect((await ask({}, { kind: 'prompt', prompt: 'Rivers' })).text).toBe(text);
      expect(sent()).toEqual([
        { path: '/api/generate', body: { prompt: 'Rivers', raw: true, options: { num_ctx: 8192 } } },
      ]);
    }));

  it('fills in the middle', () =>
    useOllama({ capabilities: ['completion', 'insert'] }, async ({ ask, backend, sent }) => {
      await backend.warmUp();
      expect(backend.facts?.().capabilities?.fillInTheMiddle).toBe(true);
      expect((await ask({}, { kind: 'prompt', prompt: 'def f(', suffix: 'return' })).text).toBe(text);
      expect(sent()[0]?.body).toEqual({ prompt: 'def f(', suffix: 'return', options: { num_ctx: 8192 } });
    }));

  it('keeps the model in memory for as long as the operator wants', () =>
    useOllama(
      {},
      async ({ ask, sent }) => {
        await ask();
        expect(sent()[0]?.body).toMatchObject({ keep_alive: '10m', options: { num_ctx: 2000 } });
      },
      { keepAlive: '10m', numCtx: 2000 },
    ));

  it.each([
    [['completion', 'vision'], [{ role: 'user', content: 'What is this?', images: ['AQID'] }], []],
    [['completion'], [{ role: 'user', content: 'What is this?' }], ['parameter-changed']],
  ])('images of messages, for a model with %j', (capabilities, expected, warnings) =>
    useOllama({ capabilities }, async ({ ask, backend, sent }) => {
      await backend.warmUp();
      const images = [{ fileId: 'f', mime: 'image/png' }];
      const input = {
        kind: 'messages' as const,
        messages: [{ role: 'user' as const, content: 'What is this?', images }],
        readFile: () => Promise.resolve(Uint8Array.of(1, 2, 3)),
      };
      expect((await ask({}, input)).warnings).toEqual(warnings);
      expect(sent()[0]?.body.messages).toEqual(expected);
    }),
  );

  it('images of a prompt', () =>
    useOllama({ capabilities: ['completion', 'vision'] }, async ({ ask, sent }) => {
      const images = ['one', 'two'].map((fileId) => ({ fileId, mime: 'image/png' }));
      const prompt = `a${imageMark}b${imageMark}c [img-9]${imageMark}`;
      const readFile = (id: string) => Promise.resolve(Buffer.from(id));
      await ask({}, { kind: 'prompt', prompt, images, readFile });
      expect(sent()[0]?.body).toMatchObject({
        prompt: 'a[img-0]b[img-1]c [img -9]',
        images: ['b25l', 'dHdv'],
      });
    }));

  it.each<GenerateInput>([
    { kind: 'prompt', prompt: '' },
    { kind: 'messages', messages: [] },
    { kind: 'text2text', text: 'a' },
  ])('nothing by %j: that would only load the model, or is not known', (input) =>
    useOllama({}, async ({ ask, sent }) => {
      await expect(ask({}, input)).rejects.toMatchObject({ code: 'invalid-input' });
      expect(sent()).toEqual([]);
    }),
  );
});
