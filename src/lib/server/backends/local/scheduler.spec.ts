import { describe, expect, it } from 'vitest';
import { openToyEngine as open } from './__fixtures__/toy-engine';
import type { ToyGraph } from './__fixtures__/toy-graph';
import { seededRandom } from './sampling/random';

const prompts = Array.from({ length: 12 }, (_, index) =>
  Array.from({ length: 5 + 7 * index }, (_unused, place) => 1 + ((place * (index + 3) + index) % 31)),
);

describe('continuous batching', () => {
  it('gives everybody the text that they get alone, whoever joins, leaves or stops', async () => {
    const parameters = { max_new_tokens: 40, seed: 5, temperature: 0.7 };
    const alone = await Promise.all(
      prompts.map(async (prompt) => (await open().ask({ prompt, parameters })).text),
    );
    const { start, graph } = open();
    const random = seededRandom(3);
    const runs = await Promise.all(
      Array.from({ length: 80 }, async (_, index) => {
        await new Promise((resolve) => setTimeout(resolve, random() * 200));
        const which = index % prompts.length;
        const run = start({ prompt: prompts[which] ?? [], parameters, scope: `owner/${String(index % 7)}` });
        const isStopped = random() < 0.3;
        if (!isStopped) return { which, text: (await run.ended).text, isStopped };
        await new Promise((resolve) => setTimeout(resolve, random() * 4));
        run.job.isAborted = true;
        return { which, text: run.texts[0] ?? '', isStopped };
      }),
    );
    for (const { which, text, isStopped } of runs) {
      const whole = alone[which] ?? '';
      expect(isStopped ? whole.slice(0, text.length) : whole).toBe(text);
    }
    expect(Math.max(...graph.steps)).toBe(3);
  });

  it('reads what is longer than a row in the long lane, one at a time, and moves what grows there', async () => {
    const long = Array.from({ length: 150 }, (_, place) => 1 + (place % 29));
    const growing = Array.from({ length: 100 }, (_, place) => 1 + (place % 23));
    const parameters = { max_new_tokens: 60, min_new_tokens: 60 };
    const one = await open({}, 2, 1000).ask({ prompt: long, parameters });
    const two = await open({}, 2, 1000).ask({ prompt: growing, parameters });
    const { ask } = open();
    const answers = await Promise.all([
      ask({ prompt: long, parameters }),
      ask({ prompt: growing, parameters }),
      ask({ prompt: long, parameters }),
    ]);
    expect(answers.map(({ text }) => text)).toEqual([one.text, two.text, one.text]);
  });

  it('says when nobody reads any more, not before', async () => {
    const { ask, graph } = open();
    const long = (first: number) => Array.from({ length: 90 }, (_, place) => 1 + ((place + first) % 29));
    const parameters = { max_new_tokens: 3 };
    await Promise.all([ask({ prompt: long(0), parameters }), ask({ prompt: long(7), parameters })]);
    expect(graph.readingEnds).toEqual([graph.reads.length]);
    await ask({ prompt: long(3), parameters });
    expect(graph.readingEnds).toHaveLength(2);
    expect(graph.readingEnds[1]).toBe(graph.reads.length);
  });

  it('ends at the end of the context', async () => {
    const prompt = Array.from({ length: 390 }, (_, place) => 1 + (place % 29));
    const { reason, tokens } = await open().ask({
      prompt,
      parameters: { max_new_tokens: 90, min_new_tokens: 90 },
    });
    expect({ reason, tokens }).toEqual({ reason: 'length', tokens: 10 });
  });

  it('takes a fault as that of the jobs it happened to', async () => {
    const { ask } = open({
      onCall: (tokens) => {
        if (tokens.length > 2 && tokens.includes(31)) throw new Error('native fault');
      },
    });
    const [bad, good] = await Promise.all([ask({ prompt: [1, 31, 2] }), ask({ prompt: [1, 2, 3] })]);
    expect(bad.fault).toMatchObject({ message: 'native fault' });
    expect(good.fault).toBeUndefined();
    expect((await ask({ prompt: [4, 5, 6], parameters: { max_new_tokens: 1 } })).reason).toBeDefined();
  });

  it('lets nobody wait for an answer whose state takes long to make', async () => {
    let go = () => undefined as void;
    const compiled = new Promise<void>((resolve) => (go = resolve));
    const { start, ask } = open({
      beforeSequence: ({ request }) => (request.prompt[0] === 9 ? compiled : Promise.resolve()),
    });
    const slow = start({ prompt: [9, 2, 3] });
    expect((await ask({ prompt: [1, 2, 3] })).reason).toBeDefined();
    expect(slow.texts).toEqual([]);
    go();
    expect((await slow.ended).reason).toBeDefined();
  });

  it('forgets one that is stopped while its state is made', async () => {
    let go = () => undefined as void;
    const compiled = new Promise<void>((resolve) => (go = resolve));
    const { start, ask, graph } = open({
      beforeSequence: ({ request }) => (request.prompt[0] === 9 ? compiled : Promise.resolve()),
    });
    const slow = start({ prompt: [9, 2, 3] });
    slow.job.isAborted = true;
    go();
    expect((await ask({ prompt: [1, 2, 3] })).reason).toBeDefined();
    expect(graph.reads).toEqual([[1, 2, 3]]);
  });

  it('reads several prompts in turns', async () => {
    const { ask, graph } = open({}, 3, 4000);
    await Promise.all(
      prompts.slice(8, 11).map((prompt) => ask({ prompt, parameters: { max_new_tokens: 1 } })),
    );
    expect(graph.reads.slice(0, 3).map(([first]) => first)).toEqual(
      prompts.slice(8, 11).map(([first]) => first),
    );
  });
});

