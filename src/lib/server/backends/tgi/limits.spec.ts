import { describe, expect, it } from 'vitest';
import { imageMark, type GenerateRequest } from '../backend';
import { usualAnswer } from '../__fixtures__/fake-tgi-answers';
import { useTgi } from '../__fixtures__/use-tgi';
import { collect } from '../conformance';

const text = usualAnswer.map(({ text }) => text).join('');

describe('limits of a server that nobody knew', () => {
  it('are learnt from its refusals, and kept', () =>
    useTgi({ limits: { maxStopSequences: 2, maxTopTokens: 1 } }, async ({ ask, server }) => {
      const parameters = { stop: ['1', '2', '3'], top_logprobs: 2 };
      expect(await ask(parameters)).toMatchObject({ text, warnings: ['parameter-changed'] });
      expect(server.requests).toHaveLength(3);
      expect(await ask(parameters)).toMatchObject({ text, warnings: ['parameter-changed'] });
      expect(server.requests).toHaveLength(4);
    }));

  it('shorten an answer for which there is less room than was counted', () =>
    useTgi({ limits: { maxTotalTokens: 20, maxInputTokens: 19 } }, async ({ ask, server }) => {
      expect(await ask({ max_new_tokens: 18 })).toMatchObject({
        finish: 'length',
        usage: { completionTokens: 14 },
      });
      expect(await ask({ max_new_tokens: 5 })).toMatchObject({ usage: { completionTokens: 5 } });
      expect(server.requests.map(({ parameters }) => parameters.max_new_tokens)).toEqual([18, 14, 5]);
    }));

  it('of old versions are used up by an answer that nobody limits', () =>
    useTgi(
      { dialect: 'old', limits: { maxTotalTokens: 20, maxInputTokens: 19 } },
      async ({ ask, backend, server }) => {
        await backend.warmUp();
        expect(await ask()).toMatchObject({ finish: 'length', usage: { completionTokens: 14 } });
        expect(server.requests.map(({ parameters }) => parameters.max_new_tokens)).toEqual([19, 14]);
      },
    ));

  it('are said with figures where the prompt alone is too long', () =>
    useTgi({ limits: { maxTotalTokens: 20, maxInputTokens: 10 } }, async ({ ask }) => {
      const prompt = 'one '.repeat(12).trim();
      await expect(ask({ max_new_tokens: 2 }, { kind: 'prompt', prompt })).rejects.toMatchObject({
        code: 'context-too-long',
        details: { tokens: 13, limit: 10 },
      });
    }));

  it('say which parameters there are', () =>
    useTgi({ limits: { maxBestOf: 1 } }, async ({ ask, backend }) => {
      expect(backend.supportedParameters).toContain('best_of');
      await backend.warmUp();
      expect(backend.supportedParameters).not.toContain('best_of');
      expect((await ask({ best_of: 2 })).warnings).toEqual(['unknown-parameter']);
    }));
});

describe('answers that come whole', () => {
  it.each([{ best_of: 2 }, { decoder_input_details: true }])('%o', (parameters) =>
    useTgi({}, async ({ ask, server }) => {
      const { text: said, events, usage } = await ask({ ...parameters, top_logprobs: 1, stop: ['birds'] });
      expect(said).toBe(text.slice(0, text.indexOf('birds')));
      expect(server.requests).toMatchObject([{ path: '/generate', parameters }]);
      expect(usage?.promptTokens).toBe(6);
      expect(events.find(({ type }) => type === 'delta')).toMatchObject({
        tokens: [{ top: [{ text: 'The' }] }],
      });
    }),
  );
});

it('tells how likely the prompt was, where that is asked for', () =>
  useTgi({}, async ({ ask }) => {
    const { events } = await ask({ decoder_input_details: true }, { kind: 'prompt', prompt: 'one two' });
    expect(events.filter(({ type }) => type === 'prompt-logprobs')).toEqual([
      {
        type: 'prompt-logprobs',
        choice: 0,
        tokens: [{ text: '' }, { text: 'one', logprob: -1 }, { text: ' two', logprob: -2 }],
      },
    ]);
    const plain = await ask({ top_logprobs: 1 });
    expect(plain.events.some(({ type }) => type === 'prompt-logprobs')).toBe(false);
  }));

describe('an encoder-decoder model', () => {
  it.each([
    [{ pipelineTag: 'text2text-generation' }, {}],
    [{ pipelineTag: null }, { task: 'text2text-generation' as const }],
  ])('is known by /info, or by the configuration', (options, config) =>
    useTgi(
      options,
      async ({ ask, backend, server }) => {
        await backend.warmUp();
        expect(backend.accepts).toEqual(['text2text']);
        expect(backend.facts?.().capabilities).toEqual({ text2text: { name: 'Text to text' } });
        await ask({}, { kind: 'text2text', text: 'Hello', task: 'translate English to German' });
        await ask({}, { kind: 'text2text', text: 'Hello' });
        expect(server.requests.map(({ inputs }) => inputs)).toEqual([
          'translate English to German: Hello',
          'Hello',
        ]);
        await expect(ask()).rejects.toMatchObject({ code: 'invalid-input' });
      },
      config,
    ),
  );
});

