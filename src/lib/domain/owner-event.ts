import type { ConversationSummary } from './conversation';
import type { Message } from './message';
import type { Settings } from './settings';

/** What changes of an owner's, told to all of that owner's tabs. */
export type OwnerEvent =
  | { type: 'conversation-changed'; conversation: ConversationSummary }
  | { type: 'conversation-deleted'; conversationId: string }
  /** All conversations were deleted together. */
  | { type: 'list-cleared' }
  /** Many conversations came at once: the list is to be asked for again. */
  | { type: 'list-changed' }
  /** New messages, whole: a second tab shows them without asking. The text of running answers follows as entries. */
  | { type: 'messages-added'; conversationId: string; leafId: string; messages: Message[] }
  /** A message and what hung from it are hidden. */
  | { type: 'messages-deleted'; conversationId: string; messageIds: string[] }
  /** Deleted messages are back: a page that shows the conversation asks for it again. */
  | { type: 'messages-restored'; conversationId: string }
  /** The owner's defaults as they are now. */
  | { type: 'settings-changed'; settings: Settings }
  /** The models of this server are others now, or have changed: they are to be asked for again. */
  | { type: 'models-changed' }
  | { type: 'conversation-settings-changed'; conversationId: string; settings: Settings };
