import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GenerationParameters, Grammar } from '../../../../domain/parameters';
import { bundledText } from './__fixtures__/bundled-text';
import type { GrammarTask } from './grammar-protocol';
import { GrammarThread } from './grammar-thread';
import { forgetGrammars } from './guided-output';
import { seededRandom, type Random } from './random';
import { createTokenChooser, type TokenChooser } from './token-chooser';
import type { TokenText } from './token-text';

let model: { text: TokenText; vocabulary: number; eosTokenIds: number[] };
/** Numbers from 0 to 1; what begins at another place is other noise, and costs little. */
let pool: Float32Array;
beforeAll(async () => {
  model = await bundledText();
  pool = Float32Array.from({ length: 3 * model.vocabulary }, seededRandom(4));
});
afterAll(() => forgetGrammars(model.text));

function chooserFor(grammar: Grammar, random: Random, parameters: GenerationParameters = {}) {
  return createTokenChooser({ ...model, parameters: { ...parameters, grammar }, prompt: [], random });
}

function someOf(random: Random): Float32Array {
  const from = Math.floor(2 * model.vocabulary * random());
  return pool.slice(from, from + model.vocabulary);
}

/** Logits of no model: noise, and tokens that end things are likelier, or a random answer would have no end. */
function noise(random: Random): Float32Array {
  const logits = someOf(random);
  for (const likely of ['"', '",', '"}', '}', ']', ',', '@', '.', 'com'])
    for (const token of model.text.encode(likely)) logits[token] = 9 + random();
  for (const token of model.eosTokenIds) logits[token] = 11;
  return logits;
}

/** An answer to noise, as text; fails when it is not whole after so many tokens, or is no valid UTF-8. */
function write(chooser: TokenChooser, random: Random, most = 600): string {
  const bytes: number[] = [];
  for (let count = 0; count < most; count += 1) {
    const { token } = chooser.choose(noise(random));
    if (model.eosTokenIds.includes(token))
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes));
    bytes.push(...(model.text.bytesOf(token) ?? []));
    chooser.accept(token);
  }
  throw new Error(`No end after ${String(most)} tokens: ${Buffer.from(bytes).toString()}`);
}

async function answers(grammar: Grammar, count: number): Promise<string[]> {
  const random = seededRandom(11);
  const written: string[] = [];
  for (let round = 0; round < count; round += 1) {
    const chooser = await chooserFor(grammar, random);
    written.push(write(chooser, random));
    chooser.release();
  }
  return written;
}

const nested = (depth: number): Record<string, unknown> =>
  depth === 0 ? { type: 'string' } : { type: 'array', items: nested(depth - 1) };

const person = {
  type: 'object',
  properties: {
    name: { type: 'string' },
    age: { type: 'integer' },
    address: {
      type: 'object',
      properties: {
        street: { type: 'string' },
        number: { type: 'number' },
        note: { type: ['string', 'null'] },
      },
      required: ['street', 'number'],
    },
  },
  required: ['name', 'age', 'address'],
};

