import type { Conversation } from '../../domain/conversation';
import type { CreateConversation } from '../../domain/requests';
import type { ConversationChanges, ConversationPage } from '../storage/storage';

/** What people do with whole conversations. Each change is told to the owner's other tabs. */
export interface Conversations {
  create(owner: string, request: CreateConversation): Promise<Conversation>;
  list(owner: string, page: { before?: string; limit: number }): Promise<ConversationPage>;
  update(owner: string, id: string, changes: ConversationChanges): Promise<Conversation>;
  /** Hides it and stops its runs; `restore` undoes it for an hour. */
  delete(owner: string, id: string): Promise<void>;
  restore(owner: string, id: string): Promise<Conversation>;
}
