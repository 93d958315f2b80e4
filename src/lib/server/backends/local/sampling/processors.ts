import { BadWords } from './bad-words';
import type { ChooserOptions } from './chooser-options';
import { minNewTokens } from './min-new-tokens';
import { noRepeatNgram } from './no-repeat-ngram';
import { countPenalty, repetitionPenalty } from './penalties';
import type { Processor } from './processor';
import { sequenceBias } from './sequence-bias';

/**
 * The processors that some parameters ask for, none for one that is off, in the order of Hugging Face's `generate`
 * (`_get_logits_processor`); the penalties of the OpenAI API, which it does not have, follow the repetition penalty.
 */
export function processorsFor({
  parameters,
  eosTokenIds,
  vocabulary,
  text,
}: Pick<ChooserOptions, 'parameters' | 'eosTokenIds' | 'vocabulary' | 'text'>): Processor[] {
  const {
    logit_bias = [],
    repetition_penalty = 1,
    presence_penalty: presence = 0,
    frequency_penalty: frequency = 0,
    no_repeat_ngram_size = 0,
    bad_words = [],
    min_new_tokens = 0,
  } = parameters;
  return [
    logit_bias.length > 0 && sequenceBias(logit_bias, text, vocabulary),
    repetition_penalty !== 1 && repetitionPenalty(repetition_penalty),
    (presence !== 0 || frequency !== 0) && countPenalty({ presence, frequency }),
    no_repeat_ngram_size > 0 && noRepeatNgram(no_repeat_ngram_size),
    bad_words.length > 0 && BadWords.of(bad_words, text, vocabulary),
    min_new_tokens > 0 && minNewTokens(min_new_tokens, eosTokenIds),
  ].filter((processor) => processor !== false);
}
