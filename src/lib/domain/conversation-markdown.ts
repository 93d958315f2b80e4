import type { Message, MessageStatus } from './message';
import { pathTo, siblingsOf } from './message-tree';
import type { WholeConversation } from './portable';

const roles: Record<Message['role'], string> = {
  user: 'You',
  assistant: 'Assistant',
  system: 'System',
  tool: 'Tool',
};

const statuses: Partial<Record<MessageStatus, string>> = {
  running: 'This answer was still being written.',
  stopped: 'Stopped.',
  failed: 'The answer failed.',
  interrupted: 'Interrupted.',
};

/** The branch that is shown, as a document to read. Other branches are only counted: the JSON has everything. */
export function conversationMarkdown({ conversation, messages }: WholeConversation): string {
  const { title, settings, createdAt, leafId } = conversation;
  const blocks = [`# ${oneLine(title) || 'New chat'}`, `*${dayOf(createdAt)}*`];
  if (settings.systemPrompt) blocks.push('## System prompt', settings.systemPrompt);
  for (const message of pathTo(messages, leafId)) {
    blocks.push(`## ${headingOf(message)}`, ...message.parts.map(partMarkdown));
    blocks.push(...notesOf(message, siblingsOf(messages, message).length));
  }
  return `${blocks.filter((block) => block.trim() !== '').join('\n\n')}\n`;
}

function headingOf({ role, modelId }: Message): string {
  return role === 'assistant' && modelId !== undefined ? oneLine(modelId) : roles[role];
}

function partMarkdown(part: Message['parts'][number]): string {
  switch (part.type) {
    case 'text':
      return part.text;
    case 'reasoning':
      return part.text.replace(/^/gmu, '> ');
    case 'tool-call':
      return `*Call of ${oneLine(part.name)}*\n\n${fenced(part.arguments)}`;
    case 'file':
      return `*File: ${oneLine(part.name)}*`;
  }
}

/** As code, in a fence that is longer than any in it. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/gu)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}json\n${text}\n${fence}`;
}

function notesOf({ status, origin }: Message, versions: number): string[] {
  const notes = [
    origin === 'edited' ? 'Edited.' : undefined,
    statuses[status],
    versions > 1 ? `One of ${String(versions)} versions.` : undefined,
  ].filter((note) => note !== undefined);
  return notes.length > 0 ? [`*${notes.join(' ')}*`] : [];
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}

/** Text that people or models chose, where it must stay on its line and mean nothing. */
function oneLine(text: string): string {
  return text
    .replace(/\s+/gu, ' ')
    .trim()
    .replace(/[\\`*_[\]<>#|]/gu, '\\$&');
}