describe('prompts', () => {
  it('begin once where template and server both write the beginning', () =>
    useTgi({}, async ({ ask, server }) => {
      await ask({}, { kind: 'prompt', prompt: '<s>[INST] Hi [/INST]' });
      await ask({}, { kind: 'prompt', prompt: '<|im_start|>user Hi' });
      expect(server.requests.map(({ inputs }) => inputs)).toEqual([
        '[INST] Hi [/INST]',
        '<|im_start|>user Hi',
      ]);
    }));

  it.each([
    [true, 'see ![](data:image/png;base64,AQID) this', []],
    [false, 'see  this', ['images-left-out']],
  ])('have their images (it sees: %s)', (sees, inputs, warnings) =>
    useTgi(
      {},
      async ({ backend, server }) => {
        expect(backend.facts?.().capabilities?.images !== undefined).toBe(sees);
        const request: GenerateRequest = {
          kind: 'prompt',
          prompt: `see ${imageMark} this`,
          images: [{ fileId: 'f', mime: 'image/png' }],
          readFile: () => Promise.resolve(Uint8Array.of(1, 2, 3)),
          parameters: {},
          signal: new AbortController().signal,
        };
        const codes: string[] = [];
        for await (const event of backend.generate(request))
          if (event.type === 'warning') codes.push(event.code);
        expect(codes).toEqual(warnings);
        expect(server.requests[0]?.inputs).toBe(inputs);
      },
      { images: sees },
    ),
  );

  it('are counted by the server', () =>
    useTgi({}, async ({ backend }) => {
      expect(await backend.countTokens?.('one two three')).toBe(3);
      expect(await backend.countTokens?.('')).toBe(0);
    }));

  it('are not counted where the server has no such route, or refuses', async () => {
    await useTgi({ onlyRoot: true }, async ({ backend }) => {
      expect(await backend.countTokens?.('one')).toBeUndefined();
    });
    await useTgi({ apiKey: 'right' }, async ({ backend }) => {
      expect(await backend.countTokens?.('one')).toBeUndefined();
    });
  });

  it('are not asked for in other forms', () =>
    useTgi({}, async ({ ask }) => {
      await expect(ask({}, { kind: 'messages', messages: [] })).rejects.toMatchObject({
        code: 'invalid-input',
      });
      await expect(ask({}, { kind: 'prompt', prompt: 'a', suffix: 'b' })).rejects.toMatchObject({
        code: 'invalid-input',
      });
    }));
});

describe('messages', () => {
  const messages = [{ role: 'user' as const, content: 'Hi' }];

  it('are put into the template by a server that has one', () =>
    useTgi(
      { chats: true, apiKey: 'right' },
      async ({ ask, backend, server }) => {
        expect(backend.accepts).toEqual(['prompt']);
        const before = backend.facts?.();
        await backend.warmUp();
        expect(backend.accepts).toEqual(['messages', 'prompt']);
        // Whoever made prompts by what was known before sees that something has changed.
        expect(backend.facts?.()).not.toBe(before);
        expect((await ask({ temperature: 0 }, { kind: 'messages', messages, prefix: ' Well' })).text).toBe(
          text,
        );
        const prompt = '<|im_start|>user Hi<|im_end|><|im_start|>assistant Well';
        expect(server.requests.map(({ inputs }) => inputs)).toEqual([prompt]);
      },
      { apiKey: 'right' },
    ));

  it('have their images', () =>
    useTgi(
      { chats: true },
      async ({ backend, server }) => {
        await backend.warmUp();
        const request: GenerateRequest = {
          kind: 'messages',
          messages: [{ role: 'user', content: ' What?', images: [{ fileId: 'f', mime: 'image/png' }] }],
          readFile: () => Promise.resolve(Uint8Array.of(1, 2, 3)),
          parameters: {},
          signal: new AbortController().signal,
        };
        await collect(backend.generate(request));
        expect(server.requests[0]?.inputs).toContain('user ![](data:image/png;base64,AQID) What?');
      },
      { images: true },
    ));

  it('that the template refuses are told as that', () =>
    useTgi({ chats: true }, async ({ ask, backend }) => {
      await backend.warmUp();
      const wrong = [{ role: 'assistant' as const, content: 'Hi' }];
      await expect(ask({}, { kind: 'messages', messages: wrong })).rejects.toMatchObject({
        code: 'backend-rejected',
        message: expect.stringContaining('template') as string,
      });
    }));

  it.each([{ chats: false }, { dialect: 'old' as const }, { onlyRoot: true }])(
    'are not taken by %j',
    (options) =>
      useTgi(options, async ({ backend }) => {
        expect(await backend.warmUp()).toEqual({ state: 'ready' });
        expect(backend.accepts).toEqual(['prompt']);
      }),
  );
});

describe('a server that is not there', () => {
  it('is unavailable, with what to do, and ready once it is back', () =>
    useTgi({}, async ({ ask, backend, server }) => {
      await server.close();
      expect(await backend.warmUp()).toMatchObject({
        state: 'unavailable',
        remedy: expect.stringContaining('url') as string,
      });
      await expect(ask()).rejects.toMatchObject({ code: 'backend-unreachable' });
      await server.listen(Number(new URL(server.url).port));
      expect(await backend.warmUp()).toEqual({ state: 'ready' });
      expect((await ask({ temperature: 0 })).text).toBe(text);
    }));

  it('is found at the address of one of its routes', async () => {
    await useTgi({}, ({ server }) =>
      useTgi({}, async ({ ask }) => void expect((await ask({ temperature: 0 })).text).toBe(text), {
        url: `${server.url}/generate_stream`,
      }),
    );
  });
});
