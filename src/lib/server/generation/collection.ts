import { AppError } from '../../domain/errors';
import type { ImportReport, WholeConversation } from '../../domain/portable';
import type { CollectionStore, SettingsStore, Storage } from '../storage/storage';
import { importConversations } from './collection-import';
import type { Generations } from './generations';
import type { OwnerEvents } from './owner-events';

/** Ids that are read at once, and conversations: what an export holds in memory. */
const idsAtOnce = 500;
const wholesAtOnce = 8;

/** What people do with all that they have: export, import, deletion. */
export class Collection {
  private readonly store: CollectionStore;
  private readonly settings: SettingsStore;

  constructor(
    storage: Storage,
    private readonly generations: Generations,
    private readonly ownerEvents: OwnerEvents,
  ) {
    this.store = storage.collection;
    this.settings = storage.settings;
  }

  /** Conversations that have messages. */
  count(owner: string): Promise<number> {
    return this.store.count(owner);
  }

  /** One conversation with all that it has; an answer that is being written comes with its text so far. */
  async whole(owner: string, id: string): Promise<WholeConversation> {
    const whole = await this.store.whole(owner, id);
    if (whole.messages.every(({ status }) => status !== 'running')) return whole;
    const { messages } = await this.generations.snapshot(owner, id);
    // What was begun or deleted between the two readings is not mixed in: runs and messages must belong together.
    const soFar = new Map(messages.map((message) => [message.id, message]));
    return { ...whole, messages: whole.messages.map((message) => soFar.get(message.id) ?? message) };
  }

  /** All conversations, oldest first. Reads a few at a time, as they are asked for. */
  async *all(owner: string): AsyncGenerator<WholeConversation> {
    let after: string | null | undefined;
    while (after !== null) {
      const page = await this.store.ids(owner, {
        limit: idsAtOnce,
        ...(after !== undefined && { after }),
      });
      for (let at = 0; at < page.ids.length; at += wholesAtOnce) {
        const ids = page.ids.slice(at, at + wholesAtOnce);
        yield* (await Promise.all(ids.map((id) => this.wholeIfThere(owner, id)))).flat();
      }
      after = page.next;
    }
  }

  /** Adds the conversations of a file; see `importConversations`. */
  async import(owner: string, conversations: readonly unknown[]): Promise<ImportReport> {
    const report = await importConversations(this.store, owner, conversations);
    if (report.imported > 0) this.tellChanged(owner);
    return report;
  }

  /** Hides everything, the defaults too, and stops what runs; `restoreAll` undoes it until it is purged. */
  async deleteAll(owner: string): Promise<{ deleted: number; deletedAt: Date }> {
    const deletedAt = new Date();
    this.generations.stopLocal(owner);
    const deleted = await this.store.deleteAll(owner, deletedAt);
    // Those that began between the two.
    this.generations.stopLocal(owner);
    this.ownerEvents.publish(owner, { type: 'list-cleared' });
    await this.tellSettings(owner);
    return { deleted, deletedAt };
  }

  /** Brings back what was deleted together at that instant; `not-found` when nothing is left of it. */
  async restoreAll(owner: string, deletedAt: Date): Promise<{ restored: number }> {
    const restored = await this.store.restoreAll(owner, deletedAt);
    if (restored === 0) throw new AppError('not-found', 'There is nothing to bring back.');
    this.tellChanged(owner);
    await this.tellSettings(owner);
    return { restored };
  }

  /** One that was deleted since its id was read is left out. */
  private async wholeIfThere(owner: string, id: string): Promise<WholeConversation[]> {
    try {
      return [await this.whole(owner, id)];
    } catch (thrown) {
      if (thrown instanceof AppError && thrown.code === 'not-found') return [];
      throw thrown;
    }
  }

  private async tellSettings(owner: string): Promise<void> {
    const settings = await this.settings.get(owner);
    this.ownerEvents.publish(owner, { type: 'settings-changed', settings });
  }

  /** Once for many conversations. */
  private tellChanged(owner: string): void {
    this.ownerEvents.publish(owner, { type: 'list-changed' });
  }
}
