import type { ConversationSummary } from './conversation';
import type { Message } from './message';

/** What changes in an owner's list, told to all of that owner's tabs. */
export type OwnerEvent =
  | { type: 'conversation-changed'; conversation: ConversationSummary }
  | { type: 'conversation-deleted'; conversationId: string }
  /** All conversations were deleted together. */
  | { type: 'list-cleared' }
  /** Many conversations came at once: the list is to be asked for again. */
  | { type: 'list-changed' }
  /** New messages of a run, whole: a second tab shows them without asking. The text of answers follows as entries. */
  | { type: 'messages-added'; conversationId: string; leafId: string; messages: Message[] };
