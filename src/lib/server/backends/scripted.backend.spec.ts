import { describe, expect, it } from 'vitest';
import type { GenerationParameters } from '../../domain/parameters';
import { collect, describeBackend } from './conformance';
import { scriptedBackend, type ScriptedConfig } from './scripted.backend';

const text =
  'The quick brown fox — 狐 🦊 — jumps over the lazy dog, and then it does so again, and again, until evening.';
const config = (reply: Partial<ScriptedConfig['replies'][number]> = {}): ScriptedConfig => ({
  type: 'scripted',
  replies: [{ text, ...reply }],
});
const ask = (content: string, signal = new AbortController().signal) => ({
  kind: 'messages' as const,
  messages: [{ role: 'user' as const, content }],
  parameters: {},
  signal,
});

describeBackend('scripted', {
  create: () => scriptedBackend.create(config()),
  input: { kind: 'messages', messages: [{ role: 'user', content: 'Go on' }] },
  parameters: {},
  unknown: { typical_p: 0.5 },
});

describe('scripted backend', () => {
  it('takes the first reply whose "when" is in the last message', async () => {
    const backend = scriptedBackend.create({
      type: 'scripted',
      replies: [{ when: 'weather', text: 'Sunny.' }, { text: 'You said: {input}' }],
    });
    expect((await collect(backend.generate(ask('the weather?')))).text).toBe('Sunny.');
    expect((await collect(backend.generate(ask('hello')))).text).toBe('You said: hello');
  });

  it('keeps the pace that it is given', async () => {
    const started = performance.now();
    await collect(
      scriptedBackend.create(config({ text: 'a b c d e', tokensPerSecond: 50 })).generate(ask('x')),
    );
    expect(performance.now() - started).toBeGreaterThan(75);
  });

  it('writes one character a token when it is told to', async () => {
    const { events } = await collect(
      scriptedBackend.create(config({ text: 'a b🦊', tokens: 'characters' })).generate(ask('x')),
    );
    const deltas = events.filter((event) => event.type === 'delta');
    expect(deltas.map((delta) => delta.text)).toEqual(['a', ' ', 'b', '🦊']);
  });

  it('repeats what it is told to repeat', async () => {
    const reply = { text: 'Numbers:', repeat: { text: '\n- {n}', times: 3 } };
    const { text } = await collect(scriptedBackend.create(config(reply)).generate(ask('x')));
    expect(text).toBe('Numbers:\n- 0\n- 1\n- 2');
  });

  it('writes its reasoning before its text', async () => {
    const backend = scriptedBackend.create(config({ reasoning: 'Let me think.', text: 'So be it.' }));
    const { events, text: whole } = await collect(backend.generate(ask('x')));
    const deltas = events.filter((event) => event.type === 'delta');
    expect(deltas.map(({ kind }) => kind)).toEqual([...Array(3).fill('reasoning'), ...Array(3).fill('text')]);
    expect(deltas.map(({ text }) => text).join('')).toBe('Let me think.So be it.');
    expect(whole).toContain('So be it.');
  });

  it('says how likely its tokens are only when it is asked, with so many alternatives', async () => {
    const written = async (parameters: GenerationParameters) => {
      const backend = scriptedBackend.create(config());
      const { events } = await collect(backend.generate({ ...ask('x'), parameters }));
      const deltas = events.filter((event) => event.type === 'delta');
      expect(deltas.map((delta) => delta.text).join('')).toBe(text.split(parameters.stop?.[0] ?? '|')[0]);
      return deltas.flatMap(({ tokens }) => tokens ?? []);
    };
    expect(await written({})).toEqual([]);
    const bare = await written({ top_logprobs: 0 });
    expect(bare.map((token) => token.text).join('')).toBe(text);
    expect(bare.every((token) => token.logprob < 0 && !('top' in token))).toBe(true);
    const full = await written({ top_logprobs: 3, stop: [' lazy dog'] });
    expect(full.map(({ top }) => top?.length)).toEqual(full.map(() => 3));
    for (const { top = [] } of full) {
      const probabilities = top.map(({ logprob }) => Math.exp(logprob));
      expect(probabilities.toSorted((a, b) => b - a)).toEqual(probabilities);
      expect(probabilities.reduce((sum, one) => sum + one)).toBeLessThanOrEqual(1 + 1e-9);
    }
  });

  it('fails where it is told to', async () => {
    const backend = scriptedBackend.create(config({ failsAfter: 2, failsWith: 'backend-protocol' }));
    const seen: string[] = [];
    const run = async () => {
      for await (const event of backend.generate(ask('x'))) if (event.type === 'delta') seen.push(event.text);
    };
    await expect(run()).rejects.toMatchObject({ code: 'backend-protocol' });
    expect(seen).toEqual(['The', ' quick']);
  });

  it('takes images when it is told to, and says what it got', async () => {
    const blind = scriptedBackend.create(config());
    expect(blind.facts?.()).toEqual({});
    const limits = { maxCount: 1, maxPixels: 64 };
    const backend = scriptedBackend.create({ ...config({ text: 'I see {images}.' }), images: limits });
    expect(backend.facts?.().capabilities?.images).toMatchObject({ ...limits, maxBytes: 4_000_000 });
    expect(backend.facts?.()).toBe(backend.facts?.());
    const image = { fileId: 'f', mime: 'image/png' };
    const readFile = (id: string) => Promise.resolve(new Uint8Array(id === 'f' ? 77 : 0));
    const messages = [{ role: 'user' as const, content: 'x', images: [image] }];
    const { parameters, signal } = ask('x');
    const prompt = { kind: 'prompt' as const, prompt: 'x', images: [image, image], parameters, signal };
    const said = await collect(backend.generate({ ...ask('x'), messages, readFile }));
    expect(said.text).toBe('I see 1 images (77 bytes).');
    expect((await collect(backend.generate({ ...prompt, readFile }))).text).toBe(
      'I see 2 images (77, 77 bytes).',
    );
  });
});
