import { AppError } from '../../../domain/errors';
import type { GenerateRequest, PromptMessage } from '../backend';

export type WireContent =
  string | ({ type: 'text'; text: string } | { type: 'image_url'; image_url: { url: string } })[];

export interface WireMessage {
  role: 'system' | 'user' | 'assistant';
  content: WireContent;
}

/**
 * Messages as chat templates want them: one system message, at the beginning, and roles in turn; what follows itself is
 * one message with a blank line between. With `foldsSystem`, for templates that have no such role, the system text
 * begins the first user message, which it makes where there is none.
 */
export function inTurns(messages: readonly PromptMessage[], foldsSystem = false): PromptMessage[] {
  const system = messages.filter(({ role }) => role === 'system').map(({ content }) => content);
  const turns: PromptMessage[] = [];
  for (const message of messages) {
    if (message.role === 'system') continue;
    // No server is told of a function here, so none knows what to do with what one returned but to read it.
    const role = message.role === 'tool' ? 'user' : message.role;
    const last = turns.at(-1);
    if (last?.role === role) turns[turns.length - 1] = joined(last, message);
    else turns.push({ ...message, role });
  }
  const text = system.filter((part) => part !== '').join('\n\n');
  if (text === '') return turns;
  if (!foldsSystem) return [{ role: 'system', content: text }, ...turns];
  const [first] = turns;
  if (first?.role !== 'user') return [{ role: 'user', content: text }, ...turns];
  return [joined({ role: 'user', content: text }, first), ...turns.slice(1)];
}

function joined(first: PromptMessage, second: PromptMessage): PromptMessage {
  const images = [...(first.images ?? []), ...(second.images ?? [])];
  const content = [first.content, second.content].filter((text) => text !== '').join('\n\n');
  return { role: first.role, content, ...(images.length > 0 && { images }) };
}

/** The messages with their images as data: a server need not reach ours, and none of them leaves traces in a log. */
export async function wireMessages(
  messages: readonly PromptMessage[],
  readFile: GenerateRequest['readFile'],
): Promise<WireMessage[]> {
  return Promise.all(
    messages.map(async (message) => ({
      role: message.role === 'tool' ? 'user' : message.role,
      content: await contentOf(message, readFile),
    })),
  );
}

async function contentOf(
  { content, images = [] }: PromptMessage,
  readFile: GenerateRequest['readFile'],
): Promise<WireContent> {
  if (images.length === 0) return content;
  if (!readFile) throw new AppError('invalid-input', 'The images of this conversation cannot be read here.');
  const urls = images.map(async ({ fileId, mime }) => {
    const base64 = Buffer.from(await readFile(fileId)).toString('base64');
    return { type: 'image_url' as const, image_url: { url: `data:${mime};base64,${base64}` } };
  });
  return [
    ...(await Promise.all(urls)),
    ...(content === '' ? [] : [{ type: 'text' as const, text: content }]),
  ];
}