describe('guided output', () => {
  it('is JSON of a schema with objects in objects and optional fields', async () => {
    for (const text of await answers({ type: 'json', value: person }, 8)) {
      const parsed = JSON.parse(text) as Record<string, unknown>;
      expect(parsed).toEqual({
        name: expect.any(String),
        age: expect.any(Number),
        address: expect.objectContaining({ street: expect.any(String), number: expect.any(Number) }),
      });
      expect(parsed.age).toSatisfy(Number.isInteger);
    }
  });

  it('is JSON of a schema with enums, arrays and booleans', async () => {
    const value = {
      type: 'object',
      properties: {
        colour: { enum: ['red', 'dark "blue"', 'grün'] },
        sizes: { type: 'array', items: { type: 'integer' }, minItems: 2, maxItems: 3 },
        isNew: { type: 'boolean' },
      },
      required: ['colour', 'sizes', 'isNew'],
    };
    for (const text of await answers({ type: 'json', value }, 8)) {
      const parsed = JSON.parse(text) as { colour: string; sizes: number[]; isNew: boolean };
      expect(value.properties.colour.enum).toContain(parsed.colour);
      expect([2, 3]).toContain(parsed.sizes.length);
      expect(parsed.sizes.every(Number.isInteger)).toBe(true);
      expect(parsed.isNew).toBeTypeOf('boolean');
    }
  });

  it('is some JSON for a schema that allows everything', async () => {
    for (const text of await answers({ type: 'json', value: true }, 8))
      expect(() => void JSON.parse(text), text).not.toThrow();
  });

  it('is JSON of a schema that refers to itself', async () => {
    const tree = {
      $defs: {
        node: {
          type: 'object',
          properties: {
            value: { type: 'string' },
            children: { type: 'array', items: { $ref: '#/$defs/node' } },
          },
          required: ['value', 'children'],
        },
      },
      $ref: '#/$defs/node',
    };
    for (const text of await answers({ type: 'json', value: tree }, 4))
      expect(JSON.parse(text)).toEqual({ value: expect.any(String), children: expect.any(Array) });
  });

  it.each([
    String.raw`\d{3}-\d{4}`,
    String.raw`^[A-Z][a-z]{1,5}( [A-Z][a-z]{1,5})?$`,
    String.raw`(yes|no), because [^.\n]{1,20}\.`,
    String.raw`-?(0|[1-9]\d*)(\.\d+)?`,
    String.raw`(?:é|ü|日本){1,4}!?`,
    String.raw`"(\\["\\nt]|[^"\\\n])*"`,
    String.raw`\w+@\w+\.(com|org)`,
  ])('matches the regular expression %s as a whole', async (value) => {
    const expression = new RegExp(`^(?:${value})$`, 'u');
    for (const text of await answers({ type: 'regex', value }, 6)) expect(text).toMatch(expression);
  });

  it('is one of the choices, also where one is the beginning of another', async () => {
    const value = ['yes', 'yes, "really"', 'no\\never', 'größer 日本 👍', 'a|b [c]\n'];
    const written = await answers({ type: 'choice', value }, 30);
    for (const text of written) expect(value).toContain(text);
    expect(new Set(written).size).toBeGreaterThan(2);
  });

  it('goes before rules that would leave nothing', async () => {
    const random = seededRandom(3);
    const chooser = await chooserFor({ type: 'choice', value: ['yes'] }, random, {
      bad_words: ['y'],
      min_new_tokens: 50,
      no_repeat_ngram_size: 1,
    });
    expect(write(chooser, random)).toBe('yes');
    chooser.release();
  });

  const endless = {
    type: 'object',
    properties: { notes: { type: 'array', items: person } },
    required: ['notes'],
  };
  it.each<[what: string, grammar: Grammar, most: number]>([
    ['a string', { type: 'json', value: { type: 'string', minLength: 3 } }, 12],
    ['objects in an array', { type: 'json', value: endless }, 100],
    ['some JSON', { type: 'json', value: {} }, 20],
    ['an expression', { type: 'regex', value: String.raw`[a-z ]+: [^.\n]{3,}\.` }, 16],
    ['an expression with a given end', { type: 'regex', value: String.raw`\w+@\w+\.(com|org)` }, 16],
  ])('leads %s to its end before the most tokens', async (_, grammar, most) => {
    const random = seededRandom(17);
    const ends = [...Array(model.vocabulary).keys()].filter((token) =>
      /[\]}]/u.test(Buffer.from(model.text.bytesOf(token) ?? []).toString()),
    );
    for (let round = 0; round < 4; round += 1) {
      const chooser = await chooserFor(grammar, random, { max_new_tokens: most });
      const bytes: number[] = [];
      let count = 0;
      for (; count < most && !chooser.isFinished; count += 1) {
        // To go on is always likelier than to end.
        const logits = someOf(random);
        for (const opening of ['{"', '["', ' "', ', ', 'a', ' a'])
          logits[model.text.encode(opening)[0] ?? 0] = 5;
        for (const token of [...ends, ...model.eosTokenIds]) logits[token] = -20;
        const { token } = chooser.choose(logits);
        if (model.eosTokenIds.includes(token)) break;
        bytes.push(...(model.text.bytesOf(token) ?? []));
        chooser.accept(token);
      }
      chooser.release();
      const text = Buffer.from(bytes).toString();
      expect(count).toBeGreaterThan(most / 2);
      if (grammar.type === 'regex') expect(text).toMatch(new RegExp(`^(?:${grammar.value})$`, 'u'));
      else expect(() => void JSON.parse(text), text).not.toThrow();
    }
  });

  it('tells when only the end may follow, and copies go their own ways', async () => {
    const chooser = await chooserFor({ type: 'choice', value: ['left', 'right'] }, () => 0);
    const [left = -1] = model.text.encode('left');
    const [right = -1] = model.text.encode('right');
    const copy = chooser.fork();
    expect(chooser.isFinished).toBe(false);
    chooser.accept(left);
    copy.accept(right);
    expect([chooser.isFinished, copy.isFinished, chooser.isFinished]).toEqual([true, true, true]);
    const third = copy.fork();
    expect(third.choose(noise(() => 0.5)).token).toBe(model.eosTokenIds[0]);
    chooser.release();
  });

  it.each<[what: string, grammar: Grammar, words: RegExp]>([
    ['an expression with a fault', { type: 'regex', value: 'a(b' }, /not right: Unterminated group/u],
    [
      'what the library does not know',
      { type: 'regex', value: String.raw`a(?=b)` },
      /Lookahead is not supported/u,
    ],
    ['an unknown type', { type: 'json', value: { type: 'colour' } }, /Unsupported type "colour"/u],
    ['a reference to nothing', { type: 'json', value: { $ref: '#/nothing' } }, /Cannot find field nothing/u],
    [
      'a schema that is too deep',
      { type: 'json', value: nested(600) },
      /cannot be followed: it is too large or too deep/u,
    ],
    ['a schema that leads round in a circle', { type: 'json', value: { $ref: '#' } }, /no text fits it/u],
    ['what is too slow to follow', { type: 'regex', value: '(.?){700}' }, /takes too long to find/u],
    ['a schema that nothing fits', { type: 'json', value: false }, /cannot accept any value/u],
  ])('refuses %s, and says why', async (_, grammar, words) => {
    await expect(chooserFor(grammar, () => 0)).rejects.toMatchObject({
      code: 'invalid-input',
      message: expect.stringMatching(words),
    });
  });

  it('goes on where another grammar is refused', async () => {
    const random = seededRandom(2);
    const chooser = await chooserFor({ type: 'choice', value: ['one text', 'one thing'] }, random);
    await expect(chooserFor({ type: 'json', value: nested(600) }, random)).rejects.toThrow();
    expect(['one text', 'one thing']).toContain(write(chooser, random));
    chooser.release();
  });

  it('reads the vocabulary once for a grammar that is used again', async () => {
    let read = 0;
    const bytesOf = (token: number) => {
      read += 1;
      return model.text.bytesOf(token);
    };
    const options = { ...model, text: { ...model.text, bytesOf }, prompt: [], random: () => 0 };
    const parameters: GenerationParameters = { grammar: { type: 'choice', value: ['yes', 'no'] } };
    const choosers = await Promise.all([1, 2].map(() => createTokenChooser({ ...options, parameters })));
    (await createTokenChooser({ ...options, parameters })).release();
    expect(read).toBe(model.vocabulary);
    for (const chooser of choosers) chooser.release();
    forgetGrammars(options.text);
  });
});

describe('a grammar thread', () => {
  const task = (source: GrammarTask['source']): GrammarTask => ({
    source,
    pieces: Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte)),
    eosTokenIds: [0],
  });

  it('is given up when reading the grammar takes too long', async () => {
    const slow = task({ language: 'regex', text: '(.{1,99}b){1,99}' });
    await expect(GrammarThread.start(slow, () => undefined, 1)).rejects.toThrow('takes too long to prepare');
  });

  it('fails for good, and says so once, after a token that may not follow', async () => {
    let failures = 0;
    const thread = await GrammarThread.start(task({ language: 'regex', text: 'ab' }), () => (failures += 1));
    const [sequence, other] = [thread.open(), thread.open()];
    sequence.moveTo([0x61]);
    expect(
      sequence
        .mask()
        .subarray(0, 8)
        .findIndex((bits) => bits !== 0),
    ).toBe(0x62 >> 5);
    expect(sequence.completion()).toEqual([0x62]);
    sequence.moveTo([0x61, 0x61]);
    expect(() => sequence.mask()).toThrow('could not be followed');
    other.moveTo([]);
    expect(() => other.mask()).toThrow('could not be followed');
    expect(failures).toBe(1);
  });
});
