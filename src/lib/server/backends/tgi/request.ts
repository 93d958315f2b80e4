import type { GenerationParameters } from '../../../domain/parameters';
import { tgiGrammar, type TgiGrammar } from './guided';
import type { TgiLimits } from './info';

/** The parameters of a request as they go over the wire (the router's `GenerateParameters`). */
export interface TgiParameters {
  max_new_tokens?: number;
  do_sample: boolean;
  details: true;
  return_full_text: false;
  temperature?: number;
  top_k?: number;
  top_p?: number;
  typical_p?: number;
  repetition_penalty?: number;
  frequency_penalty?: number;
  seed?: number;
  stop?: string[];
  truncate?: number;
  watermark?: true;
  best_of?: number;
  top_n_tokens?: number;
  decoder_input_details?: true;
  grammar?: TgiGrammar;
  adapter_id?: string;
}

export interface TgiPlan {
  /** Whether the answer comes token by token; some parameters are refused then. */
  streams: boolean;
  parameters: TgiParameters;
  /** What is not as it was asked for, for people. */
  changes: string[];
}

/** The probability that the server wants to be above 0 and below 1; at 1 it is off, which is said by leaving it out. */
const least = 1e-6;
const share = (value: number | undefined) =>
  value === undefined || value >= 1 ? undefined : Math.max(value, least);

/**
 * What a server with these limits is asked for. Every switch is said, since their defaults differ between versions; what
 * it would refuse at once (a temperature of 0, a `top_p` of 1) is put as it wants it.
 */
export function planRequest(given: GenerationParameters, limits: TgiLimits): TgiPlan {
  const changes: string[] = [];
  const isGreedy = given.temperature !== undefined && given.temperature <= 0;
  const bestOf = bestOfWithin(given, limits, changes);
  const parameters: TgiParameters = {
    ...lengthOf(given, limits),
    do_sample: !isGreedy,
    details: true,
    return_full_text: false,
    ...(isGreedy ? {} : samplingOf(given)),
    ...repetitionOf(given),
    ...seedOf(given, bestOf, changes),
    ...stopOf(given, limits),
    ...truncateOf(given, limits, changes),
    ...alternativesOf(given, limits, changes),
    ...grammarOf(given, changes),
    ...(bestOf > 1 && { best_of: bestOf }),
    ...(given.watermark === true && { watermark: true }),
    ...(given.decoder_input_details === true && { decoder_input_details: true }),
    ...(given.adapter_id !== undefined && given.adapter_id !== '' && { adapter_id: given.adapter_id }),
  };
  return { streams: bestOf === 1 && given.decoder_input_details !== true, parameters, changes };
}

function lengthOf({ max_new_tokens }: GenerationParameters, limits: TgiLimits): Partial<TgiParameters> {
  const longest = max_new_tokens ?? limits.answerTokens;
  return longest === undefined ? {} : { max_new_tokens: longest };
}

/** Each of these switches sampling on, so none is said when the likeliest token is wanted. */
function samplingOf({ temperature, top_k, top_p, typical_p }: GenerationParameters): Partial<TgiParameters> {
  const [topP, typicalP] = [share(top_p), share(typical_p)];
  return {
    ...(temperature !== undefined && { temperature }),
    ...(top_k !== undefined && top_k > 0 && { top_k }),
    ...(topP !== undefined && { top_p: topP }),
    ...(typicalP !== undefined && { typical_p: typicalP }),
  };
}

function repetitionOf(given: GenerationParameters): Partial<TgiParameters> {
  const { repetition_penalty = 1, frequency_penalty = 0 } = given;
  return {
    ...(repetition_penalty !== 1 && { repetition_penalty }),
    ...(frequency_penalty !== 0 && { frequency_penalty }),
  };
}

function bestOfWithin(given: GenerationParameters, limits: TgiLimits, changes: string[]): number {
  const { best_of = 1, temperature = 1 } = given;
  if (best_of <= 1) return 1;
  if (temperature <= 0) {
    changes.push('best_of is left out: with a temperature of 0, all answers would be the same.');
    return 1;
  }
  if (best_of > limits.bestOf) {
    changes.push(
      limits.bestOf > 1
        ? `The server takes a best_of of at most ${String(limits.bestOf)}.`
        : 'best_of is left out: the server does not allow it.',
    );
  }
  return Math.max(1, Math.min(best_of, limits.bestOf));
}

function seedOf({ seed }: GenerationParameters, bestOf: number, changes: string[]): Partial<TgiParameters> {
  if (seed === undefined) return {};
  if (bestOf === 1) return { seed };
  changes.push('The seed is left out: the server takes none together with best_of.');
  return {};
}

/** Those beyond the server's limit are seen to here: all are looked for in what comes back. */
function stopOf({ stop = [] }: GenerationParameters, limits: TgiLimits): Partial<TgiParameters> {
  const sent = stop.filter((sequence) => sequence !== '').slice(0, limits.stopSequences);
  return sent.length > 0 ? { stop: sent } : {};
}

function truncateOf(
  { truncate }: GenerationParameters,
  { inputTokens = Infinity }: TgiLimits,
  changes: string[],
): Partial<TgiParameters> {
  if (truncate === undefined) return {};
  if (truncate > inputTokens)
    changes.push(`The server reads at most ${String(inputTokens)} tokens of a prompt.`);
  return { truncate: Math.min(truncate, inputTokens) };
}

function alternativesOf(
  { top_logprobs }: GenerationParameters,
  { topTokens }: TgiLimits,
  changes: string[],
): Partial<TgiParameters> {
  // Probabilities of the chosen tokens come without being asked for.
  if (top_logprobs === undefined || top_logprobs === 0) return {};
  if (top_logprobs > topTokens) {
    changes.push(
      topTokens > 0
        ? `The server gives at most ${String(topTokens)} alternatives for each token.`
        : 'The server gives no alternatives for tokens.',
    );
  }
  return topTokens > 0 ? { top_n_tokens: Math.min(top_logprobs, topTokens) } : {};
}

function grammarOf({ grammar }: GenerationParameters, changes: string[]): Partial<TgiParameters> {
  if (grammar === undefined) return {};
  const guide = tgiGrammar(grammar);
  if (guide) return { grammar: guide };
  changes.push('The answer is not guided: the server takes only JSON schemas of objects with "properties".');
  return {};
}
