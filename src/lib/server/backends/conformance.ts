import { describe, expect, it } from 'vitest';
import type { FinishReason } from '../../domain/message';
import type { GenerationParameters } from '../../domain/parameters';
import type { Backend, BackendEvent, BackendUsage, GenerateInput } from './backend';

export interface BackendUnderTest {
  create(): Backend;
  /** A request that is answered with the same text each time: 20 tokens and more, unless `shortest` says less. */
  input: GenerateInput;
  parameters: GenerationParameters;
  /** A parameter that this driver does not know, with a value that is not its default. Absent: it knows them all. */
  unknown?: GenerationParameters;
  /** What the answer has at least, where it cannot be long. */
  shortest?: { characters: number; tokens: number };
  /**
   * Has the model write exactly this from now on, or its usual answer again; returns what must be asked for besides. Absent: the
   * model writes no reasoning.
   */
  says?: (text: string | undefined) => GenerationParameters;
}

export interface Collected {
  text: string;
  events: BackendEvent[];
  warnings: string[];
  finish: FinishReason | undefined;
  usage: BackendUsage | undefined;
}

/** Reads a stream to its end. */
export async function collect(stream: AsyncIterable<BackendEvent>): Promise<Collected> {
  const collected: Collected = { text: '', events: [], warnings: [], finish: undefined, usage: undefined };
  for await (const event of stream) {
    collected.events.push(event);
    if (event.type === 'delta') collected.text += event.text;
    if (event.type === 'warning') collected.warnings.push(event.code);
    if (event.type === 'finish') {
      collected.finish = event.reason;
      collected.usage = event.usage;
    }
  }
  return collected;
}

/** The contract of `Backend`, for every driver. */
export function describeBackend(name: string, options: BackendUnderTest): void {
  const live = new AbortController().signal;

  describe(`backend: ${name}`, () => {
    const use = async (work: (backend: Backend) => Promise<void>): Promise<void> => {
      const backend = options.create();
      try {
        await work(backend);
      } finally {
        await backend.close();
      }
    };
    const request = (parameters: GenerationParameters = {}, signal = live) => ({
      ...options.input,
      parameters: { ...options.parameters, ...parameters },
      signal,
    });
    const whole = (backend: Backend, parameters: GenerationParameters = {}) =>
      collect(backend.generate(request(parameters)));

    it('can be created and closed without being used', () => use(() => Promise.resolve()));

    it('gives deltas, then exactly one finish, and nothing after it', () =>
      use(async (backend) => {
        const { events, text, usage } = await whole(backend);
        expect(events.filter(({ type }) => type === 'finish')).toHaveLength(1);
        expect(events.at(-1)?.type).toBe('finish');
        const { characters, tokens } = options.shortest ?? { characters: 20, tokens: 20 };
        expect(text.length).toBeGreaterThanOrEqual(characters);
        expect(usage?.completionTokens).toBeGreaterThanOrEqual(tokens);
        expect(usage?.promptTokens).toBeGreaterThan(0);
      }));

    it('says that it is ready once warmed up', () =>
      use(async (backend) => {
        expect(await backend.warmUp()).toEqual({ state: 'ready' });
        expect(backend.state()).toEqual({ state: 'ready' });
      }));

    it('ends with "length" at max_new_tokens', () =>
      use(async (backend) => {
        const { finish, usage } = await whole(backend, { max_new_tokens: 3 });
        expect(finish).toBe('length');
        expect(usage?.completionTokens).toBe(3);
      }));

    it('never shows a stop sequence, also one that is split over tokens', () =>
      use(async (backend) => {
        const { text } = await whole(backend);
        for (const [from, length] of [
          [8, 1],
          [10, 6],
          [5, 12],
        ] as const) {
          const sequence = text.slice(from, from + length);
          const stopped = await whole(backend, { stop: [sequence] });
          expect(stopped.text).toBe(text.slice(0, text.indexOf(sequence)));
          expect(stopped.finish).toBe('stop');
        }
      }));

    it.skipIf(!options.unknown)('warns once of a parameter that it does not know', () =>
      use(async (backend) => {
        const { warnings, text } = await whole(backend, options.unknown);
        expect(warnings).toEqual(['unknown-parameter']);
        expect(text).not.toBe('');
      }),
    );

    it('yields nothing once the signal has aborted before the start', () =>
      use(async (backend) => {
        const { events } = await collect(backend.generate(request({}, AbortSignal.abort())));
        expect(events).toEqual([]);
      }));

    it('yields nothing more after an abort in the middle, and serves the next request', () =>
      use(async (backend) => {
        const controller = new AbortController();
        let after = 0;
        for await (const event of backend.generate(request({}, controller.signal))) {
          if (controller.signal.aborted) after += 1;
          if (event.type === 'delta') controller.abort();
        }
        expect(after).toBe(0);
        expect((await whole(backend)).finish).toBeDefined();
      }));

    it('lets go of everything when the reader leaves early', () =>
      use(async (backend) => {
        for await (const event of backend.generate(request())) if (event.type === 'delta') break;
        expect((await whole(backend)).finish).toBeDefined();
      }));

    it('writes several answers of one request where it says that it does, each with its end', () =>
      use(async (backend) => {
        if (!backend.writesChoices) return;
        const { events, finish } = await whole(backend, { num_return_sequences: 2 });
        const choices = events.flatMap((event) => (event.type === 'delta' ? event.choice : []));
        expect(new Set(choices)).toEqual(new Set([0, 1]));
        const ended = events.flatMap((event) => (event.type === 'choice-end' ? event.choice : []));
        expect(ended.sort()).toEqual([0, 1]);
        expect(finish).toBeDefined();
      }));

    it('serves several requests at once, each with its own text', () =>
      use(async (backend) => {
        const alone = await whole(backend);
        const together = await Promise.all([whole(backend), whole(backend), whole(backend)]);
        for (const { text } of together) expect(text).toBe(alone.text);
      }));

    const { says } = options;
    if (says) describeReasoning({ ...options, says });
  });
}

