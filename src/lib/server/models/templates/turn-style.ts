import {
  textOfContent,
  withSystemFolded,
  type CompiledTemplate,
  type TemplateInput,
} from './compiled-template';

type Write = (text: string) => string;

/** How a family of models writes a conversation. */
export interface TurnStyle {
  user: Write;
  assistant: Write;
  /** What the answer follows. */
  opening: string | ((variables: TemplateInput['variables']) => string);
  /** A turn of its own for the system prompt; given what stands there without one, if there is anything. */
  system?: (text: string | undefined, variables: TemplateInput['variables']) => string;
  /** For families without a system turn: the message of the person that has the system prompt in it. */
  fold?: (systemPrompt: string, text: string) => string;
  /** Which message that is; the first if absent. */
  foldsInto?: 'last';
  /** Written first. The `bos_token` if absent. */
  start?: string;
}

/** Writes messages one after the other in a style. */
export function inTurns(style: TurnStyle): CompiledTemplate {
  return ({ messages, bosToken, variables }) => {
    const texts = messages.map(({ role, content }) => ({ role, content: textOfContent(content) }));
    const [first] = texts;
    const systemPrompt = first?.role === 'system' ? first.content : undefined;
    const rest = systemPrompt === undefined ? texts : texts.slice(1);
    const turns = (style.system ? rest : folded(style, texts)).map(({ role, content }) =>
      role === 'assistant' ? style.assistant(content) : style.user(content),
    );
    const opening = typeof style.opening === 'string' ? style.opening : style.opening(variables);
    return [style.start ?? bosToken, style.system?.(systemPrompt, variables) ?? '', ...turns, opening].join(
      '',
    );
  };
}

type TextMessages = Parameters<typeof withSystemFolded>[0];

function folded({ fold, foldsInto }: TurnStyle, texts: TextMessages): TextMessages {
  const [system] = texts;
  if (foldsInto !== 'last' || system?.role !== 'system') return withSystemFolded(texts, fold);
  const asked = texts.findLastIndex(({ role }) => role === 'user');
  if (asked < 1) return withSystemFolded(texts, fold);
  return [...texts.slice(1, asked), ...withSystemFolded([system, ...texts.slice(asked)], fold)];
}

/** What a model thought before it answered, left out: it is of no use to later turns. */
export function withoutReasoning(text: string): string {
  return text.split('</think>').at(-1) ?? text;
}
