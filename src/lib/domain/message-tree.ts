import type { Message } from './message';

type Linked = Pick<Message, 'id' | 'parentId'>;

/** The child that was last shown under a message, by the id of the message. */
export type LastShown = ReadonlyMap<string, string>;

const nothingShown: LastShown = new Map();

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

/**
 * The versions of one message, itself included, oldest first as given: all that follow the same message. Whatever the
 * role, since each of them hides the others.
 */
export function siblingsOf<M extends Linked>(messages: readonly M[], { parentId }: Linked): M[] {
  return messages.filter((other) => other.parentId === parentId);
}

/** The ids of the messages that follow each message, oldest first as given; those under `null` begin a conversation. */
export function childrenById(messages: readonly Linked[]): Map<string | null, string[]> {
  const children = new Map<string | null, string[]>();
  for (const { id, parentId } of messages) {
    const known = children.get(parentId);
    if (known) known.push(id);
    else children.set(parentId, [id]);
  }
  return children;
}

/**
 * The end of the branch that goes through `id`: where switching to that version arrives. It goes on with what was last
 * shown, and with the newest message where nothing was.
 */
export function leafBelow(
  messages: readonly Linked[],
  id: string,
  lastShown: LastShown = nothingShown,
): string {
  const children = childrenById(messages);
  const seen = new Set<string>();
  let leaf = id;
  while (!seen.has(leaf)) {
    seen.add(leaf);
    const below = children.get(leaf) ?? [];
    const shown = lastShown.get(leaf);
    leaf = (shown !== undefined && below.includes(shown) ? shown : below.at(-1)) ?? leaf;
  }
  return leaf;
}

/** A message with everything that hangs from it, in the order given; empty when it is not there. */
export function subtreeOf<M extends Linked>(messages: readonly M[], id: string): M[] {
  const children = childrenById(messages);
  const below = new Set([id]);
  // A set is walked in the order in which things are added, also those that are added meanwhile.
  for (const next of below) for (const child of children.get(next) ?? []) below.add(child);
  return messages.filter((message) => below.has(message.id));
}

/**
 * The end of the branch that is shown once `gone` have gone from `messages`: `leafId` when it stays; otherwise the
 * branch of the version next to the one that went (the older one first), or where there is none, that of its parent.
 * `null`: nothing is left.
 */
export function leafWithout(
  messages: readonly Linked[],
  gone: ReadonlySet<string>,
  leafId: string | null,
  lastShown: LastShown = nothingShown,
): string | null {
  const top = pathTo(messages, leafId).find(({ id }) => gone.has(id));
  if (!top) return leafId;
  const left = messages.filter(({ id }) => !gone.has(id));
  const siblings = siblingsOf(messages, top);
  const at = siblings.findIndex(({ id }) => id === top.id);
  const isLeft = ({ id }: Linked) => !gone.has(id);
  const nearest = siblings.slice(0, at).findLast(isLeft) ?? siblings.slice(at + 1).find(isLeft);
  const next = nearest?.id ?? top.parentId;
  return next === null ? null : leafBelow(left, next, lastShown);
}
