import { describe, expect, it } from 'vitest';
import type { GenerationParameters } from '../../../../domain/parameters';
import { bundledText } from './__fixtures__/bundled-text';
import { seededRandom, type Random } from './random';
import { createTokenChooser } from './token-chooser';
import type { TokenText } from './token-text';

const text: TokenText = { encode: () => [], bytesOf: (token) => Uint8Array.of(97 + token) };
const logOf = (...probabilities: number[]) => Float32Array.from(probabilities, Math.log);

function chooserFor(parameters: GenerationParameters, random: Random = () => 0.5) {
  return createTokenChooser({ parameters, prompt: [], eosTokenIds: [4], vocabulary: 5, text, random });
}

describe('a token chooser', () => {
  const five = () => logOf(0.1, 0.4, 0.05, 0.3, 0.15);

  it('takes the likeliest at temperature 0, and no random number', async () => {
    const chooser = await chooserFor({ temperature: 0 }, () => {
      throw new Error('A number was drawn.');
    });
    expect(chooser.choose(five())).toEqual({ token: 1 });
  });

  it('draws as often as the probabilities say', async () => {
    const chooser = await chooserFor({}, seededRandom(5));
    const counts = [0, 0, 0, 0, 0];
    const draws = 20_000;
    for (let round = 0; round < draws; round += 1) {
      const { token } = chooser.choose(five());
      counts[token] = (counts[token] ?? 0) + 1;
    }
    for (const [token, share] of [0.1, 0.4, 0.05, 0.3, 0.15].entries())
      expect((counts[token] ?? 0) / draws).toBeCloseTo(share, 1);
  });

  it('draws one number a choice, also where there is nothing to choose', async () => {
    let drawn = 0;
    const chooser = await chooserFor({ top_k: 1, top_logprobs: 2 }, () => (drawn += 1) / 1000);
    for (let round = 0; round < 3; round += 1) chooser.choose(five());
    chooser.choose(new Float32Array(5).fill(-Infinity));
    expect(drawn).toBe(4);
  });

  it('remembers what it is told, not what it chose', async () => {
    const chooser = await chooserFor({ temperature: 0, no_repeat_ngram_size: 1 });
    expect([chooser.choose(five()).token, chooser.choose(five()).token]).toEqual([1, 1]);
    chooser.accept(1);
    expect(chooser.choose(five()).token).toBe(3);
  });

  it('counts the prompt where a rule does', async () => {
    const parameters = { temperature: 0, no_repeat_ngram_size: 1 };
    const options = { parameters, prompt: [1, 3], eosTokenIds: [4], vocabulary: 5, text, random: () => 0 };
    const chooser = await createTokenChooser(options);
    expect(chooser.choose(five()).token).toBe(4);
  });

  it('ends where everything is forbidden', async () => {
    for (const temperature of [0, 1]) {
      const chooser = await chooserFor({ temperature });
      expect(chooser.choose(new Float32Array(5).fill(-Infinity)).token).toBe(4);
    }
  });

  it('tells log-probabilities of the model, whatever the parameters make of them', async () => {
    const chooser = await chooserFor({
      temperature: 0,
      logit_bias: [{ token: 2, bias: 50 }],
      top_logprobs: 2,
    });
    const choice = chooser.choose(five().map((logit) => logit + 3));
    expect(choice.token).toBe(2);
    expect(choice.logprob).toBeCloseTo(Math.log(0.05), 5);
    expect(choice.top?.map(({ token }) => token)).toEqual([1, 3]);
    expect(choice.top?.map(({ logprob }) => Math.exp(logprob).toFixed(4))).toEqual(['0.4000', '0.3000']);
  });

  it('tells the log-probability alone with 0 alternatives', async () => {
    const chooser = await chooserFor({ temperature: 0, top_logprobs: 0 });
    const { logprob, top } = chooser.choose(five());
    expect(logprob).toBeCloseTo(Math.log(0.4), 5);
    expect(top).toEqual([]);
  });

  it('goes its own way after a fork, with random numbers from one source', async () => {
    const chooser = await chooserFor({ temperature: 0, repetition_penalty: 10, frequency_penalty: 1 });
    const copy = chooser.fork();
    copy.accept(1);
    const logits = () => Float32Array.of(1, 4, 2, 3, 0);
    expect([chooser.choose(logits()).token, copy.choose(logits()).token]).toEqual([1, 3]);
  });
});

describe('a chooser with the bundled vocabulary', () => {
  it('never writes an unwanted text, however it might be cut into tokens', async () => {
    const model = await bundledText();
    const likely = [
      'the',
      ' th',
      'e',
      ' a',
      'n',
      'i',
      ' i',
      't',
      'h',
      'é',
      ' 日本',
      'ing',
      ' ',
      ' an',
    ].flatMap((piece) => model.text.encode(piece));
    const write = async (parameters: GenerationParameters) => {
      const random = seededRandom(21);
      const noise = Float32Array.from({ length: 2 * model.vocabulary }, () => random());
      const chooser = await createTokenChooser({ ...model, parameters, prompt: [], random });
      const bytes: number[] = [];
      for (let count = 0; count < 200; count += 1) {
        const from = Math.floor(model.vocabulary * random());
        const logits = noise.slice(from, from + model.vocabulary);
        for (const token of likely) logits[token] = 11;
        const { token } = chooser.choose(logits);
        bytes.push(...(model.text.bytesOf(token) ?? []));
        chooser.accept(token);
      }
      return Buffer.from(bytes).toString();
    };
    const bad_words = ['the', 'an', ' i', 'é', '本', 'ing'];
    const [free, careful] = [await write({}), await write({ bad_words })];
    for (const word of bad_words) {
      expect(free).toContain(word);
      expect(careful).not.toContain(word);
    }
  });
});