describe('prefixes', () => {
  const question = prompts[6] ?? [];
  const unread = (graph: ToyGraph) => graph.reads.splice(0).flat().length;

  it('reads only what is new in the next turn of a conversation', async () => {
    const { ask, graph } = open();
    const first = await ask({
      prompt: question,
      scope: 'a/1',
      parameters: { max_new_tokens: 9, min_new_tokens: 9 },
    });
    expect(unread(graph)).toBe(question.length);
    const written = [...first.text].map((letter) => letter.charCodeAt(0) - 96);
    const second = [...question, ...written, 5, 6, 7];
    const { cached } = await ask({ prompt: second, scope: 'a/1', parameters: { max_new_tokens: 1 } });
    // The last token that was written was never read.
    expect(cached).toBe(question.length + 8);
    expect(unread(graph)).toBe(4);
  });

  it('reuses nothing of another owner or conversation', async () => {
    const { ask, graph } = open();
    await ask({ prompt: question, scope: 'a/1' });
    unread(graph);
    for (const scope of ['a/2', 'b/1', undefined]) {
      expect((await ask({ prompt: question, ...(scope && { scope }) })).cached).toBe(0);
      expect(unread(graph)).toBe(question.length);
    }
  });

  it('reuses of a seeded answer what was read and not what was written', async () => {
    const { ask } = open();
    const parameters = { seed: 1, max_new_tokens: 9, min_new_tokens: 9 };
    const first = await ask({ prompt: question, scope: 'a/1', parameters });
    const written = [...first.text].map((letter) => letter.charCodeAt(0) - 96);
    const { cached } = await ask({ prompt: [...question, ...written, 5], scope: 'a/1', parameters });
    expect(cached).toBe(question.length);
  });

  it('shares the common beginning of two branches, and goes back to either', async () => {
    const { ask } = open();
    const trunk = prompts[9] ?? [];
    const left = [...trunk, ...Array.from({ length: 30 }, () => 3)];
    const right = [...trunk, ...Array.from({ length: 30 }, () => 4)];
    const parameters = { max_new_tokens: 1 };
    await ask({ prompt: left, scope: 'a/1', parameters });
    expect((await ask({ prompt: right, scope: 'a/1', parameters })).cached).toBe(trunk.length);
    expect((await ask({ prompt: right, scope: 'a/1', parameters })).cached).toBe(right.length - 2);
  });

  it('gives up the conversation that was used least recently', async () => {
    const { ask } = open();
    const parameters = { max_new_tokens: 1 };
    const use = async (scope: string) => (await ask({ prompt: question, scope, parameters })).cached;
    for (const scope of ['1', '2', '3', '1', '4']) await use(scope);
    expect(await use('1')).toBe(question.length - 2);
    expect(await use('2')).toBe(0);
  });

  it("reads an operator's beginning once for all owners, and nothing else", async () => {
    const { ask, graph } = open();
    const sharedPrefix = prompts[4] ?? [];
    const promptOf = (last: number) => [...sharedPrefix, 9, 9, last];
    await ask({ prompt: promptOf(1), scope: 'a/1', sharedPrefix });
    expect(unread(graph)).toBe(sharedPrefix.length + 3);
    const { cached, text } = await ask({ prompt: promptOf(2), scope: 'b/1', sharedPrefix });
    expect(cached).toBe(sharedPrefix.length);
    expect(unread(graph)).toBe(3);
    expect(text).toBe((await open().ask({ prompt: promptOf(2) })).text);
  });

  it('reads the prompt of several answers once', async () => {
    const { ask, graph } = open();
    const parameters = { num_return_sequences: 3, temperature: 1, seed: 4, max_new_tokens: 20 };
    const { texts } = await ask({ prompt: question, scope: 'a/1', parameters });
    expect(texts).toHaveLength(3);
    expect(unread(graph)).toBe(question.length + 2 * 2);
    const single = await Promise.all(
      [4, 5, 6].map((seed) =>
        open().ask({ prompt: question, parameters: { ...parameters, seed, num_return_sequences: 1 } }),
      ),
    );
    expect(texts).toEqual(single.map(({ text }) => text));
  });
});

