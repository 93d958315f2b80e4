import { describe, expect, it } from 'vitest';
import type { FakeTgiOptions } from '../__fixtures__/fake-tgi';
import { usualAnswer } from '../__fixtures__/fake-tgi-answers';
import { useTgi } from '../__fixtures__/use-tgi';

const text = usualAnswer.map(({ text }) => text).join('');
const greedy = { temperature: 0 };
const failing = (
  afterTokens: number,
  error = 'Model is overloaded',
  type = 'overloaded',
): FakeTgiOptions => ({
  answer: { fault: { afterTokens, error, type } },
});

function closedGate(): { opened: Promise<void>; open: () => void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open: () => open() };
}

describe('Text Generation Inference', () => {
  it.each([
    ['T1: /generate_stream of new versions', 'new'],
    ['T2: /generate_stream of old versions, without a space', 'old'],
  ] as const)('%s', (_, dialect) =>
    useTgi({ dialect }, async ({ ask, server }) => {
      expect(await ask(greedy)).toMatchObject({
        text,
        finish: 'stop',
        warnings: [],
        usage: { promptTokens: 6, completionTokens: usualAnswer.length + 1 },
      });
      const sent = { do_sample: false, details: true, return_full_text: false };
      expect(server.requests).toMatchObject([{ path: '/generate_stream', inputs: 'Tell me of the fox.' }]);
      expect(server.requests[0]?.parameters).toEqual(sent);
    }),
  );

  it('T3: POST /, streamed and whole, where a gateway lets nothing else through', () =>
    useTgi({ onlyRoot: true }, async ({ ask, server, backend }) => {
      expect(await backend.warmUp()).toEqual({ state: 'ready' });
      expect((await ask(greedy)).text).toBe(text);
      expect(await ask({ best_of: 2 })).toMatchObject({ text, usage: { promptTokens: 6 } });
      expect(server.requests.map(({ path }) => path)).toEqual(['/', '/']);
    }));

  it('T4: the last event has "length", or a stop sequence that is cut', () =>
    useTgi({}, async ({ ask, server }) => {
      expect(await ask({ max_new_tokens: 4 })).toMatchObject({
        text: 'The quick brown fox',
        finish: 'length',
      });
      expect(await ask({ stop: [' brown fox'] })).toMatchObject({ text: 'The quick', finish: 'stop' });
      // The server sees the second only at the end of a token, and would go on.
      expect(await ask({ stop: ['bro'] })).toMatchObject({ text: 'The quick ', finish: 'stop' });
      expect(server.requests.map(({ parameters }) => parameters.stop)).toEqual([
        undefined,
        [' brown fox'],
        ['bro'],
      ]);
    }));

  it('T5: special tokens are never shown, neither as text nor with their probabilities', () =>
    useTgi(
      { answer: { tokens: [{ text: 'a' }, { text: '<|tool|>', special: true }, { text: ' b' }] } },
      async ({ ask }) => {
        const { text, events } = await ask({ top_logprobs: 2 });
        expect(text).toBe('a b');
        const tokens = events.flatMap((event) => (event.type === 'delta' ? (event.tokens ?? []) : []));
        expect(tokens.map(({ text }) => text)).toEqual(['a', ' b']);
        expect(tokens[0]?.top).toEqual([
          { text: 'a', logprob: -0.25 },
          { text: ' other1', logprob: -1.25 },
        ]);
      },
    ));

  it.each([1, 2, 3, 5])('T6: empty tokens and then a character, in reads of %i bytes', (bytesPerWrite) => {
    const tokens = [
      { text: 'Hi ' },
      { text: '' },
      { text: '' },
      { text: '' },
      { text: '🙂' },
      { text: ' é' },
    ];
    return useTgi({ answer: { bytesPerWrite, tokens } }, async ({ ask }) => {
      expect((await ask(greedy)).text).toBe('Hi 🙂 é');
    });
  });

  it('T7: the first event is an error, with status 200', () =>
    useTgi(failing(0), async ({ ask }) => {
      await expect(ask()).rejects.toMatchObject({ code: 'rate-limited', retryable: true });
    }));

  it('T8: an error after three tokens', () =>
    useTgi(failing(3, 'Request failed during generation: CUDA', 'generation'), async ({ ask, backend }) => {
      let seen = '';
      const read = async () => {
        const signal = new AbortController().signal;
        for await (const event of backend.generate({ kind: 'prompt', prompt: 'a', parameters: {}, signal }))
          if (event.type === 'delta') seen += event.text;
      };
      await expect(read()).rejects.toMatchObject({ code: 'backend-rejected', retryable: true });
      expect(seen).toBe('The quick brown');
      await expect(ask()).rejects.not.toThrow(/CUDA/u);
    }));

  it.each([
    [422, 'Input validation error: tokenizer error', 'validation', 'backend-rejected', false],
    [424, 'Request failed during generation: CUDA', 'generation', 'backend-rejected', true],
    [429, 'Model is overloaded', 'overloaded', 'rate-limited', true],
  ])('T9: status %i of an answer that comes whole', (status, error, type, code, retryable) =>
    useTgi(failing(0, error, type), async ({ ask }) => {
      await expect(ask({ best_of: 2 })).rejects.toMatchObject({ code, retryable, details: { status } });
    }),
  );

  it('T10: the plain text of the JSON layer', () =>
    useTgi({}, async ({ ask, server }) => {
      const wrong = { temperature: '0.5' as unknown as number };
      await expect(ask(wrong)).rejects.toMatchObject({ code: 'backend-rejected', details: { status: 422 } });
      expect(server.requests).toEqual([]);
    }));

  it('T10: a request that is too large', () =>
    useTgi({ payloadLimit: 200 }, async ({ ask }) => {
      const prompt = 'word '.repeat(100);
      await expect(ask({}, { kind: 'prompt', prompt })).rejects.toMatchObject({
        code: 'backend-rejected',
        message: expect.stringContaining('larger') as string,
      });
    }));

  it('T11: /health and /info are open to all, and prove no key', () =>
    useTgi({ apiKey: 'right' }, async ({ ask, backend, server }) => {
      expect((await fetch(`${server.url}/health`)).status).toBe(200);
      await expect(ask()).rejects.toMatchObject({
        code: 'backend-rejected',
        message: expect.stringContaining('key') as string,
      });
      expect(await backend.warmUp()).toMatchObject({
        state: 'unavailable',
        remedy: expect.stringContaining('apiKey') as string,
      });
      expect(backend.facts?.().contextLength).toBe(4096);
    }));

  it('T11: the right key', () =>
    useTgi(
      { apiKey: 'right' },
      async ({ ask, backend }) => {
        expect(await backend.warmUp()).toEqual({ state: 'ready' });
        expect((await ask(greedy)).text).toBe(text);
      },
      { apiKey: 'right' },
    ));

  it.each(['old', 'new'] as const)('T12: /info of %s versions', (dialect) =>
    useTgi(
      { dialect, limits: { maxInputTokens: 900, maxTotalTokens: 1000 } },
      async ({ ask, backend, server }) => {
        const before = backend.facts?.();
        expect(before).toEqual({ capabilities: { completion: true } });
        await backend.warmUp();
        expect(backend.facts?.()).toMatchObject({
          contextLength: 1000,
          description: expect.stringContaining('org/small') as string,
        });
        expect(backend.facts?.()).toBe(backend.facts?.());
        expect((await ask({ ...greedy, max_new_tokens: 50, truncate: 5000 })).warnings).toEqual([
          'parameter-changed',
        ]);
        expect(server.requests[0]?.parameters.truncate).toBe(900);
      },
    ),
  );

  it('T13: comments that keep a stream alive', () =>
    useTgi({ answer: { keepsAlive: true } }, async ({ ask }) => {
      expect((await ask(greedy)).text).toBe(text);
    }));

  it.each([
    ['end', 'backend-protocol'],
    ['destroy', 'backend-unreachable'],
  ] as const)('T14: the connection ends in the middle of an event (%s)', (how, code) =>
    useTgi({ answer: { breaks: { afterTokens: 3, how } } }, async ({ ask }) => {
      await expect(ask()).rejects.toMatchObject({ code });
    }),
  );

  it('T15: an abort reaches the server before it writes another token', () => {
    const gate = closedGate();
    const beforeToken = (index: number) => (index === 3 ? gate.opened : undefined);
    return useTgi({ answer: { beforeToken } }, async ({ backend, server }) => {
      const controller = new AbortController();
      const seen: string[] = [];
      const request = { kind: 'prompt', prompt: 'a', parameters: {}, signal: controller.signal } as const;
      for await (const event of backend.generate(request)) {
        seen.push(event.type);
        if (seen.length === 3) setImmediate(() => controller.abort());
      }
      expect(seen).toEqual(['delta', 'delta', 'delta']);
      // The fourth token is not written before this resolves: the server knows without having to write.
      expect(await server.requests[0]?.gone).toBe(3);
      gate.open();
    });
  });

  it('T15: a reader that leaves reaches the server as well', () => {
    const gate = closedGate();
    const beforeToken = (index: number) => (index === 1 ? gate.opened : undefined);
    return useTgi({ answer: { beforeToken } }, async ({ backend, server }) => {
      const signal = new AbortController().signal;
      for await (const event of backend.generate({ kind: 'prompt', prompt: 'a', parameters: {}, signal }))
        if (event.type === 'delta') break;
      expect(await server.requests[0]?.gone).toBe(1);
      gate.open();
    });
  });

  it('T15: so does one that leaves at a warning', () => {
    const gate = closedGate();
    const beforeToken = (index: number) => (index === 1 ? gate.opened : undefined);
    return useTgi({ answer: { beforeToken } }, async ({ backend, server }) => {
      const parameters = { top_logprobs: 9 };
      const signal = new AbortController().signal;
      for await (const event of backend.generate({ kind: 'prompt', prompt: 'a', parameters, signal })) {
        expect(event).toMatchObject({ type: 'warning', code: 'parameter-changed' });
        break;
      }
      expect(await server.requests[0]?.gone).toBe(1);
      gate.open();
    });
  });

  it('T16: a top_p of 1 and a temperature of 0 are put as the server wants them', () =>
    useTgi({}, async ({ ask, server }) => {
      const raw = (parameters: object) =>
        fetch(`${server.url}/generate`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ inputs: 'a', parameters }),
        });
      for (const refused of [{ top_p: 1 }, { temperature: 0 }]) expect((await raw(refused)).status).toBe(422);
      expect((await ask({ top_p: 1, temperature: 0 })).text).toBe(text);
      expect((await ask({ top_p: 1, temperature: 1 })).text).toBe(text);
    }));

  it('T17: of five stop sequences the server gets four, and all are seen to', () =>
    useTgi({}, async ({ ask, server }) => {
      const stop = ['1', '2', '3', '4', ' fox'];
      expect(await ask({ stop })).toMatchObject({
        text: 'The quick brown',
        finish: 'stop',
        usage: { promptTokens: 6 },
      });
      expect(server.requests[0]?.parameters.stop).toEqual(['1', '2', '3', '4']);
    }));
});
