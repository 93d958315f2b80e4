import type { Conversation } from '../../domain/conversation';
import { AppError } from '../../domain/errors';
import type { Message } from '../../domain/message';
import { partsOf } from '../../domain/parts';
import type { EditAnswer, ForkConversation } from '../../domain/requests';
import type { Storage } from '../storage/storage';
import type { Generations } from './generations';
import type { OwnerEvents } from './owner-events';

/** What is left after a deletion, and what went. */
export interface MessagesDeleted {
  messageIds: string[];
  leafId: string | null;
}

/** What people do with single messages. Each change is told to the owner's other tabs. */
export class Messages {
  constructor(
    private readonly storage: Storage,
    private readonly generations: Generations,
    private readonly ownerEvents: OwnerEvents,
  ) {}

  /** Another version of an answer, with the person's own text. The same request again is the same version. */
  async editAnswer(
    owner: string,
    conversationId: string,
    messageId: string,
    { id, text }: EditAnswer,
  ): Promise<Message> {
    const { messages } = await this.storage.conversations.open(owner, conversationId);
    const answer = messages.find((message) => message.id === messageId);
    if (!answer) throw new AppError('not-found', 'This message is not there.');
    if (answer.role !== 'assistant')
      throw new AppError('invalid-input', 'Only an answer is edited this way.');
    if (answer.status === 'running') throw new AppError('conflict', 'The answer is still being written.');
    const edited: Message = {
      id,
      conversationId,
      parentId: answer.parentId,
      role: 'assistant',
      parts: partsOf(text),
      origin: 'edited',
      ...(answer.modelId !== undefined && { modelId: answer.modelId }),
      status: 'complete',
      createdAt: new Date(),
    };
    const outcome = await this.storage.messages.add(owner, edited);
    if (outcome === 'existing') return messages.find((message) => message.id === id) ?? edited;
    this.ownerEvents.publish(owner, {
      type: 'messages-added',
      conversationId,
      leafId: id,
      messages: [edited],
    });
    await this.tellChanged(owner, conversationId);
    return edited;
  }

  /** Hides a message with all that hangs from it and stops the runs in it; `restore` undoes it until it is purged. */
  async delete(owner: string, conversationId: string, messageId: string): Promise<MessagesDeleted> {
    const deletion = { conversationId, messageId, at: new Date() };
    const { messageIds, generationIds, leafId } = await this.storage.messages.delete(owner, deletion);
    // What began before is among these; what begins later finds its parent gone.
    await Promise.all(generationIds.map((id) => this.generations.stop(owner, id, undefined)));
    if (messageIds.length > 0) {
      this.ownerEvents.publish(owner, { type: 'messages-deleted', conversationId, messageIds });
    }
    return { messageIds, leafId };
  }

  /** Brings back what `delete` of this message hid. */
  async restore(
    owner: string,
    conversationId: string,
    messageId: string,
  ): Promise<{ leafId: string | null }> {
    const leafId = await this.storage.messages.restore(owner, conversationId, messageId);
    this.ownerEvents.publish(owner, { type: 'messages-restored', conversationId });
    return { leafId };
  }

  /** A new conversation with the path up to this message. The same request again is the same conversation. */
  async fork(
    owner: string,
    conversationId: string,
    messageId: string,
    { id }: ForkConversation,
  ): Promise<Conversation> {
    const fork = { conversationId, messageId, id, createdAt: new Date() };
    const conversation = await this.storage.messages.fork(owner, fork);
    await this.tellChanged(owner, id);
    return conversation;
  }

  private async tellChanged(owner: string, id: string): Promise<void> {
    const conversation = await this.storage.conversations.summary(owner, id);
    this.ownerEvents.publish(owner, { type: 'conversation-changed', conversation });
  }
}