/** Reasoning that a model writes into its text, in tags. */
function describeReasoning(options: BackendUnderTest & Required<Pick<BackendUnderTest, 'says'>>): void {
  const tagged = '<think>\nHm, <b>.\n</think>\n\nYes.';
  const opened = tagged.replace('<think>\n', '');
  const apart = { reasoning: 'Hm, <b>.', text: 'Yes.' };
  const prompt = 'Is it so?';
  const conversation = { prefix: '' };

  const cases: [string, GenerateInput, string, { reasoning: string; text: string }][] =
    options.input.kind === 'messages'
      ? [['in an answer to messages', options.input, tagged, apart]]
      : [
          ['in a conversation', { kind: 'prompt', prompt, conversation }, tagged, apart],
          [
            'whose template opens it',
            { kind: 'prompt', prompt: `${prompt}<think>\n`, conversation },
            opened,
            apart,
          ],
          [
            'that is none after a given start',
            { kind: 'prompt', prompt: `${prompt}So`, conversation: { prefix: 'So' } },
            tagged,
            { reasoning: '', text: tagged },
          ],
          [
            'that is none in a plain text',
            { kind: 'prompt', prompt: `${prompt}<think>\n` },
            tagged,
            { reasoning: '', text: tagged },
          ],
        ];

  it.each(cases)('tells reasoning from text: %s', async (_, input, said, expected) => {
    const backend = options.create();
    const parameters = { ...options.parameters, ...options.says(said) };
    try {
      const request = { ...input, parameters, signal: new AbortController().signal };
      const { events } = await collect(backend.generate(request));
      const of = (kind: string) =>
        events.map((event) => (event.type === 'delta' && event.kind === kind ? event.text : '')).join('');
      expect({ reasoning: of('reasoning'), text: of('text') }).toEqual(expected);
    } finally {
      options.says(undefined);
      await backend.close();
    }
  });
}
