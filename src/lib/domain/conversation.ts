import type { Settings } from './settings';

export type ConversationKind = 'chat' | 'completion' | 'text2text';

/** What the person set for one conversation; what is absent comes from the owner's defaults, then from the model. */
export type ConversationSettings = Settings;

export interface Conversation {
  id: string;
  kind: ConversationKind;
  /** Empty until the first message gives it its first words. */
  title: string;
  /** The end of the branch that is shown. */
  leafId: string | null;
  modelId: string;
  settings: ConversationSettings;
  /** Listed before all others. */
  isPinned: boolean;
  createdAt: Date;
  /** The last time that a message was added; the list is ordered by it. */
  updatedAt: Date;
}

/** A row of the sidebar. */
export interface ConversationSummary {
  id: string;
  kind: ConversationKind;
  title: string;
  modelId: string;
  updatedAt: Date;
  isPinned: boolean;
  isRunning: boolean;
  /** An answer has ended that nobody has looked at yet. */
  isUnread: boolean;
}

/** Longest title, in characters. */
export const maxTitleLength = 120;
const titleWords = 60;

/** A title from the first words of a message: one line, cut at a word, with an ellipsis when cut. */
export function titleFromText(text: string): string {
  const line = text.replace(/\s+/gu, ' ').trim();
  if (line.length <= titleWords) return line;
  const cut = line.slice(0, titleWords);
  const lastSpace = cut.lastIndexOf(' ');
  const words = lastSpace > titleWords / 2 ? cut.slice(0, lastSpace) : trimSurrogate(cut);
  return `${words.replace(/[\s,;:.–-]+$/u, '')}…`;
}

/** The title of a conversation that begins as a copy of another; a copy of a copy is counted. */
export function forkTitle(title: string): string {
  const [, base = title, count] = /^(.*) \(fork(?: (\d{1,4}))?\)$/su.exec(title) ?? [];
  const isFork = base !== title;
  const suffix = isFork ? ` (fork ${String(Number(count ?? 1) + 1)})` : ' (fork)';
  return (trimSurrogate(base.slice(0, maxTitleLength - suffix.length)) + suffix).trimStart();
}

/** `text` without half a surrogate pair at its end. */
function trimSurrogate(text: string): string {
  return /[\uD800-\uDBFF]$/u.test(text) ? text.slice(0, -1) : text;
}
