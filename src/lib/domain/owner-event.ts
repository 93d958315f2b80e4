import type { ConversationSummary } from './conversation';
import type { Message } from './message';

/** What changes in an owner's list and conversations, told to all of that owner's tabs. */
export type OwnerEvent =
  | { type: 'conversation-changed'; conversation: ConversationSummary }
  | { type: 'conversation-deleted'; conversationId: string }
  /** New messages, whole: a second tab shows them without asking. The text of running answers follows as entries. */
  | { type: 'messages-added'; conversationId: string; leafId: string; messages: Message[] }
  /** A message and what hung from it are hidden. */
  | { type: 'messages-deleted'; conversationId: string; messageIds: string[] }
  /** Deleted messages are back: a page that shows the conversation asks for it again. */
  | { type: 'messages-restored'; conversationId: string };
