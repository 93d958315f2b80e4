import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GenerationParameters } from '../../../domain/parameters';
import { dateNormaliserId } from '../../models/found-models';
import { projectRoot } from '../../programs';
import { collect, describeBackend } from '../conformance';
import { LocalBackend } from '../local.backend';

const config = {
  type: 'local' as const,
  path: join(projectRoot(), 'models', dateNormaliserId),
  task: 'text2text-generation' as const,
};
const signal = new AbortController().signal;
const question = 'normalise date: quarter past 5 in the evening on March the third, 2024';
const ask = (backend: LocalBackend, text: string, parameters: GenerationParameters = {}) =>
  collect(
    backend.generate({ kind: 'text2text', text, parameters: { temperature: 0, ...parameters }, signal }),
  );

describeBackend('local, text to text', {
  create: () => new LocalBackend(config),
  input: { kind: 'text2text', text: question },
  parameters: { temperature: 0, max_new_tokens: 30 },
  unknown: { num_beams: 4 },
  shortest: { characters: 16, tokens: 16 },
});

describe.each(['q8', 'fp32'] as const)('the date normaliser, %s', (dtype) => {
  let backend: LocalBackend;
  beforeAll(() => {
    backend = new LocalBackend({ ...config, dtype });
  });
  afterAll(() => backend.close());

  it('has 300 dates right that it was not trained on', async () => {
    const lines = readFileSync(join(import.meta.dirname, '__fixtures__/dates.jsonl'), 'utf8')
      .trim()
      .split('\n');
    const items = lines.map((line) => JSON.parse(line) as { input: string; expected: string });
    expect(items).toHaveLength(300);
    const wrong: string[] = [];
    for (const { input, expected } of items) {
      const { text } = await ask(backend, input);
      if (text !== expected) wrong.push(`${input}: ${text} instead of ${expected}`);
    }
    expect(wrong.slice(1)).toEqual([]);
  }, 120_000);
});

it('tells whoever asks first how far loading is', async () => {
  const backend = new LocalBackend(config);
  const { events, text } = await ask(backend, question);
  const loading = events.flatMap((event) =>
    event.type === 'progress' && event.label === 'loading' ? event.fraction : [],
  );
  expect(loading.length).toBeGreaterThan(2);
  expect(loading).toEqual([...loading].sort((a, b) => a - b));
  expect(text).toBe('2024-03-03T17:15');
  expect((await ask(backend, question)).events.filter(({ type }) => type === 'progress')).toEqual([]);
  await backend.close();
});

describe('a text-to-text model', () => {
  let backend: LocalBackend;
  beforeAll(() => {
    backend = new LocalBackend(config);
  });
  afterAll(() => backend.close());

  it('samples with the same seed the same text, and with others others', async () => {
    const write = async (seed: number) => (await ask(backend, question, { temperature: 5, seed })).text;
    const first = await write(7);
    await write(8);
    expect(await write(7)).toBe(first);
    const texts = new Set([first, await write(8), await write(9)]);
    expect(texts.size).toBeGreaterThan(1);
  });

  it('ends at a time limit', async () => {
    const { finish, usage } = await ask(backend, question, {
      max_time: 0.001,
      max_new_tokens: 2000,
      min_new_tokens: 2000,
    });
    expect(finish).toBe('length');
    expect(usage?.completionTokens).toBeLessThan(2000);
  });

  it('writes at least min_new_tokens, and with repetition_penalty something else', async () => {
    const usual = await ask(backend, question);
    const long = await ask(backend, question, { min_new_tokens: 30, max_new_tokens: 30 });
    expect(long.usage?.completionTokens).toBe(30);
    const other = await ask(backend, question, { repetition_penalty: 10, max_new_tokens: 30 });
    expect(other.text).not.toBe(usual.text);
  });

  it.each<[string, GenerationParameters]>([
    ['top_p', { top_p: 0.5 }],
    ['min_p', { min_p: 0.1 }],
    ['typical_p', { typical_p: 0.5 }],
    ['presence_penalty', { presence_penalty: 1 }],
    ['num_beams', { num_beams: 4 }],
    ['top_logprobs', { top_logprobs: 2 }],
  ])('says that it does not know %s, which Transformers.js ignores', async (_, parameters) => {
    const { warnings, text } = await ask(backend, question, parameters);
    expect(warnings).toEqual(['unknown-parameter']);
    expect(text).toBe('2024-03-03T17:15');
  });

  it('refuses a text that is longer than it reads, with figures', async () => {
    await expect(ask(backend, 'long '.repeat(200))).rejects.toMatchObject({
      code: 'context-too-long',
      details: { limit: 128 },
    });
  });

  it('refuses a prompt, which it cannot continue', async () => {
    const run = backend.generate({ kind: 'prompt', prompt: 'Hello', parameters: {}, signal });
    await expect(collect(run)).rejects.toMatchObject({ code: 'invalid-input' });
  });

  it('notices a stop between two tokens', async () => {
    const controller = new AbortController();
    const parameters = { temperature: 0, max_new_tokens: 2000, min_new_tokens: 2000 };
    const run = collect(
      backend.generate({ kind: 'text2text', text: question, parameters, signal: controller.signal }),
    );
    setTimeout(() => controller.abort(), 100);
    expect((await run).finish).toBeUndefined();
    expect((await ask(backend, question)).text).toBe('2024-03-03T17:15');
  });

  it('is loaded from a folder of any name', async () => {
    const root = mkdtempSync(join(tmpdir(), 'parlance-'));
    const path = join(root, 'dates é #1 %20');
    cpSync(config.path, path, { recursive: true });
    const other = new LocalBackend({ ...config, path });
    expect((await ask(other, question)).text).toBe('2024-03-03T17:15');
    await other.close();
    rmSync(root, { recursive: true });
  });

  it('counts tokens as it reads them', async () => {
    expect(await backend.countTokens('2024')).toBe(4);
  });
});