describe('drafts', () => {
  it.each([0, 0.8])(
    'change nothing about the text at temperature %d, and save steps where it repeats',
    async (temperature) => {
      const asked = {
        prompt: prompts[5] ?? [],
        parameters: { temperature, seed: 2, max_new_tokens: 200, min_new_tokens: 200 },
      };
      const repeating = { memory: 2, vocabulary: 12 };
      const withDrafts = open(repeating);
      const without = open(repeating);
      const [drafted, plain] = [
        await withDrafts.ask(asked),
        await without.ask({ ...asked, parameters: { ...asked.parameters, prompt_lookup_num_tokens: 0 } }),
      ];
      expect(drafted.text).toBe(plain.text);
      expect(without.graph.verified).toEqual([]);
      const calls = (graph: ToyGraph) => graph.steps.length + graph.verified.length;
      if (temperature === 0) expect(calls(withDrafts.graph)).toBeLessThan(0.5 * calls(without.graph));
    },
  );

  it('change nothing about random texts, whatever the next token depends on', async () => {
    const random = seededRandom(17);
    const below = (most: number) => Math.floor(random() * most);
    let [calls, tokens] = [0, 0];
    for (let round = 0; round < 40; round += 1) {
      const graph = { memory: 1 + below(4), vocabulary: 4 + below(24), longestVerify: 2 + below(15) };
      const line = Array.from({ length: 2 + below(30) }, () => 1 + below(graph.vocabulary - 1));
      // Itself once more, with other tokens here and there.
      const changed = line.map((token) => (random() < 0.2 ? 1 + below(graph.vocabulary - 1) : token));
      const asked = { prompt: [...line, ...changed], parameters: { temperature: 0, max_new_tokens: 80 } };
      const drafted = open(graph);
      const { text, tokens: count = 0 } = await drafted.ask(asked);
      const parameters = { ...asked.parameters, prompt_lookup_num_tokens: 0 };
      expect(text).toBe((await open(graph).ask({ ...asked, parameters })).text);
      tokens += count;
      calls += drafted.graph.steps.length + drafted.graph.verified.length;
    }
    expect(calls).toBeLessThan(0.7 * tokens);
  });

  it('are not made while others write', async () => {
    const { ask, graph } = open({ memory: 2, vocabulary: 12 });
    const parameters = { max_new_tokens: 60, min_new_tokens: 60 };
    await Promise.all(prompts.slice(0, 3).map((prompt) => ask({ prompt, parameters })));
    expect(graph.verified).toEqual([]);
  });
});

describe('beams', () => {
  it('are one search beside other answers, and give their memory back', async () => {
    const { ask, graph } = open();
    const banks = graph.banks;
    const parameters = { num_beams: 4, num_return_sequences: 3, max_new_tokens: 12 };
    const [{ texts, reason }, other] = await Promise.all([
      ask({ prompt: prompts[3] ?? [], parameters }),
      ask({ prompt: prompts[2] ?? [] }),
    ]);
    expect(new Set(texts).size).toBe(3);
    expect(reason).toBeDefined();
    expect(other.text).toBe((await open().ask({ prompt: prompts[2] ?? [] })).text);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(graph.banks).toBe(banks);
  });

  it('find at least as likely a text as greedy choice', async () => {
    const likelihood = (graph: ToyGraph, prompt: number[], text: string) => {
      const tokens = [...text].map((letter) => letter.charCodeAt(0) - 96);
      return tokens.reduce((sum, token, index) => {
        const logits = graph.logitsAfter([...prompt, ...tokens.slice(0, index)]);
        const total = logits.reduce((all, logit) => all + Math.exp(logit), 0);
        return sum + (logits[token] ?? 0) - Math.log(total);
      }, 0);
    };
    const prompt = prompts[4] ?? [];
    const parameters = { max_new_tokens: 8, min_new_tokens: 8 };
    const { ask, graph } = open();
    const greedy = await ask({ prompt, parameters });
    const beams = await ask({ prompt, parameters: { ...parameters, num_beams: 6 } });
    expect(beams.text).toHaveLength(8);
    expect(likelihood(graph, prompt, beams.text)).toBeGreaterThanOrEqual(
      likelihood(graph, prompt, greedy.text) - 1e-4,
    );
  });
});
