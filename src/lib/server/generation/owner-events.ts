import type { OwnerEvent } from '../../domain/owner-event';
import type { EventLog } from './event-log';

export interface OwnerSubscriber {
  onOwnerEvent(event: OwnerEvent): void;
  onRun(conversationId: string, log: EventLog): void;
}

/** Tells the open pages of one owner what changed, in this process. */
export class OwnerEvents {
  private readonly subscribers = new Map<string, Set<OwnerSubscriber>>();

  publish(owner: string, event: OwnerEvent): void {
    for (const subscriber of this.subscribers.get(owner) ?? []) subscriber.onOwnerEvent(event);
  }

  /** Tells the open pages of all owners. */
  broadcast(event: OwnerEvent): void {
    for (const owner of this.subscribers.keys()) this.publish(owner, event);
  }

  announceRun(owner: string, conversationId: string, log: EventLog): void {
    for (const subscriber of this.subscribers.get(owner) ?? []) subscriber.onRun(conversationId, log);
  }

  /** Returns the function that ends the subscription. */
  subscribe(owner: string, subscriber: OwnerSubscriber): () => void {
    const set = this.subscribers.get(owner) ?? new Set();
    this.subscribers.set(owner, set.add(subscriber));
    return () => {
      set.delete(subscriber);
      if (set.size === 0 && this.subscribers.get(owner) === set) this.subscribers.delete(owner);
    };
  }
}
