import type { Processor } from './processor';

/**
 * Forbids the tokens that would complete a run of `size` tokens which prompt and answer together already hold:
 * `NoRepeatNGramLogitsProcessor` of Hugging Face Transformers. Reads the whole history, some microseconds for some
 * thousand tokens.
 */
export function noRepeatNgram(size: number): Processor {
  return {
    process(logits, history) {
      const begun = size - 1;
      const start = history.length - begun;
      if (start < 0) return;
      for (let from = 0; from + begun < history.length; from += 1) {
        let same = 0;
        while (same < begun && history.at(from + same) === history.at(start + same)) same += 1;
        const token = history.at(from + begun);
        if (same === begun && token !== undefined) logits[token] = -Infinity;
      }
    },
  };
}
