/** What a fake Text Generation Inference was started with. */
export interface FakeTgiLimits {
  maxStopSequences: number;
  maxBestOf: number;
  maxTopTokens: number;
  maxInputTokens: number;
  maxTotalTokens: number;
}

export const usualFakeLimits: FakeTgiLimits = {
  maxStopSequences: 4,
  maxBestOf: 2,
  maxTopTokens: 5,
  maxInputTokens: 4095,
  maxTotalTokens: 4096,
};

export interface FakeTgiParameters {
  max_new_tokens?: number;
  do_sample?: boolean;
  details?: boolean;
  return_full_text?: boolean;
  temperature?: number;
  top_k?: number;
  top_p?: number;
  typical_p?: number;
  repetition_penalty?: number;
  frequency_penalty?: number;
  seed?: number;
  stop?: string[];
  truncate?: number;
  watermark?: boolean;
  best_of?: number;
  top_n_tokens?: number;
  decoder_input_details?: boolean;
  grammar?: { type: string; value: unknown };
  adapter_id?: string;
}

type Kind = 'f32' | 'i32' | 'a boolean' | 'a string' | 'a sequence' | 'a map';

const kinds: Record<keyof FakeTgiParameters, Kind> = {
  max_new_tokens: 'i32',
  do_sample: 'a boolean',
  details: 'a boolean',
  return_full_text: 'a boolean',
  temperature: 'f32',
  top_k: 'i32',
  top_p: 'f32',
  typical_p: 'f32',
  repetition_penalty: 'f32',
  frequency_penalty: 'f32',
  seed: 'i32',
  stop: 'a sequence',
  truncate: 'i32',
  watermark: 'a boolean',
  best_of: 'i32',
  top_n_tokens: 'i32',
  decoder_input_details: 'a boolean',
  grammar: 'a map',
  adapter_id: 'a string',
};

/** Those that may be null; for the others it is a wrong type. */
const never = new Set<string>(['do_sample', 'stop', 'watermark', 'details', 'decoder_input_details']);

const checks: Record<Kind, (value: unknown) => boolean> = {
  f32: (value) => typeof value === 'number',
  i32: (value) => Number.isInteger(value),
  'a boolean': (value) => typeof value === 'boolean',
  'a string': (value) => typeof value === 'string',
  'a sequence': (value) => Array.isArray(value) && value.every((item) => typeof item === 'string'),
  'a map': (value) => typeof value === 'object' && value !== null && 'type' in value && 'value' in value,
};

/** The plain words of the JSON layer about a body of wrong types; it looks before anything else does. */
export function typeFault(body: unknown): string | undefined {
  const words = (field: string, expected: string) =>
    `Failed to deserialize the JSON body into the target type: ${field}: invalid type, expected ${expected} at line 1 column 9`;
  const { inputs, parameters = {}, stream } = body as Record<string, unknown>;
  if (typeof inputs !== 'string') return words('inputs', 'a string');
  if (stream !== undefined && typeof stream !== 'boolean') return words('stream', 'a boolean');
  if (typeof parameters !== 'object' || parameters === null) return words('parameters', 'a map');
  for (const [name, value] of Object.entries(parameters)) {
    const kind = kinds[name as keyof FakeTgiParameters] as Kind | undefined;
    if (!kind || (value === null && !never.has(name))) continue;
    if (!checks[kind](value)) return words(`parameters.${name}`, kind);
  }
  return undefined;
}

/** The words of the router's validation about a request that it refuses, without their common beginning. */
export function validationFault(
  inputs: string,
  given: FakeTgiParameters,
  { limits, streams, tokens }: { limits: FakeTgiLimits; streams: boolean; tokens: number },
): string | undefined {
  const { best_of: bestOf = 1, stop = [], top_n_tokens: top = 0, truncate, max_new_tokens: longest } = given;
  const read = Math.min(tokens, truncate ?? Infinity);
  const samples =
    given.do_sample === true ||
    [given.temperature, given.top_k, given.top_p, given.typical_p].some((value) => value !== undefined);
  const isShare = (value: number | undefined) => value === undefined || (value > 0 && value < 1);
  const faults: [boolean, string][] = [
    [limits.maxBestOf === 1 && bestOf !== 1, '`best_of` != 1 is not allowed for this endpoint'],
    [
      bestOf > limits.maxBestOf || bestOf < 1,
      `\`best_of\` must be > 0 and <= ${String(limits.maxBestOf)}. Given: ${String(bestOf)}`,
    ],
    [streams && bestOf > 1, '`best_of` != 1 is not supported when streaming tokens'],
    [
      streams && given.decoder_input_details === true,
      '`decoder_input_details` == true is not supported when streaming tokens',
    ],
    [bestOf > 1 && !samples, 'you must use sampling when `best_of` is > 1'],
    [(given.temperature ?? 1) <= 0, '`temperature` must be strictly positive'],
    [(given.repetition_penalty ?? 1) <= 0, '`repetition_penalty` must be strictly positive'],
    [Math.abs(given.frequency_penalty ?? 0) > 2, '`frequency_penalty` must be >= -2.0 and <= 2.0'],
    [!isShare(given.top_p), '`top_p` must be > 0.0 and < 1.0'],
    [!isShare(given.typical_p), '`typical_p` must be > 0.0 and < 1.0'],
    [(given.top_k ?? 1) <= 0, '`top_k` must be strictly positive'],
    [longest === 0, '`max_new_tokens` must be strictly positive'],
    [
      stop.length > limits.maxStopSequences,
      `\`stop\` supports up to ${String(limits.maxStopSequences)} stop sequences. Given: ${String(stop.length)}`,
    ],
    [bestOf > 1 && given.seed !== undefined, '`seed` must not be set when `best_of` > 1'],
    [
      top > limits.maxTopTokens,
      `\`top_n_tokens\` must be >= 0 and <= ${String(limits.maxTopTokens)}. Given: ${String(top)}`,
    ],
    [inputs === '', '`inputs` cannot be empty'],
    [
      truncate !== undefined && (truncate < 1 || truncate > limits.maxInputTokens),
      `\`truncate\` must be strictly positive and less than ${String(limits.maxInputTokens)}. Given: ${String(truncate)}`,
    ],
    [
      read + (longest ?? 0) > limits.maxTotalTokens,
      `\`inputs\` tokens + \`max_new_tokens\` must be <= ${String(limits.maxTotalTokens)}. Given: ${String(read)} \`inputs\` tokens and ${String(longest)} \`max_new_tokens\``,
    ],
    [
      read > limits.maxInputTokens,
      `\`inputs\` must have less than ${String(limits.maxInputTokens)} tokens. Given: ${String(read)}`,
    ],
    [lacksProperties(given.grammar), "grammar is not valid: Grammar must have a 'properties' field"],
  ];
  return faults.find(([isFault]) => isFault)?.[1];
}

function lacksProperties(grammar: FakeTgiParameters['grammar']): boolean {
  if (grammar?.type !== 'json') return false;
  const { value } = grammar;
  return typeof value !== 'object' || value === null || !('properties' in value);
}
