import { imageMark, type PromptMessage } from '../../backends/backend';
import type { CompiledTemplate, ContentPart, TemplateInput, TemplateMessage } from './compiled-template';

/** Words that stand nowhere else in a prompt, and that no template changes. */
const question = 'parlance-question';
const instruction = 'parlance-instruction';

/** How a template wants its messages, found by trying. */
export interface ContentForm {
  /** It prints the content of a message as a text; otherwise it looks for parts only. */
  takesText: boolean;
  /** What it writes where an image stands; absent: it knows none, or is given texts only. */
  imageText?: string;
  /** It writes system prompts; otherwise it refuses or forgets them. */
  takesSystem: boolean;
}

type Fixed = Omit<TemplateInput, 'messages'>;

/** Tries a template with one short question. Throws what it throws when nothing that it is given suits it. */
export function contentFormOf(template: CompiledTemplate, fixed: Fixed): ContentForm {
  const render = (...messages: TemplateMessage[]) => template({ ...fixed, messages });
  const said = attempt(() => render({ role: 'user', content: question }));
  const parts = attempt(() => render({ role: 'user', content: partsOf(0, question) }));
  const takesText = said.text?.includes(question) ?? false;
  if (!takesText && !parts.text?.includes(question))
    throw said.fault ?? new Error('It does not write what people say.');
  const imageText = betweenTexts(attempt(() => render({ role: 'user', content: textImageText })).text);
  const contentOf = (text: string) => (takesText ? text : partsOf(0, text));
  const told = attempt(() =>
    render(
      { role: 'system', content: contentOf(instruction) },
      { role: 'user', content: contentOf(question) },
    ),
  );
  return {
    takesText,
    takesSystem: told.text?.includes(instruction) ?? false,
    ...(imageText !== undefined && { imageText }),
  };
}

/** A message as the template wants it, its images before its text. */
export function inForm({ role, content, images = [] }: PromptMessage, form: ContentForm): TemplateMessage {
  if (images.length > 0 && form.imageText !== undefined)
    return { role, content: partsOf(images.length, content) };
  const text = imageMark.repeat(images.length) + content;
  return { role, content: form.takesText ? text : partsOf(0, text) };
}

function partsOf(images: number, text: string): ContentPart[] {
  return [...Array.from({ length: images }, () => ({ type: 'image' as const })), { type: 'text', text }];
}

const textImageText: ContentPart[] = [
  { type: 'text', text: question },
  { type: 'image' },
  { type: 'text', text: instruction },
];

/** What a template wrote between two texts for the image there. */
function betweenTexts(prompt: string | undefined): string | undefined {
  const between = prompt?.split(question)[1]?.split(instruction);
  return between?.length === 2 ? between[0]?.trim() || undefined : undefined;
}

function attempt(render: () => string): { text?: string; fault?: unknown } {
  try {
    return { text: render() };
  } catch (fault) {
    return { fault };
  }
}
