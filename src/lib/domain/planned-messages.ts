import type { Message } from './message';
import { partsOf } from './parts';
import type { StartReplies } from './requests';

/**
 * The messages that a start adds, in order: the user's, if there is one, then every answer, still empty but for its
 * prefix. The browser shows them before the server has heard of them; the server stores the same ones.
 */
export function plannedMessages(conversationId: string, request: StartReplies, createdAt: Date): Message[] {
  const { userMessage, parentId, replies } = request;
  const shared = { conversationId, createdAt };
  const asked: Message[] = userMessage
    ? [{ ...shared, ...userMessage, parentId, role: 'user', origin: 'user', status: 'complete' }]
    : [];
  const answers = replies.flatMap(({ messageIds, generationId, modelId, prefix = '' }) =>
    messageIds.map((id): Message => ({
      ...shared,
      id,
      parentId: userMessage?.id ?? parentId,
      role: 'assistant',
      parts: partsOf(prefix),
      origin: 'model',
      modelId,
      generationId,
      ...(prefix !== '' && { prefixLength: prefix.length }),
      status: 'running',
    })),
  );
  return [...asked, ...answers];
}
