import type { Conversation } from './conversation';
import { hasEnded, type Generation } from './generation';
import { type FileInfo } from './files';
import { filesOf } from './parts';
import type { Message } from './message';

/** The name and version of the form in which conversations are exported; `docs/data-format.md` describes it. */
export const portableFormat = 'parlance-conversations';
export const portableVersion = 1;

/** Bytes that one import may have; the page sends larger files in pieces. */
export const maxImportBytes = 32 * 1024 * 1024;

/** Everything that is kept of one conversation. */
export interface WholeConversation {
  conversation: Conversation;
  /** All branches, oldest first, parents before children. */
  messages: Message[];
  /** The runs that wrote them, those that have ended, too. */
  generations: Generation[];
}

export type PortableMessage = Omit<Message, 'conversationId'>;
/** Without what belongs to the server that ran it. */
export type PortableGeneration = Omit<Generation, 'conversationId' | 'processId' | 'requestHash'>;

/** A file that messages show, with its bytes in base64. */
export type PortableFile = FileInfo & { bytes: string };

/** A conversation as a file has it. */
export interface PortableConversation extends Conversation {
  messages: PortableMessage[];
  generations: PortableGeneration[];
  /** Those that its messages show; absent: whoever imports it has them already, or there are none. */
  files?: PortableFile[];
}

export interface PortableDocument {
  format: typeof portableFormat;
  version: typeof portableVersion;
  exportedAt: Date;
  conversations: PortableConversation[];
}

/** What an import did. */
export interface ImportReport {
  imported: number;
  /** They were there already. */
  skipped: number;
  refused: number;
  /** Why, for the first of those that were refused. */
  faults: ImportFault[];
}

export interface ImportFault {
  /** Where in the file: `conversations.3.messages.0.role`. */
  path: string;
  message: string;
}

/** How many faults a report names. */
export const maxFaults = 10;

/** The ids of the files that messages show, each once. */
export function fileIdsOf(messages: readonly Message[]): string[] {
  return [...new Set(messages.flatMap(({ parts }) => filesOf(parts).map(({ fileId }) => fileId)))];
}

/**
 * Leaves out what belongs to a server, and runs of which no message is left. Files are added by whoever writes the
 * document: all at once, they may be more than memory holds.
 */
export function toPortable({ conversation, messages, generations }: WholeConversation): PortableConversation {
  const used = new Set(messages.map(({ generationId }) => generationId));
  return {
    ...conversation,
    messages: messages.map(({ conversationId: _, ...message }) => message),
    generations: generations
      .filter(({ id }) => used.has(id))
      .map(({ conversationId: _, processId: _process, requestHash: _hash, ...generation }) => generation),
  };
}

/** What runs in a file runs nowhere: it was interrupted. Every other property is kept as it is. */
export function fromPortable({
  messages,
  generations,
  files: _,
  ...conversation
}: PortableConversation): WholeConversation {
  const conversationId = conversation.id;
  return {
    conversation,
    messages: messages.map((message) => ({
      ...message,
      conversationId,
      status: message.status === 'running' ? 'interrupted' : message.status,
    })),
    generations: generations.map((generation) => ({
      ...generation,
      conversationId,
      ...(!hasEnded(generation.status) && { status: 'interrupted', endedAt: conversation.updatedAt }),
      // No process has it, and no request can be repeated to find it.
      processId: '',
      requestHash: '',
    })),
  };
}

/** The same with other ids: each id becomes what `newId` makes of it; of files, those in `fileIds` alone. */
export function withNewIds(
  whole: WholeConversation,
  newId: (id: string) => string,
  fileIds: ReadonlySet<string> = new Set(),
): WholeConversation {
  const { conversation, messages, generations } = whole;
  const orNull = (id: string | null) => (id === null ? null : newId(id));
  const conversationId = newId(conversation.id);
  return {
    conversation: { ...conversation, id: conversationId, leafId: orNull(conversation.leafId) },
    messages: messages.map((message) => ({
      ...message,
      id: newId(message.id),
      conversationId,
      parentId: orNull(message.parentId),
      parts: message.parts.map((part) =>
        part.type === 'file' && fileIds.has(part.fileId) ? { ...part, fileId: newId(part.fileId) } : part,
      ),
      ...(message.generationId !== undefined && { generationId: newId(message.generationId) }),
    })),
    generations: generations.map((generation) => ({
      ...generation,
      id: newId(generation.id),
      conversationId,
      messageIds: generation.messageIds.map(newId),
    })),
  };
}
