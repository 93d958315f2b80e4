import { describe, expect, it } from 'vitest';
import type { GenerationParameters } from '../../../../domain/parameters';
import { processorsFor } from './processors';
import { TokenHistory } from './token-history';
import type { TokenText } from './token-text';

const none = -Infinity;
const end = 7;

/** A vocabulary of letters and of pairs of them; 0 is the space, 7 the end, which stands for nothing. */
const pieces = [' ', 'a', 'b', ' a', 'ab', 'c', 'ba', undefined];
const text: TokenText = {
  encode: (written) => {
    const tokens: number[] = [];
    for (let at = 0; at < written.length; at += pieces[tokens.at(-1) ?? 0]?.length ?? 1) {
      const long = pieces.indexOf(written.slice(at, at + 2));
      tokens.push(long >= 0 ? long : pieces.indexOf(written[at]));
    }
    return tokens;
  },
  bytesOf: (token) => {
    const piece = pieces[token];
    return piece === undefined ? undefined : Buffer.from(piece);
  },
};

/** The logits of the eight tokens after prompt and answer, when they were `logits` before. */
function processed(
  parameters: GenerationParameters,
  { prompt = [], answer = [], logits = [1, 1, 1, 1, 1, 1, 1, 1] }: Sequence,
): number[] {
  const history = TokenHistory.of(prompt);
  const processors = processorsFor({ parameters, eosTokenIds: [end], vocabulary: 8, text });
  for (const token of answer) {
    history.add(token);
    for (const processor of processors) processor.accept?.(token);
  }
  const row = Float32Array.from(logits);
  for (const processor of processors) processor.process(row, history);
  return [...row];
}

interface Sequence {
  prompt?: number[];
  answer?: number[];
  logits?: number[];
}

describe('no processor', () => {
  it('is made for parameters that are off', () => {
    const parameters = { temperature: 0.5, repetition_penalty: 1, presence_penalty: 0, logit_bias: [] };
    expect(processorsFor({ parameters, eosTokenIds: [end], vocabulary: 8, text })).toEqual([]);
  });
});

