import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collect } from './conformance';
import { LocalBackend } from './local.backend';
import { ask, bundledPath as path, promptOf } from './local/__fixtures__/bundled-model';
import { seededRandom } from './local/sampling/random';

const questions = [
  'Tell me about the sea.',
  'Name three colours and where each is found.',
  'Explain how rain forms.',
  'Give me a recipe for bread.',
  'Count from one to twenty in words.',
  'What is a computer?',
];
const greedy = { temperature: 0, max_new_tokens: 48 };

/** Megabytes that the engine has in memory. */
function residentMb({ pid = 0 }: LocalBackend): number {
  const status = readFileSync(`/proc/${String(pid)}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/u.exec(status)?.[1]) / 1000;
}

describe('many answers at once', () => {
  let backend: LocalBackend;
  beforeAll(() => {
    backend = new LocalBackend({ type: 'local', path, slots: 4 });
  });
  afterAll(() => backend.close());
  const textOf = async (...request: Parameters<typeof ask>) =>
    (await collect(backend.generate(ask(...request)))).text;

  it('are what each is alone, with random joins, leaves and stops', async () => {
    const prompts = await Promise.all(questions.map((question) => promptOf(question)));
    const alone: string[] = [];
    for (const prompt of prompts) alone.push(await textOf(prompt, greedy));
    const random = seededRandom(11);
    const runs = await Promise.all(
      Array.from({ length: 36 }, async (_, index) => {
        await delay(random() * 3000);
        const controller = new AbortController();
        const isStopped = random() < 0.25;
        if (isStopped) setTimeout(() => controller.abort(), random() * 600);
        const which = index % prompts.length;
        const text = await textOf(prompts[which] ?? '', greedy, undefined, controller.signal);
        return { text, expected: alone[which] ?? '', isStopped: isStopped && controller.signal.aborted };
      }),
    );
    for (const { text, expected, isStopped } of runs)
      expect(isStopped ? expected.slice(0, text.length) : expected).toBe(text);
    expect(runs.filter(({ isStopped }) => isStopped).length).toBeGreaterThan(2);
  }, 120_000);

  it('are the same through onnxruntime-node', async () => {
    const other = new LocalBackend({ type: 'local', path, binding: 'node' });
    const prompts = await Promise.all(questions.slice(0, 2).map((question) => promptOf(question)));
    const through = (one: LocalBackend) =>
      Promise.all(prompts.map(async (prompt) => (await collect(one.generate(ask(prompt, greedy)))).text));
    expect(await through(other)).toEqual(await through(backend));
    await other.close();
  }, 120_000);

  it('may be fifty', async () => {
    const prompt = await promptOf('Say yes.');
    const answers = await Promise.all(
      Array.from({ length: 50 }, () =>
        collect(backend.generate(ask(prompt, { temperature: 0, max_new_tokens: 4 }))),
      ),
    );
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers.every(({ finish }) => finish !== undefined)).toBe(true);
  }, 60_000);

  it.runIf(process.platform === 'linux')(
    'of two owners never tell each other anything, and leave memory flat',
    async () => {
      const canaries = { anna: 'periwinkle', bruno: 'tungsten' };
      const random = seededRandom(5);
      const write = async (index: number) => {
        await delay(random() * 20);
        const owner = random() < 0.5 ? 'anna' : 'bruno';
        const other = owner === 'anna' ? canaries.bruno : canaries.anna;
        const controller = new AbortController();
        if (random() < 0.3) setTimeout(() => controller.abort(), random() * 200);
        const scope = `${owner}/${String(index % 3)}`;
        const prompt = await promptOf(
          `My secret word is ${canaries[owner]}. Repeat it ${String(index % 4)} times.`,
        );
        const text = await textOf(prompt, { temperature: 0, max_new_tokens: 8 }, scope, controller.signal);
        expect(text.toLowerCase()).not.toContain(other);
        return text.toLowerCase().includes(canaries[owner]);
      };
      const half = async () => {
        let told = 0;
        for (let batch = 0; batch < 50; batch += 1) {
          const answers = await Promise.all([0, 1, 2, 3, 4].map((part) => write(5 * batch + part)));
          told += answers.filter(Boolean).length;
        }
        return told;
      };
      // The words do come up: a test that never sees them would see no leak.
      expect(await half()).toBeGreaterThan(100);
      const before = residentMb(backend);
      await half();
      expect(residentMb(backend)).toBeLessThan(before * 1.03);
    },
    // Five hundred answers: a limit for a machine that does much else, not for how fast they are.
    900_000,
  );
});

describe('a long prompt', () => {
  let backend: LocalBackend;
  beforeAll(() => {
    backend = new LocalBackend({ type: 'local', path, slots: 2, context: 256 });
  });
  afterAll(() => backend.close());

  it('lets others write while it is read, and is stopped within 300 ms', async () => {
    const noticed: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      const controller = new AbortController();
      const reading = collect(
        backend.generate(
          ask(`${String(round)} word`.repeat(1500), { max_new_tokens: 1 }, undefined, controller.signal),
        ),
      );
      await delay(400);
      controller.abort();
      const abortedAtMs = performance.now();
      await reading;
      // The next one needs the long row, which is free once the stop was noticed.
      const run = backend.generate(ask('short '.repeat(300), { max_new_tokens: 1 }));
      for await (const event of run) if (event.type === 'progress' && event.label === 'reading') break;
      noticed.push(performance.now() - abortedAtMs);
    }
    // With the first piece of the next prompt, which takes as long as a stop may.
    expect(Math.min(...noticed)).toBeLessThan(600);
  }, 60_000);

  it('gets room for the whole context, and the answer goes on there', async () => {
    const prompt = await promptOf(`${'The cat sat on the mat. '.repeat(60)}What did the cat do?`);
    const { usage, finish } = await collect(
      backend.generate(ask(prompt, { temperature: 0, max_new_tokens: 20 })),
    );
    expect(usage?.promptTokens).toBeGreaterThan(300);
    expect(finish).toBeDefined();
    const grown = await collect(
      backend.generate(ask('Once upon a time', { temperature: 0, max_new_tokens: 300, min_new_tokens: 300 })),
    );
    expect(grown.usage?.completionTokens).toBe(300);
    const wide = new LocalBackend({ type: 'local', path, slots: 1 });
    const expected = await collect(
      wide.generate(ask('Once upon a time', { temperature: 0, max_new_tokens: 300, min_new_tokens: 300 })),
    );
    expect(grown.text).toBe(expected.text);
    await wide.close();
  }, 60_000);

  it('that is longer than the context is refused with both numbers', async () => {
    await expect(collect(backend.generate(ask('word '.repeat(9000))))).rejects.toMatchObject({
      code: 'context-too-long',
      details: { tokens: expect.any(Number) as number, limit: 8191 },
    });
  });
});

describe('what can be asked of the bundled model', () => {
  let backend: LocalBackend;
  beforeAll(() => {
    backend = new LocalBackend({ type: 'local', path });
  });
  afterAll(() => backend.close());
  const run = async (question: string, parameters: Parameters<typeof ask>[1]) =>
    collect(backend.generate(ask(await promptOf(question), parameters)));

  it('drafts change nothing about a text that repeats its context, as it was or with changes', async () => {
    const text = 'The quick brown fox jumps over the lazy dog, and the dog does not mind at all.';
    const misspelt =
      'We have recieved yuor letter form Monday, and we will awnser it untill Friday. Thank you.';
    for (const question of [`Repeat this three times: ${text}`, `Fix the typos and repeat: ${misspelt}`]) {
      for (const parameters of [{ temperature: 0 }, { temperature: 0.4, seed: 3 }]) {
        const asked = { ...parameters, max_new_tokens: 80 };
        const drafted = await run(question, asked);
        const plain = await run(question, { ...asked, prompt_lookup_num_tokens: 0 });
        expect(drafted.text).toBe(plain.text);
        expect(drafted.text.length).toBeGreaterThan(40);
      }
    }
  }, 60_000);

  it('JSON of a schema, whole also when it is cut', async () => {
    const schema = {
      type: 'object',
      properties: { name: { type: 'string' }, legs: { type: 'integer' } },
      required: ['name', 'legs'],
      additionalProperties: false,
    };
    for (const max_new_tokens of [100, 24]) {
      const { text } = await run('Describe a spider.', {
        temperature: 0,
        max_new_tokens,
        grammar: { type: 'json', value: schema },
      });
      expect(JSON.parse(text)).toEqual({
        name: expect.any(String) as string,
        legs: expect.any(Number) as number,
      });
    }
  }, 60_000);

  it('one of some texts', async () => {
    const value = ['cats', 'dogs'];
    const { text, finish } = await run('Which do you like?', {
      temperature: 1,
      grammar: { type: 'choice', value },
    });
    expect(value).toContain(text);
    expect(finish).toBe('stop');
  }, 60_000);

  it('how likely each token was, with alternatives', async () => {
    const { events, text } = await run('Name a fruit.', {
      temperature: 0,
      top_logprobs: 3,
      max_new_tokens: 12,
    });
    const tokens = events.flatMap((event) => (event.type === 'delta' ? (event.tokens ?? []) : []));
    expect(tokens.map((token) => token.text).join('')).toBe(text);
    for (const { logprob, top = [] } of tokens) {
      expect(top).toHaveLength(3);
      expect(logprob).toBeLessThanOrEqual(0);
      expect(top[0]?.logprob).toBe(logprob);
    }
  });

  it('several answers, sampled or by beams, each with its end', async () => {
    for (const parameters of [
      { temperature: 1, seed: 4 },
      { temperature: 0, num_beams: 3 },
    ]) {
      const { events } = await run('Name a fruit.', {
        ...parameters,
        num_return_sequences: 3,
        max_new_tokens: 12,
      });
      const texts = ['', '', ''];
      for (const event of events) if (event.type === 'delta') texts[event.choice] += event.text;
      expect(new Set(texts).size).toBe(3);
      expect(events.flatMap((event) => (event.type === 'choice-end' ? event.choice : [])).sort()).toEqual([
        0, 1, 2,
      ]);
    }
  });

  it('an end after some time', async () => {
    const startedAtMs = performance.now();
    await run('Write a long story.', { max_new_tokens: 16, min_new_tokens: 16 });
    // Enough for some tokens on a machine that does much else, and far too little for all of them.
    const max_time = Math.max(0.5, (2 * (performance.now() - startedAtMs)) / 1000);
    const { finish, usage } = await run('Write a long story.', {
      max_time,
      max_new_tokens: 4000,
      min_new_tokens: 4000,
    });
    expect(finish).toBe('time');
    expect(usage?.completionTokens).toBeGreaterThan(1);
  }, 120_000);

  it('what cannot be followed is said in words', async () => {
    await expect(run('Hello', { grammar: { type: 'regex', value: '(' } })).rejects.toMatchObject({
      code: 'invalid-input',
      message: expect.stringMatching(/regular expression/iu) as string,
    });
    await expect(run('Hello', { num_beams: 2, num_return_sequences: 4 })).rejects.toMatchObject({
      code: 'invalid-input',
    });
  });
});
