import type { Message } from './message';
import type { TextPiece } from './search-excerpt';

/** Something that was found: a title, or a message and the part of it that was looked for. */
export interface SearchHit {
  conversationId: string;
  title: TextPiece[];
  /** Of the conversation. */
  updatedAt: Date;
  /** `null`: the title itself was found. */
  message: (Pick<Message, 'id' | 'role' | 'createdAt'> & { excerpt: TextPiece[] }) | null;
}
