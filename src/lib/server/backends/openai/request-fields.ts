import { unknownParameters } from '../../../domain/known-parameters';
import type { GenerationParameters, LogitBias, ParameterName } from '../../../domain/parameters';
import { parametersOf, type Dialect } from './dialect';
import { grammarFields } from './grammar-fields';

/** Most stop sequences that a request may have anywhere; the others are looked for here. */
const mostStops = 4;

export interface RequestFields {
  fields: Record<string, unknown>;
  /** Sentences: what was set and cannot be said to this server. */
  warnings: string[];
}

/** What is asked besides the text: `/chat/completions` and `/completions` differ in a few names. */
export interface FieldContext {
  dialect: Dialect;
  kind: 'messages' | 'prompt';
  /** The server wants `max_completion_tokens`. */
  usesCompletionTokens: boolean;
  /** Of a vLLM before 0.11. */
  hasGuidedFields: boolean;
}

/** The parameters as the server names them. Only what is set is sent: the server's own defaults count otherwise. */
export function requestFields(parameters: GenerationParameters, context: FieldContext): RequestFields {
  const { dialect } = context;
  const warnings = unknownParameters(parameters, parametersOf(dialect)).map(
    (name) => `This server does not know ${name}.`,
  );
  const fields: Record<string, unknown> = {};
  for (const [name, wireName] of Object.entries(dialect.names) as [ParameterName, string][]) {
    const value = parameters[name];
    if (value === undefined || (Array.isArray(value) && value.length === 0)) continue;
    fields[wireName] = value;
  }
  // Where the likeliest token alone is meant, both of these want a share above 0.
  if ((dialect.grammar === 'tgi' || dialect.grammar === 'vllm') && fields.top_p === 0) fields.top_p = 1e-6;
  // A range that is open at 1 is what TGI allows.
  if (dialect.grammar === 'tgi' && Number(fields.top_p) >= 1) delete fields.top_p;
  if (dialect.grammar === 'tgi' && context.kind === 'prompt' && parameters.repetition_penalty !== undefined) {
    fields.repetition_penalty = parameters.repetition_penalty;
    drop(warnings, 'repetition_penalty');
  }
  if (context.usesCompletionTokens && context.kind === 'messages' && 'max_tokens' in fields) {
    fields.max_completion_tokens = fields.max_tokens;
    delete fields.max_tokens;
  }
  for (const name of dialect.special)
    Object.assign(fields, specialFields(name, parameters, context, warnings));
  return { fields, warnings };
}

function drop(warnings: string[], name: ParameterName): void {
  const at = warnings.findIndex((warning) => warning.endsWith(` ${name}.`));
  if (at !== -1) warnings.splice(at, 1);
}

function specialFields(
  name: ParameterName,
  parameters: GenerationParameters,
  { dialect, kind, hasGuidedFields }: FieldContext,
  warnings: string[],
): Record<string, unknown> {
  const { stop, top_logprobs, logit_bias, grammar, reasoning_effort, adapter_id, num_return_sequences } =
    parameters;
  if (name === 'stop' && stop && stop.length > 0) return { stop: stop.slice(0, mostStops) };
  if (name === 'top_logprobs' && top_logprobs !== undefined)
    return logprobFields(logprobCount(top_logprobs, dialect), kind);
  if (name === 'logit_bias' && logit_bias && logit_bias.length > 0) return biasFields(logit_bias, warnings);
  if (name === 'grammar' && grammar) {
    const fields = grammarFields(grammar, dialect.grammar, hasGuidedFields);
    if (!fields) warnings.push(`This server does not know grammar of type ${grammar.type}.`);
    return fields ?? {};
  }
  if (name === 'reasoning_effort' && reasoning_effort !== undefined && kind === 'messages')
    return reasoningFields(reasoning_effort, dialect.reasoning);
  // An adapter is a model of its own to both servers that have them.
  if (name === 'adapter_id' && adapter_id !== undefined) return { model: adapter_id };
  if (name === 'num_return_sequences' && (num_return_sequences ?? 1) > 1) return { n: num_return_sequences };
  return {};
}

function logprobCount(asked: number, { leastLogprobs = 0, mostLogprobs = Infinity }: Dialect): number {
  return Math.max(leastLogprobs, Math.min(asked, mostLogprobs));
}

function logprobFields(count: number, kind: FieldContext['kind']): Record<string, unknown> {
  return kind === 'prompt' ? { logprobs: count } : { logprobs: true, top_logprobs: count };
}

/** Servers know tokens by number; which tokens a text has, nobody tells us. */
function biasFields(biases: readonly LogitBias[], warnings: string[]): Record<string, unknown> {
  const known = biases.flatMap((bias) => ('token' in bias ? [[String(bias.token), bias.bias] as const] : []));
  if (known.length < biases.length)
    warnings.push('This server takes logit_bias of tokens only, not of texts.');
  return known.length > 0 ? { logit_bias: Object.fromEntries(known) } : {};
}

function reasoningFields(effort: string, style: Dialect['reasoning']): Record<string, unknown> {
  const isOff = effort === 'none';
  const template = {
    chat_template_kwargs: { enable_thinking: !isOff, ...(!isOff && { reasoning_effort: effort }) },
  };
  if (style === 'openrouter') return { reasoning: isOff ? { enabled: false } : { effort } };
  if (style === 'template') return template;
  if (style === 'vllm') return isOff ? template : { ...template, reasoning_effort: effort };
  return { reasoning_effort: effort };
}
