import { AppError } from '../../../../domain/errors';
import type { LogitBias } from '../../../../domain/parameters';
import type { Processor } from './processor';
import type { TokenText } from './token-text';

interface BiasedSequence {
  tokens: readonly number[];
  bias: number;
}

/** A bias that forbids instead of being added, as the OpenAI API promises for its least. */
const forbids = -100;

/**
 * Adds a bias to the last token of a sequence whenever the tokens before it are the last ones written:
 * `SequenceBiasLogitsProcessor` of Hugging Face Transformers, which reads prompt and answer. A bias of -100 forbids;
 * 100 is more than any two logits of a model lie apart, so that it forces in effect.
 *
 * A text stands for its own tokens and for those with a space before it, since a word inside a sentence is another
 * token than the same word at its beginning. Of two biases of the same tokens the later one counts. Throws
 * `invalid-input` for a token that the model does not have.
 */
export function sequenceBias(biases: readonly LogitBias[], text: TokenText, vocabulary: number): Processor {
  const sequences = new Map<string, BiasedSequence>();
  for (const entry of biases) {
    for (const tokens of sequencesOf(entry, text, vocabulary))
      sequences.set(tokens.join(), { tokens, bias: entry.bias });
  }
  const all = [...sequences.values()];
  return {
    process(logits, history) {
      for (const { tokens, bias } of all) {
        const last = tokens.at(-1);
        if (last === undefined || !history.endsWith(tokens, tokens.length - 1)) continue;
        logits[last] = bias <= forbids ? -Infinity : (logits[last] ?? 0) + bias;
      }
    },
  };
}

function sequencesOf(entry: LogitBias, text: TokenText, vocabulary: number): (readonly number[])[] {
  if ('token' in entry) {
    if (entry.token < vocabulary) return [[entry.token]];
    throw new AppError(
      'invalid-input',
      `There is no token ${String(entry.token)}: the last one of this model is ${String(vocabulary - 1)}.`,
    );
  }
  const spellings = /^\s/u.test(entry.text) ? [entry.text] : [entry.text, ` ${entry.text}`];
  return spellings.map((spelling) => text.encode(spelling)).filter(({ length }) => length > 0);
}
