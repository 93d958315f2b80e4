import { setTimeout as sleep } from 'node:timers/promises';
import { foldEntries } from '../../domain/apply-event';
import { hasEnded } from '../../domain/generation';
import type { Entry } from '../../domain/generation-event';
import type { Cursor } from '../../domain/stream';
import type { GenerationStore, OpenedConversation } from '../storage/storage';
import type { EventLog } from './event-log';

const pageSize = 500;
/** How often a run of another process is asked for more, in milliseconds. */
const pollMs = 250;

/**
 * The entries of a run that is not in this process (ended, or another's), after `cursor`, until its end. A cursor that
 * the log does not reach (the process died with entries unsaved), or whose entries have expired, gets a snapshot first.
 */
export async function* readStored(
  store: GenerationStore,
  owner: string,
  { generationId, seq: cursor }: Cursor,
  signal: AbortSignal,
): AsyncGenerator<Entry[]> {
  let seq = cursor;
  let isFirst = true;
  while (!signal.aborted) {
    const generation = await store.get(owner, generationId);
    const entries = await store.entries(owner, generationId, seq, pageSize);
    const isBehind = entries[0]?.seq === seq + 1;
    if (!isBehind && (hasEnded(generation.status) || (isFirst && seq > 0))) {
      const snapshot = await snapshotOf(store, owner, generationId, seq);
      if (snapshot.length > 0) yield snapshot;
      if (hasEnded(generation.status)) return;
      seq = snapshot.at(-1)?.seq ?? seq;
    }
    isFirst = false;
    if (isBehind) {
      yield entries;
      seq = entries.at(-1)?.seq ?? seq;
      if (entries.at(-1)?.event.type === 'run-end') return;
      continue;
    }
    await sleep(pollMs, undefined, { signal }).catch((thrown: unknown) => {
      if (!signal.aborted) throw thrown;
    });
  }
}

/** What a reader needs whose cursor is not in the log: the messages as they are, and the end when there is one. */
async function snapshotOf(
  store: GenerationStore,
  owner: string,
  generationId: string,
  cursor: number,
): Promise<Entry[]> {
  const [generation, messages, entries] = await Promise.all([
    store.get(owner, generationId),
    store.messages(owner, generationId),
    allEntries(store, owner, generationId),
  ]);
  const last = entries.at(-1);
  if (last?.seq === cursor && !hasEnded(generation.status)) return [];
  if (!hasEnded(generation.status)) {
    return [{ seq: last?.seq ?? 0, event: { type: 'snapshot', messages: foldEntries(messages, entries) } }];
  }
  const seq = last?.seq ?? cursor + 2;
  const { status, finishReason, usage, error } = generation;
  return [
    { seq: seq - 1, event: { type: 'snapshot', messages } },
    {
      seq,
      event: {
        type: 'run-end',
        status,
        ...(finishReason && { finishReason }),
        ...(usage && { usage }),
        ...(error && { error }),
      },
    },
  ];
}

/** A conversation with the text of its running answers folded so far, and where to go on from. */
export interface ConversationSnapshot extends OpenedConversation {
  cursors: Cursor[];
}

/** Folds the running answers of a conversation: by the log of those that live here, by what is stored of the others. */
export async function foldRunning(
  store: GenerationStore,
  owner: string,
  opened: OpenedConversation,
  liveLog: (generationId: string) => EventLog | undefined,
): Promise<ConversationSnapshot> {
  const cursors: Cursor[] = [];
  const folded = new Map(opened.messages.map((message) => [message.id, message]));
  for (const { id: generationId, messageIds } of opened.generations) {
    const log = liveLog(generationId);
    const base = messageIds.flatMap((id) => folded.get(id) ?? []);
    const entries = log && !log.isLost ? log.entries : await allEntries(store, owner, generationId);
    for (const message of foldEntries(base, entries)) folded.set(message.id, message);
    cursors.push({ generationId, seq: entries.at(-1)?.seq ?? 0 });
  }
  return {
    ...opened,
    messages: opened.messages.map((message) => folded.get(message.id) ?? message),
    cursors,
  };
}

/** Every stored entry of a run, in order. */
export async function allEntries(
  store: GenerationStore,
  owner: string,
  generationId: string,
): Promise<Entry[]> {
  const all: Entry[] = [];
  for (;;) {
    const page = await store.entries(owner, generationId, all.at(-1)?.seq ?? 0, pageSize);
    all.push(...page);
    if (page.length < pageSize) return all;
  }
}
