import type { Message } from './message';

type Linked = Pick<Message, 'id' | 'parentId'>;

/** The messages from the root down to `leafId`. A missing or cyclic parent ends the walk: nothing that exists is lost. */
export function pathTo<M extends Linked>(messages: readonly M[], leafId: string | null): M[] {
  const byId = new Map(messages.map((message) => [message.id, message]));
  const path: M[] = [];
  let next = leafId === null ? undefined : byId.get(leafId);
  while (next) {
    path.push(next);
    byId.delete(next.id);
    next = next.parentId === null ? undefined : byId.get(next.parentId);
  }
  return path.reverse();
}

/** The children of `parentId` (`null`: the first messages), oldest first as given. */
export function childrenOf<M extends Linked>(messages: readonly M[], parentId: string | null): M[] {
  return messages.filter((message) => message.parentId === parentId);
}

/** The versions of one message: those that share its parent and role, itself included. */
export function siblingsOf<M extends Pick<Message, 'id' | 'parentId' | 'role'>>(
  messages: readonly M[],
  message: M,
): M[] {
  return messages.filter((other) => other.parentId === message.parentId && other.role === message.role);
}

/** The newest leaf below `id`: where switching to that version arrives. */
export function newestLeafBelow<M extends Linked>(messages: readonly M[], id: string): string {
  const newestChild = new Map<string, string>();
  for (const message of messages)
    if (message.parentId !== null) newestChild.set(message.parentId, message.id);
  const seen = new Set<string>();
  let leaf = id;
  for (
    let child = newestChild.get(leaf);
    child !== undefined && !seen.has(child);
    child = newestChild.get(leaf)
  ) {
    seen.add(child);
    leaf = child;
  }
  return leaf;
}
