import type { GenerationParameters, Grammar } from '../../../domain/parameters';
import type { GenerateRequest, PromptMessage } from '../backend';
import type { OllamaConfig } from './config';
import { base64Of, withImageMarks } from './images';
import { contextOf, hasThinkingLevels, isAbleTo } from './show';
import type { OllamaShow } from './wire';

export interface OllamaPlan {
  path: '/api/chat' | '/api/generate';
  body: Record<string, unknown>;
  /** What is not as it was asked for, for people. */
  changes: string[];
}

/** What the server is known to be, and how it is to be used. */
export interface OllamaModel {
  config: OllamaConfig;
  show: OllamaShow | undefined;
}

type Asked<K extends GenerateRequest['kind']> = GenerateRequest & { kind: K };

/**
 * What the server is asked for. Messages go to `/api/chat`, where the model's own template is; a prompt is sent raw, and
 * one with a suffix is put into the template for filling in, which raw requests do not have.
 */
export async function planRequest(
  request: Asked<'messages'> | Asked<'prompt'>,
  model: OllamaModel,
): Promise<OllamaPlan> {
  const changes: string[] = [];
  const { grammar, top_logprobs } = request.parameters;
  const common = {
    ...commonOf(request.parameters, model),
    ...formatOf(grammar, changes),
    ...(top_logprobs !== undefined && { logprobs: true, top_logprobs }),
  };
  const sees = isAbleTo(model.show, 'vision') !== false;
  if (request.kind === 'messages') {
    const messages = await chatMessages(request, sees, changes);
    const think = thinkOf(request.parameters, model.show);
    return { path: '/api/chat', body: { ...common, messages, ...think }, changes };
  }
  const { prompt, suffix, images = [], readFile } = request;
  if (!sees) noteLeftOut(images.length, changes);
  const sent = sees ? await base64Of(images, readFile) : [];
  const body = {
    ...common,
    prompt: withImageMarks(prompt, sent.length),
    ...(suffix === undefined ? { raw: true } : { suffix }),
    ...(sent.length > 0 && { images: sent }),
  };
  return { path: '/api/generate', body, changes };
}

function commonOf(parameters: GenerationParameters, { config, show }: OllamaModel): object {
  const { model, keepAlive } = config;
  return {
    model,
    stream: true,
    // What is too long is an error that we can tell, instead of being left out without a word.
    truncate: false,
    shift: false,
    options: { num_ctx: contextOf(config, show), ...optionsOf(parameters) },
    ...(keepAlive !== undefined && { keep_alive: keepAlive }),
  };
}

/** What is not set stays as the model's own file has it. */
function optionsOf(given: GenerationParameters): Record<string, unknown> {
  const options = {
    num_predict: given.max_new_tokens,
    temperature: given.temperature,
    top_k: given.top_k,
    top_p: given.top_p,
    min_p: given.min_p,
    repeat_penalty: given.repetition_penalty,
    presence_penalty: given.presence_penalty,
    frequency_penalty: given.frequency_penalty,
    seed: given.seed,
    stop: given.stop && given.stop.length > 0 ? given.stop : undefined,
  };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function formatOf(grammar: Grammar | undefined, changes: string[]): { format?: unknown } {
  if (grammar === undefined) return {};
  if (grammar.type === 'json') return { format: typeof grammar.value === 'object' ? grammar.value : 'json' };
  changes.push('The answer is not guided: Ollama takes JSON schemas only.');
  return {};
}

/** Asking a model to think that cannot is an error, so it is asked only when it can or nobody knows. */
function thinkOf(
  { reasoning_effort: effort }: GenerationParameters,
  show: OllamaShow | undefined,
): { think?: boolean | string } {
  if (effort === undefined || isAbleTo(show, 'thinking') === false) return {};
  if (effort === 'none') return { think: false };
  if (!hasThinkingLevels(show)) return { think: true };
  return { think: effort === 'minimal' ? 'low' : effort };
}

/** The start of an answer is its last message, which the server goes on with. */
async function chatMessages(
  { messages, prefix = '', readFile }: Asked<'messages'>,
  sees: boolean,
  changes: string[],
): Promise<object[]> {
  const written = await Promise.all(
    messages.map(async ({ role, content, images = [] }: PromptMessage) => ({
      role,
      content,
      ...(sees && images.length > 0 && { images: await base64Of(images, readFile) }),
    })),
  );
  if (!sees) noteLeftOut(messages.flatMap(({ images = [] }) => images).length, changes);
  return prefix === '' ? written : [...written, { role: 'assistant', content: prefix }];
}

function noteLeftOut(count: number, changes: string[]): void {
  if (count > 0) changes.push('Images were left out: this model does not see.');
}
