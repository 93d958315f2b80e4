import { randomUUID } from 'node:crypto';
import pino from 'pino';
import type { Entry } from '../../domain/generation-event';
import { foldEntries } from '../../domain/apply-event';
import type { Message } from '../../domain/message';
import { textOf } from '../../domain/parts';
import type { StartReplies } from '../../domain/requests';
import type { StreamItem, StreamSource } from '../../domain/stream';
import { createApp, type App } from '../app';
import type { ScriptedConfig } from '../backends/scripted.backend';

export const owner = 'owner';
const log = pino({ level: 'silent' });
export const longText = Array.from({ length: 200 }, (_, index) => `word${String(index)}`).join(' ');
/** Settings of an app whose models are all on servers. */
export const noLocalModels = {
  modelsDir: '.',
  offersFound: false,
  threads: undefined,
  slots: 1,
  context: 2048,
  idleUnloadMs: 0,
};

const apps: App[] = [];

/** Ends what `appWith` made. */
export async function closeApps(): Promise<void> {
  await Promise.all(apps.splice(0).map((app) => app.close()));
}

/** An app in memory whose model says these replies. */
export function appWith(...replies: ScriptedConfig['replies']): Promise<App> {
  return appOf([
    { id: 'scripted', backend: { type: 'scripted', replies, maxConcurrency: 2 }, contextLength: 2000 },
  ]);
}

/** An app in memory with these models. */
export async function appOf(models: object[]): Promise<App> {
  const app = await createApp({ models, local: noLocalModels, dataDir: undefined }, log);
  apps.push(app);
  return app;
}

export async function conversationIn(app: App): Promise<string> {
  const id = randomUUID();
  await app.conversations.create(owner, { id });
  return id;
}

export function question(text: string, parentId: string | null = null): StartReplies {
  return {
    parentId,
    userMessage: { id: randomUUID(), parts: [{ type: 'text', text }] },
    replies: [{ generationId: randomUUID(), messageIds: [randomUUID()], modelId: 'scripted' }],
  };
}

export const generationIdOf = (request: StartReplies) => request.replies[0]?.generationId ?? '';
export const messageIdOf = (request: StartReplies) => request.replies[0]?.messageIds[0] ?? '';
export const entriesOf = (items: StreamItem[]): Entry[] =>
  items.flatMap((item) => ('seq' in item ? [item] : []));

/** What comes from a source until its end. */
export async function* itemsOf(source: StreamSource): AsyncGenerator<StreamItem[]> {
  let wake = () => {};
  source.onReadable(() => wake());
  for (;;) {
    const isReadable = new Promise<void>((resolve) => (wake = resolve));
    const step = source.read();
    if (step?.done) return;
    if (step) yield step.value;
    else await isReadable;
  }
}

export async function readAll(app: App, generationId: string, seq = 0): Promise<Entry[]> {
  const entries: Entry[] = [];
  const source = app.generations.follow(owner, [{ generationId, seq }], new AbortController().signal);
  for await (const items of itemsOf(source)) entries.push(...entriesOf(items));
  return entries;
}

/** Reads until so many deltas have come, then leaves. */
export async function readDeltas(app: App, generationId: string, count: number): Promise<Entry[]> {
  const entries: Entry[] = [];
  const controller = new AbortController();
  const source = app.generations.follow(owner, [{ generationId, seq: 0 }], controller.signal);
  for await (const items of itemsOf(source)) {
    entries.push(...entriesOf(items));
    if (entries.filter(({ event }) => event.type === 'delta').length >= count) controller.abort();
  }
  return entries;
}

export async function messageIn(app: App, conversationId: string, id: string): Promise<Message | undefined> {
  const { messages } = await app.generations.snapshot(owner, conversationId);
  return messages.find((message) => message.id === id);
}

const blank: Message = {
  id: '',
  conversationId: '',
  parentId: null,
  role: 'assistant',
  parts: [],
  origin: 'model',
  status: 'running',
  createdAt: new Date(0),
};
export const fold = (entries: Entry[]) => textOf(foldEntries([blank], entries)[0]?.parts ?? []);
