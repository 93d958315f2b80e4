import type { ConversationSummary } from '../domain/conversation';
import { DateGroups } from './date-groups';

export interface ListGroup {
  label: string;
  conversations: readonly ConversationSummary[];
}

/** The order of the list, which is that of `GET /api/conversations`: negative when `a` comes first. */
export function compareListed(a: ConversationSummary, b: ConversationSummary): number {
  if (a.isPinned !== b.isPinned) return a.isPinned ? -1 : 1;
  const byTime = b.updatedAt.getTime() - a.updatedAt.getTime();
  if (byTime !== 0) return byTime;
  return a.id < b.id ? 1 : a.id > b.id ? -1 : 0;
}

/** Where `conversation` is, or belongs, in a list that is in order. */
export function placeIn(list: readonly ConversationSummary[], conversation: ConversationSummary): number {
  let [from, to] = [0, list.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    const other = list[middle];
    if (other && compareListed(other, conversation) < 0) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** The list under its headings. A group of `former` in which nothing has changed is the same object again. */
export function groupListed(
  list: readonly ConversationSummary[],
  now: Date,
  former: readonly ListGroup[],
): ListGroup[] {
  const dates = new DateGroups(now);
  const groups: { label: string; conversations: ConversationSummary[] }[] = [];
  for (const conversation of list) {
    const label = conversation.isPinned ? 'Pinned' : dates.labelOf(conversation.updatedAt);
    const last = groups.at(-1);
    if (last?.label === label) last.conversations.push(conversation);
    else groups.push({ label, conversations: [conversation] });
  }
  const known = new Map(former.map((group) => [group.label, group]));
  return groups.map((group) => {
    const old = known.get(group.label);
    return old && isSame(old.conversations, group.conversations) ? old : group;
  });
}

function isSame(a: readonly ConversationSummary[], b: readonly ConversationSummary[]): boolean {
  return a.length === b.length && a.every((conversation, index) => conversation === b[index]);
}
