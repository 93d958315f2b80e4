import type { Conversation } from '../../domain/conversation';
import type { CreateConversation } from '../../domain/requests';
import { parseSearch } from '../../domain/search-terms';
import type { ModelRegistry } from '../models/registry';
import type { ConversationChanges, ConversationPage, SearchPage, Storage } from '../storage/storage';
import type { Generations } from './generations';
import type { OwnerEvents } from './owner-events';

/** What people do with whole conversations. Each change is told to the owner's other tabs. */
export class Conversations {
  constructor(
    private readonly storage: Storage,
    private readonly models: ModelRegistry,
    private readonly generations: Generations,
    private readonly ownerEvents: OwnerEvents,
  ) {}

  create(owner: string, { id, modelId, settings = {} }: CreateConversation): Promise<Conversation> {
    const model = this.models.offer(modelId ?? this.models.defaultFor(owner), owner);
    const createdAt = new Date();
    return this.storage.conversations.create(owner, {
      id,
      kind: 'chat',
      modelId: model.id,
      settings,
      createdAt,
    });
  }

  list(owner: string, page: { before?: string; limit: number }): Promise<ConversationPage> {
    return this.storage.conversations.list(owner, page);
  }

  async update(owner: string, id: string, changes: ConversationChanges): Promise<Conversation> {
    if (changes.modelId !== undefined) this.models.offer(changes.modelId, owner);
    const conversation = await this.storage.conversations.update(owner, id, changes);
    await this.tellChanged(owner, id);
    if (changes.settings) {
      const { settings } = conversation;
      this.ownerEvents.publish(owner, {
        type: 'conversation-settings-changed',
        conversationId: id,
        settings,
      });
    }
    return conversation;
  }

  /** A page that people see has this conversation open. */
  async markRead(owner: string, id: string): Promise<void> {
    const wasUnread = await this.storage.conversations.markRead(owner, id);
    if (wasUnread) await this.tellChanged(owner, id);
  }

  /** Titles and messages with all the words of `typed`. */
  search(owner: string, typed: string, page: { before?: string; limit: number }): Promise<SearchPage> {
    return this.storage.search.find(owner, parseSearch(typed), page);
  }

  /** Hides it and stops its runs; `restore` undoes it until it is purged. */
  async delete(owner: string, id: string): Promise<void> {
    await this.generations.stopAllIn(owner, id);
    await this.storage.conversations.delete(owner, id, new Date());
    // A run that began between the two.
    this.generations.stopLocal(owner, id);
    this.ownerEvents.publish(owner, { type: 'conversation-deleted', conversationId: id });
  }

  async restore(owner: string, id: string): Promise<Conversation> {
    const conversation = await this.storage.conversations.restore(owner, id);
    await this.tellChanged(owner, id);
    return conversation;
  }

  private async tellChanged(owner: string, id: string): Promise<void> {
    const conversation = await this.storage.conversations.summary(owner, id);
    this.ownerEvents.publish(owner, { type: 'conversation-changed', conversation });
  }
}
