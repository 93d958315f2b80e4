import type { Message } from '../domain/message';
import { childrenById, leafBelow, leafWithout, pathTo } from '../domain/message-tree';

/** The messages of one conversation, and the branch of them that this page shows. */
export class Branches {
  messages = $state.raw<Message[]>([]);
  leafId = $state.raw<string | null>(null);
  /** Changes with the tree alone, and not with each piece of text: every message on the page looks at it. */
  private children = $state.raw<ReadonlyMap<string | null, string[]>>(new Map());
  private readonly lastShown = new Map<string, string>();

  get path(): Message[] {
    return pathTo(this.messages, this.leafId);
  }

  has(id: string): boolean {
    return this.messages.some((message) => message.id === id);
  }

  /** The ids of the versions of a message, itself included, oldest first. */
  versionsOf({ parentId }: Message): string[] {
    return this.children.get(parentId) ?? [];
  }

  /** How many messages hang from this one, itself included. */
  countBelow(id: string): number {
    const below = new Set([id]);
    for (const next of below) for (const child of this.children.get(next) ?? []) below.add(child);
    return below.size;
  }

  /** Takes all messages anew. The reader stays on the branch that is shown, if that is still there. */
  reset(messages: Message[], leafId: string | null): void {
    this.setMessages(messages);
    const stays = this.leafId !== null && this.has(this.leafId);
    const isFollowed = pathTo(messages, leafId).some(({ id }) => id === this.leafId);
    this.show(stays && !isFollowed ? this.leafId : leafId);
  }

  /** Adds messages, in the order in which the server has them: those that are known only take their place in it. */
  add(messages: readonly Message[]): void {
    const known = new Map(this.messages.map((message) => [message.id, message]));
    const added = new Set(messages.map(({ id }) => id));
    this.setMessages([
      ...this.messages.filter(({ id }) => !added.has(id)),
      ...messages.map((message) => known.get(message.id) ?? message),
    ]);
  }

  /** Takes messages away with all that hangs from them; the branch that is shown then is that of `fallback`, if that stays, or the nearest. */
  remove(ids: readonly string[], fallback?: string | null): void {
    const gone = new Set(ids.filter((id) => this.has(id)));
    if (gone.size === 0) return;
    const nearest = leafWithout(this.messages, gone, this.leafId, this.lastShown);
    const isMoved = nearest !== this.leafId;
    this.setMessages(this.messages.filter(({ id }) => !gone.has(id)));
    if (!isMoved) return;
    this.show(fallback && this.has(fallback) ? fallback : nearest);
  }

  /** Puts these messages in the place of those with their ids. */
  replace(changed: readonly Message[]): void {
    const byId = new Map(changed.map((message) => [message.id, message]));
    this.messages = this.messages.map((message) => byId.get(message.id) ?? message);
  }

  /** Shows the branch that goes through this message, down to where the reader was last. */
  show(id: string | null): void {
    this.leafId = id === null ? null : leafBelow(this.messages, id, this.lastShown);
    for (const { id: child, parentId } of this.path) {
      if (parentId !== null) this.lastShown.set(parentId, child);
    }
  }

  private setMessages(messages: Message[]): void {
    this.messages = messages;
    this.children = childrenById(messages);
  }
}
