import type { FollowedEntry } from './generation-event';
import type { OwnerEvent } from './owner-event';

/** Up to which entry a reader has folded a generation. */
export interface Cursor {
  generationId: string;
  seq: number;
}

/** What a stream carries: entries of runs, and changes of the owner's list. */
export type StreamItem = FollowedEntry | OwnerEvent;
