import { untrack } from 'svelte';
import { MessageQueue, type QueueHost } from './message-queue.svelte';

/** The queues of the conversations that this page has open. A message goes although the reader is in another one. */
export class MessageQueues {
  private readonly all = new Map<string, MessageQueue>();
  /** Of the conversations that were shown; not of those that were only made, since that happens while drawing. */
  private shown = $state.raw<readonly MessageQueue[]>([]);

  of(host: QueueHost): MessageQueue {
    const queue = this.all.get(host.id) ?? new MessageQueue(host);
    this.all.set(host.id, queue);
    return queue;
  }

  /** From now on what waits in this conversation goes by itself. */
  watch(host: QueueHost): void {
    this.shown = [...new Set(untrack(() => this.shown)).add(this.of(host))];
  }

  /** Takes what other tabs of this browser have made of them. */
  sync(): void {
    for (const queue of this.shown) queue.sync();
  }

  /** Sends what may go now. To be called from an effect, which then knows when to call again. */
  send(): void {
    for (const queue of this.shown) if (queue.isReady) void untrack(() => queue.sendNext());
  }
}
