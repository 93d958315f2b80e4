import type { Generation } from '../../domain/generation';
import type { FollowedEntry } from '../../domain/generation-event';
import type { OwnerEvent } from '../../domain/owner-event';
import type { StartReplies } from '../../domain/requests';
import type { OpenedConversation } from '../storage/storage';

/** Up to which entry a reader has folded a generation. */
export interface Cursor {
  generationId: string;
  seq: number;
}

/** What a stream carries: entries of runs, and changes of the owner's list. */
export type StreamItem = FollowedEntry | OwnerEvent;

/** A conversation with the text of its running answers folded so far, and where to go on from. */
export interface ConversationSnapshot extends OpenedConversation {
  cursors: Cursor[];
}

/** Runs, detached from requests. Callers cannot tell whether a run lives in this process or in another. */
export interface Generations {
  /** Starts runs, or finds those that the same request started before. */
  start(owner: string, conversationId: string, request: StartReplies): Promise<Generation[]>;
  /** Every entry after the cursors, once and in order, until all of these runs have ended or the signal aborts. */
  follow(owner: string, cursors: Cursor[], signal: AbortSignal): AsyncIterable<StreamItem[]>;
  /**
   * The entries of every run of `conversationId` (those in `cursors` after their cursor, those that start later from
   * their beginning) and the changes of the owner's list, until the signal aborts.
   */
  events(
    owner: string,
    conversationId: string | null,
    cursors: Cursor[],
    signal: AbortSignal,
  ): AsyncIterable<StreamItem[]>;
  /** Ends a run with the text up to `throughSeq` (absent: all). One that has ended stays as it is. */
  stop(owner: string, generationId: string, throughSeq: number | undefined): Promise<void>;
  snapshot(owner: string, conversationId: string): Promise<ConversationSnapshot>;
}