describe('the processors', () => {
  const cases: [what: string, parameters: GenerationParameters, sequence: Sequence, logits: number[]][] = [
    [
      'repetition_penalty divides above zero and multiplies below, once, for prompt and answer',
      { repetition_penalty: 2 },
      { prompt: [0, 1, 0], answer: [2, 2], logits: [2, -1, 3, 4, -5, 0, 1, 1] },
      [1, -2, 1.5, 4, -5, 0, 1, 1],
    ],
    [
      'presence_penalty takes once what the answer has, and nothing for the prompt',
      { presence_penalty: 0.5 },
      { prompt: [0, 1], answer: [1, 2, 2] },
      [1, 0.5, 0.5, 1, 1, 1, 1, 1],
    ],
    [
      'frequency_penalty takes as often as the answer has a token',
      { frequency_penalty: 0.25 },
      { prompt: [0, 1], answer: [1, 2, 2] },
      [1, 0.75, 0.5, 1, 1, 1, 1, 1],
    ],
    [
      'both add up, and below zero they encourage',
      { frequency_penalty: -0.25, presence_penalty: 1 },
      { answer: [2, 2] },
      [1, 1, 0.5, 1, 1, 1, 1, 1],
    ],
    [
      'the penalties of counts follow the repetition penalty',
      { repetition_penalty: 2, presence_penalty: 0.5 },
      { answer: [1], logits: [1, 3, 1, 1, 1, 1, 1, 1] },
      [1, 1, 1, 1, 1, 1, 1, 1],
    ],
    [
      'no_repeat_ngram_size 2 forbids what followed the last token before',
      { no_repeat_ngram_size: 2 },
      { prompt: [1, 2, 1], answer: [3, 1] },
      [1, 1, none, none, 1, 1, 1, 1],
    ],
    [
      'no_repeat_ngram_size 3 looks at the last two',
      { no_repeat_ngram_size: 3 },
      { prompt: [1, 2, 5, 2, 4], answer: [1, 2] },
      [1, 1, 1, 1, 1, none, 1, 1],
    ],
    [
      'no_repeat_ngram_size 1 forbids every token there was',
      { no_repeat_ngram_size: 1 },
      { prompt: [1], answer: [2] },
      [1, none, none, 1, 1, 1, 1, 1],
    ],
    [
      'no_repeat_ngram_size is nothing for a text shorter than it',
      { no_repeat_ngram_size: 4 },
      { prompt: [1], answer: [1] },
      [1, 1, 1, 1, 1, 1, 1, 1],
    ],
    [
      'min_new_tokens forbids the end before it',
      { min_new_tokens: 2 },
      { prompt: [1, 1, 1], answer: [2] },
      [1, 1, 1, 1, 1, 1, 1, none],
    ],
    [
      'min_new_tokens allows the end after it',
      { min_new_tokens: 2 },
      { answer: [2, 2] },
      [1, 1, 1, 1, 1, 1, 1, 1],
    ],
    [
      'logit_bias of a token is added',
      { logit_bias: [{ token: 5, bias: -3 }] },
      {},
      [1, 1, 1, 1, 1, -2, 1, 1],
    ],
    [
      'logit_bias of a text counts with and without a space before it',
      { logit_bias: [{ text: 'a', bias: 2 }] },
      {},
      [1, 3, 1, 3, 1, 1, 1, 1],
    ],
    [
      'logit_bias of a text that begins with a space counts as it is',
      { logit_bias: [{ text: ' a', bias: 2 }] },
      {},
      [1, 1, 1, 3, 1, 1, 1, 1],
    ],
    [
      'logit_bias of several tokens is of the last, when the others were just written',
      { logit_bias: [{ text: 'abc', bias: 2 }] },
      { answer: [1, 4] },
      [1, 1, 1, 1, 1, 3, 1, 1],
    ],
    [
      'logit_bias of several tokens waits for the others',
      { logit_bias: [{ text: 'abc', bias: 2 }] },
      { answer: [4, 1] },
      [1, 1, 1, 1, 1, 1, 1, 1],
    ],
    [
      'logit_bias of -100 forbids',
      { logit_bias: [{ token: 2, bias: -100 }] },
      {},
      [1, 1, none, 1, 1, 1, 1, 1],
    ],
    [
      'of two biases of the same token the later counts',
      {
        logit_bias: [
          { token: 2, bias: 5 },
          { text: 'b', bias: 1 },
        ],
      },
      {},
      [1, 1, 2, 1, 1, 1, 1, 1],
    ],
    [
      'logit_bias comes before the repetition penalty',
      { logit_bias: [{ token: 2, bias: 3 }], repetition_penalty: 2 },
      { answer: [2] },
      [1, 1, 2, 1, 1, 1, 1, 1],
    ],
  ];
  it.each(cases)('%s', (_, parameters, sequence, logits) => {
    expect(processed(parameters, sequence)).toEqual(logits);
  });

  it('refuses a bias of a token that is none', () => {
    const parameters = { logit_bias: [{ token: 8, bias: 1 }] };
    expect(() => processed(parameters, {})).toThrow('There is no token 8: the last one of this model is 7.');
  });
});

describe('bad_words', () => {
  const forbidden = (bad_words: string[], answer: number[]) =>
    processed({ bad_words }, { answer }).flatMap((logit, token) => (logit === none ? [token] : []));

  it.each<[what: string, words: string[], answer: number[], tokens: number[]]>([
    ['a token that holds a word', ['b'], [], [2, 4, 6]],
    ['a token that is a word', ['ab'], [], [4]],
    ['the tokens that begin with the rest of it', ['ab'], [1], [2, 4, 6]],
    ['the rest, whatever tokens the beginning was written with', ['abc'], [3, 2], [5]],
    ['the rest, where the beginning is the end of a token', ['bac'], [4, 1], [5]],
    ['nothing more once the beginning is broken', ['aac'], [1, 2], []],
    ['a word that begins inside a failed one', ['aab'], [1, 1, 1], [2, 4, 6]],
    ['the rests of several words', ['aa', 'bc'], [6, 2], [5]],
    ['a word that begins with a space', [' a'], [0], [1, 3, 4]],
    ['a word of many tokens only at its end', ['cab'], [5], [4]],
  ])('forbids %s', (_, words, answer, tokens) => {
    expect(forbidden(words, answer)).toEqual(tokens);
  });

  it('follows each copy by itself', () => {
    const [processor] = processorsFor({
      parameters: { bad_words: ['ac'] },
      eosTokenIds: [],
      vocabulary: 8,
      text,
    });
    const copy = processor?.fork?.();
    processor?.accept?.(1);
    const rows = [processor, copy].map((one) => {
      const row = new Float32Array(8);
      one?.process(row, TokenHistory.of([]));
      return row[5];
    });
    expect(rows).toEqual([none, 0]);
  });
});
