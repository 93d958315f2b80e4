import { randomUUID } from 'node:crypto';
import type { Generation } from '../../domain/generation';
import type { Entry, RunEnd } from '../../domain/generation-event';
import type { Message } from '../../domain/message';
import { partsOf } from '../../domain/parts';
import type { BeginGenerations, FinishGeneration, NewConversation, Storage } from './storage';

/** A day with milliseconds, so that a driver that drops them is found out. */
export const someDay = new Date('2026-01-02T03:04:05.678Z');

/** `someDay` and so many milliseconds. */
export function msLater(ms: number): Date {
  return new Date(someDay.getTime() + ms);
}

export function makeConversation(changes: Partial<NewConversation> = {}): NewConversation {
  return { id: randomUUID(), kind: 'chat', modelId: 'model', settings: {}, createdAt: someDay, ...changes };
}

export interface StartShape {
  text?: string;
  parentId?: string | null;
  /** Runs to start, each with so many choices. */
  choices?: number[];
  processId?: string;
  requestHash?: string;
  prefix?: string;
  title?: string;
  at?: Date;
}

/** The rows of a question and its running answers. */
export function makeStart(conversationId: string, shape: StartShape = {}): BeginGenerations {
  const { text = 'question', parentId = null, choices = [1], prefix = '', at = someDay } = shape;
  const user: Message = {
    id: randomUUID(),
    conversationId,
    parentId,
    role: 'user',
    parts: partsOf(text),
    origin: 'user',
    status: 'complete',
    createdAt: at,
  };
  const generations = choices.map((count): Generation => ({
    id: randomUUID(),
    conversationId,
    messageIds: Array.from({ length: count }, () => randomUUID()),
    modelId: 'model',
    parameters: { temperature: 0.5 },
    prefix,
    status: 'queued',
    processId: shape.processId ?? 'process',
    requestHash: shape.requestHash ?? 'hash',
    createdAt: at,
  }));
  const answers = generations.flatMap(({ id, messageIds }) =>
    messageIds.map((messageId) => makeAnswer(conversationId, user.id, id, messageId, prefix, at)),
  );
  const leafId = answers[0]?.id ?? user.id;
  return {
    conversationId,
    generations,
    messages: [user, ...answers],
    leafId,
    title: shape.title ?? 'first words',
  };
}

function makeAnswer(
  conversationId: string,
  parentId: string,
  generationId: string,
  id: string,
  prefix: string,
  createdAt: Date,
): Message {
  return {
    id,
    conversationId,
    parentId,
    role: 'assistant',
    parts: partsOf(prefix),
    origin: 'model',
    modelId: 'model',
    generationId,
    ...(prefix !== '' && { prefixLength: prefix.length }),
    status: 'running',
    createdAt,
  };
}

/** Text entries from number `first` on. */
export function deltaEntries(first: number, ...texts: string[]): Entry[] {
  return texts.map((text, index) => ({
    seq: first + index,
    event: { type: 'delta', choice: 0, kind: 'text', text },
  }));
}

export function endEntry(seq: number, end: Partial<RunEnd> = {}): Entry {
  return { seq, event: { type: 'run-end', status: 'completed', ...end } };
}

/** A conversation in storage with one run that has begun. */
export interface BegunRun {
  conversationId: string;
  start: BeginGenerations;
  generationId: string;
  user: Message;
  answer: Message;
}

/** Stores a new conversation of `owner` with one running answer. */
export async function beginRun(storage: Storage, owner: string, shape: StartShape = {}): Promise<BegunRun> {
  const conversation = await storage.conversations.create(owner, makeConversation());
  const start = makeStart(conversation.id, shape);
  await storage.generations.begin(owner, start);
  const [user, answer] = start.messages;
  const [generation] = start.generations;
  if (!user || !answer || !generation) throw new Error('The fixture has no run.');
  return { conversationId: conversation.id, start, generationId: generation.id, user, answer };
}

/** The end of a run with `text`. */
export function makeFinish(run: BegunRun, text: string, end: Partial<RunEnd> = {}): FinishGeneration {
  const whole: RunEnd = { type: 'run-end', status: 'completed', ...end };
  const status = whole.status === 'completed' ? 'complete' : whole.status;
  return {
    generationId: run.generationId,
    end: whole,
    messages: [{ ...run.answer, parts: partsOf(text), status }],
    endedAt: msLater(1000),
  };
}
