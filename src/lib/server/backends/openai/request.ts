import type { GenerateRequest, PromptMessage } from '../backend';
import { AppError } from '../../../domain/errors';
import type { Dialect } from './dialect';
import { inTurns, wireMessages } from './messages';
import type { Learned } from './refusal';
import { requestFields } from './request-fields';

export interface RequestContext {
  dialect: Dialect;
  learned: Learned;
  model: string | undefined;
  hasGuidedFields: boolean;
  /** Of the configuration, over everything. */
  extra: Readonly<Record<string, unknown>>;
}

export interface WireRequest {
  path: '/chat/completions' | '/completions';
  body: Record<string, unknown>;
  warnings: { code: string; text: string }[];
  /** The start that may come again: the model was only asked to go on from it, or the server repeats it. */
  echo: string;
  hasSystem: boolean;
  hasPrefix: boolean;
}

const goOn =
  'Your last message was cut off. Go on exactly where it ends. Do not repeat any of it, and do not comment on this.';

/** The body of a request, in the dialect of the server. Reads the images that are in it. */
export async function wireRequest(request: GenerateRequest, context: RequestContext): Promise<WireRequest> {
  const { dialect, learned, model, extra } = context;
  if (request.kind === 'text2text')
    throw new AppError('invalid-input', 'This server cannot be asked in this way.');
  const { kind, parameters } = request;
  const said = requestFields(parameters, {
    dialect,
    kind,
    usesCompletionTokens: learned.usesCompletionTokens || dialect.hasCompletionTokens === true,
    hasGuidedFields: context.hasGuidedFields,
  });
  const prefix = request.kind === 'messages' ? (request.prefix ?? '') : '';
  const asksPrefix = prefix !== '' && dialect.prefix === undefined;
  const warnings = said.warnings.map((text) => ({ code: 'unknown-parameter', text }));
  if (asksPrefix) {
    const text = 'This server cannot be given the start of an answer: the model was asked to go on from it.';
    warnings.push({ code: 'prefix-asked', text });
  }
  const fields = withoutRefused(said.fields, learned, warnings);
  const [content, own] =
    request.kind === 'messages'
      ? await chatFields(request, context)
      : [completionFields(request, dialect), {}];
  return {
    path: kind === 'messages' ? '/chat/completions' : '/completions',
    body: {
      ...(model !== undefined && { model }),
      ...content,
      stream: true,
      ...(!learned.refused.has('stream_options') && { stream_options: { include_usage: true } }),
      ...fields,
      ...own,
      ...extra,
    },
    warnings,
    echo: asksPrefix || dialect.repeatsStart ? prefix : '',
    hasSystem: request.kind === 'messages' && request.messages.some(({ role }) => role === 'system'),
    hasPrefix: prefix !== '' && !asksPrefix,
  };
}

/** The messages, and what a given start needs besides. */
async function chatFields(
  { messages, prefix = '', readFile }: Extract<GenerateRequest, { kind: 'messages' }>,
  { dialect, learned }: RequestContext,
): Promise<[Record<string, unknown>, Record<string, unknown>]> {
  const turns = inTurns(messages, learned.foldsSystem);
  if (prefix === '') return [{ messages: await wireMessages(turns, readFile) }, {}];
  const given: PromptMessage[] = [{ role: 'assistant', content: prefix }];
  if (dialect.prefix === undefined) given.push({ role: 'user', content: goOn });
  // Merged with an answer that stands before it, as a message of the same role is.
  const all = inTurns([...turns, ...given]);
  const continues = dialect.prefix === 'continue-final-message';
  return [
    { messages: await wireMessages(all, readFile) },
    {
      ...(continues && { add_generation_prompt: false, continue_final_message: true }),
      ...(learned.noThinkingWithPrefix && { chat_template_kwargs: { enable_thinking: false } }),
    },
  ];
}

function completionFields(
  { prompt, suffix, images = [] }: Extract<GenerateRequest, { kind: 'prompt' }>,
  dialect: Dialect,
): Record<string, unknown> {
  if (images.length > 0)
    throw new AppError(
      'invalid-input',
      'This server takes images in a conversation only, not in a plain text.',
    );
  if (suffix !== undefined && suffix !== '' && !dialect.fillsInTheMiddle)
    throw new AppError('invalid-input', 'This server does not write between two texts.');
  return { prompt, ...(suffix !== undefined && suffix !== '' && { suffix }) };
}

function withoutRefused(
  fields: Record<string, unknown>,
  { refused }: Learned,
  warnings: WireRequest['warnings'],
): Record<string, unknown> {
  const dropped = Object.keys(fields).filter((name) => refused.has(name));
  for (const name of dropped)
    warnings.push({ code: 'unknown-parameter', text: `This server does not take ${name} with this model.` });
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !refused.has(name)));
}
