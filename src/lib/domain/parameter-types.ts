/** The driver types that a parameter can be known to. */
export type BackendType = 'local' | 'scripted' | 'tgi' | 'openai' | 'ollama' | 'inference-client';

export type ParameterGroup = 'length' | 'sampling' | 'repetition' | 'stopping' | 'beams' | 'output';

/** What is added to the logit of a token, or of the last token of a text whose other tokens have been written. */
export type LogitBias = ({ text: string } | { token: number }) & { bias: number };

/** What an answer must be: JSON of a schema, a text that a regular expression matches, or one of some texts. */
export type Grammar =
  | { type: 'json'; value: Record<string, unknown> | boolean }
  | { type: 'regex'; value: string }
  | { type: 'choice'; value: string[] };

/** What a value of each type is in TypeScript. */
export interface ValueTypes {
  integer: number;
  number: number;
  boolean: boolean;
  strings: string[];
  biases: LogitBias[];
  grammar: Grammar;
  /** One line of text. */
  text: string;
  /** One of the descriptor's `options`. */
  option: string;
}

export interface Descriptor {
  /** Its name for people. */
  label: string;
  type: keyof ValueTypes;
  min?: number;
  max?: number;
  /** Where a slider begins, ends and stops, when all that is allowed is too wide to aim in. Absent: no slider. */
  usual?: { min: number; max: number; step: number };
  /** What is used when neither the model nor the person says otherwise; absent: off. */
  default?: number | boolean;
  /** What a value of type `option` may be. */
  options?: readonly string[];
  group: ParameterGroup;
  help: string;
  knownTo: readonly BackendType[];
}
