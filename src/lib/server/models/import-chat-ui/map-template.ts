import { ChatTemplate } from '../chat-template';
import type { BuiltInName } from '../templates/built-in';
import { compileTemplate } from '../templates/compile';
import type { Fields } from './fields';

export type TemplateNote = (field: string, why: string) => void;

/** A `chatTemplate` of the file of models. */
export type MappedTemplate =
  { handlebars: string } | { jinja: string; specialTokens?: string[] } | { builtIn: BuiltInName };

const tokenFields = [
  'userMessageToken',
  'userMessageEndToken',
  'assistantMessageToken',
  'assistantMessageEndToken',
  'messageEndToken',
] as const;

/** How the model of an entry wants its prompts; nothing where the entry does not say. */
export function mapTemplate(entry: Fields, note: TemplateNote): MappedTemplate | undefined {
  const source = entry.text('chatPromptTemplate');
  const tokens = tokensOf(entry);
  if (source !== undefined) return compiled(source, note);
  return tokens;
}

/** chat-ui took a text for Jinja first, and for Handlebars where that failed; so do we. */
function compiled(source: string, note: TemplateNote): MappedTemplate | undefined {
  const isHandlebars = /\{\{[~#/@]|\{\{else\}\}/u.test(source);
  const order = isHandlebars ? (['handlebars', 'jinja'] as const) : (['jinja', 'handlebars'] as const);
  const faults: string[] = [];
  for (const kind of order) {
    const fault = faultOf(kind, source);
    if (fault === undefined) return kind === 'jinja' ? { jinja: source } : { handlebars: source };
    faults.push(fault);
  }
  note('chatPromptTemplate', `It does not work and was left out: ${faults[0] ?? ''}`);
  return undefined;
}

function faultOf(kind: 'jinja' | 'handlebars', source: string): string | undefined {
  try {
    new ChatTemplate({ template: compileTemplate(kind, source), specialTokens: [] });
    return undefined;
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
}

/** Marks around messages, as versions 0.3 to 0.8 had them. */
function tokensOf(entry: Fields): MappedTemplate | undefined {
  const [user, userEnd, assistant, assistantEnd, end] = tokenFields.map((name) => {
    const value = entry.any(name);
    return typeof value === 'string' ? value : undefined;
  });
  if (!user && !assistant) return undefined;
  const turn = (before = '', after = end ?? '') => `${quoted(before)}{{ message.content }}${quoted(after)}`;
  const marks = [user, userEnd, assistant, assistantEnd, end].map((mark) => mark?.trim() ?? '');
  const specialTokens = [...new Set(marks.filter((mark) => /^[<[].+[>\]]$/u.test(mark)))];
  return {
    jinja: [
      '{{ preprompt }}{% for message in messages %}',
      `{% if message.role == "user" %}${turn(user, userEnd)}`,
      `{% elif message.role == "assistant" %}${turn(assistant, assistantEnd)}`,
      `{% endif %}{% endfor %}${quoted(assistant ?? '')}`,
    ].join(''),
    ...(specialTokens.length > 0 && { specialTokens }),
  };
}

/** A text that Jinja prints as it is. */
function quoted(text: string): string {
  return text === '' ? '' : `{{ ${JSON.stringify(text)} }}`;
}

/** Names of models, and the formats that their families are known to want. The first that fits counts. */
const families: [RegExp, BuiltInName][] = [
  [/llama-?3\.[1-3]/iu, 'llama3.1'],
  [/llama-?3/iu, 'llama3'],
  [/llama-?2|codellama.*instruct/iu, 'llama2'],
  [/mistral-nemo/iu, 'mistral-nemo'],
  [/mistral-(?:7b-instruct-v0\.3|large-.*2407)|mixtral-8x22b-instruct/iu, 'mistral-v3'],
  [/mistral-large-.*2411/iu, 'mistral-v7'],
  [/mistral-small/iu, 'mistral-v7-tekken'],
  [/(?:mistral-7b-instruct|mixtral.*instruct)(?!.*hermes)/iu, 'mistral'],
  [/gemma-?[123]?/iu, 'gemma'],
  [/phi-?4/iu, 'phi4'],
  [/phi-?3/iu, 'phi3'],
  [/zephyr/iu, 'zephyr'],
  [/qwen-?2|qwen1\.5/iu, 'qwen2.5'],
  [/qwen/iu, 'qwen'],
  [/deepseek.*r1(?!.*distill)/iu, 'deepseek-r1'],
  [/deepseek.*v2/iu, 'deepseek-v2'],
  [/deepseek-v3/iu, 'deepseek'],
  [/command-r/iu, 'command-r'],
  [/vicuna/iu, 'vicuna'],
  [/granite-3/iu, 'granite'],
];

/** What a model whose entry has no template most likely wants: its family's, or ChatML as chat-ui took it. */
export function usualTemplate(
  name: string,
  tokenizer: string | undefined,
): { builtIn: BuiltInName; isKnown: boolean } {
  const found = families.find(([pattern]) => pattern.test(tokenizer ?? name) || pattern.test(name));
  return { builtIn: found?.[1] ?? 'chatml', isKnown: found !== undefined };
}
