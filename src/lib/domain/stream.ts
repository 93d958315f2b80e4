import type { FollowedEntry } from './generation-event';
import type { OwnerEvent } from './owner-event';

/** Up to which entry a reader has folded a generation. */
export interface Cursor {
  generationId: string;
  seq: number;
}

/** What a stream carries: entries of runs, and changes of the owner's list. */
export type StreamItem = FollowedEntry | OwnerEvent;

/** A stream of items for one reader. */
export interface StreamSource {
  /** What came since the last call; `done` at the end, absent when there is nothing yet. Throws what broke the stream. */
  read(): IteratorResult<StreamItem[], undefined> | undefined;
  /** From now on calls back whenever `read` may have something. */
  onReadable(callback: () => void): void;
}
