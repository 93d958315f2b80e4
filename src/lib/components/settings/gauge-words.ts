import { maxMessageLength } from '../../domain/message';
import type { Measure } from '../../domain/prompt';

export type GaugeLevel = 'plenty' | 'near' | 'tooLong';

/** From this share of the context on the reader is warned. */
const nearShare = 0.9;

/** Tokens of the next message with the room for its answer, and how serious that is. */
export function gaugeOf({ promptTokens, answerTokens, contextLength, leftOut, tooLong }: Measure) {
  const used = Math.min(promptTokens + answerTokens, contextLength);
  const isNear = leftOut > 0 || used / contextLength >= nearShare;
  const level: GaugeLevel = tooLong ? 'tooLong' : isNear ? 'near' : 'plenty';
  return {
    used,
    share: tooLong ? 1 : used / contextLength,
    promptShare: promptTokens / contextLength,
    level,
  };
}

/** Of a text that is longer than any message may be, whatever the model reads. */
export const tooLarge = {
  gauge: { used: 0, share: 1, promptShare: 1, level: 'tooLong' as GaugeLevel },
  words: {
    summary: `Too long: a message may have ${count(maxMessageLength)} characters`,
    more: ['It cannot be sent like this. Shorten it, or send it in parts.'],
  },
};

/** The gauge in sentences. */
export function gaugeWords(measure: Measure): { summary: string; more: string[] } {
  const { promptTokens, answerTokens, contextLength, leftOut, tooLong, isExact } = measure;
  const about = isExact ? '' : 'About ';
  if (tooLong) {
    const summary = `Too long: ${about.toLowerCase()}${count(tooLong.tokens)} of ${count(tooLong.limit)} tokens`;
    return { summary, more: ['It cannot be sent like this. Shorten it, or choose a model that reads more.'] };
  }
  const { used } = gaugeOf(measure);
  const left =
    leftOut === 0
      ? []
      : [`${count(leftOut)} oldest ${leftOut === 1 ? 'message' : 'messages'} will be left out.`];
  return {
    summary: `${about}${count(used)} of ${count(contextLength)} tokens`,
    more: [...left, `${count(promptTokens)} to read, and room for ${count(answerTokens)} of the answer.`],
  };
}

function count(tokens: number): string {
  return tokens.toLocaleString('en');
}
