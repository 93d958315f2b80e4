import { events, fakeServer, type FakeServer, type Script } from './fake-server';
import { bodyOf, list, stream, type ChatBody } from './openai-server';
import type { BackendEvent, GenerateRequest } from '../backend';
import { collect, type Collected } from '../conformance';
import { defaultHttpSettings } from '../http/settings';
import { OpenaiBackend } from '../openai.backend';
import type { OpenaiConfig } from '../openai/config';

/** Servers and backends of one test. */
const open: { close(): Promise<void> }[] = [];
export async function closeAll(): Promise<void> {
  for (const one of open.splice(0).reverse()) await one.close();
}

const timing = { graceMs: 60, pauseMs: 10, loadingMs: 2000 };
export interface Setup {
  backend: OpenaiBackend;
  server: FakeServer;
  ask(more?: Partial<Extract<GenerateRequest, { kind: 'messages' }>>): Promise<Collected>;
}

/** A server that answers chats as scripted, and a backend for it. */
export async function setup(
  chat: Script,
  config: Partial<OpenaiConfig> = {},
  more: Record<string, Script> = {},
): Promise<Setup> {
  const server = await fakeServer({ '/v1/models': list({ id: 'm' }), '/v1/chat/completions': chat, ...more });
  const backend = new OpenaiBackend(
    { type: 'openai', url: server.url, ...config },
    { http: defaultHttpSettings },
    timing,
  );
  open.push(server, backend);
  const ask: Setup['ask'] = (more = {}) =>
    collect(
      backend.generate({
        kind: 'messages',
        messages: [{ role: 'user', content: 'Hi' }],
        parameters: {},
        signal: new AbortController().signal,
        ...more,
      }),
    );
  return { backend, server, ask };
}

export const saying = (...payloads: unknown[]): Script => stream([events(...payloads)]);
export const usage = { prompt_tokens: 7, completion_tokens: 2, total_tokens: 9 };
export const thoughts = ({ events: all }: Collected): string =>
  all.map((event) => (event.type === 'delta' && event.kind === 'reasoning' ? event.text : '')).join('');
export const answer = ({ events: all }: Collected): string =>
  all.map((event) => (event.type === 'delta' && event.kind === 'text' ? event.text : '')).join('');
export const calls = ({ events: all }: Collected): BackendEvent[] =>
  all.filter(({ type }) => type === 'tool-call');
export const chats = ({ requests }: FakeServer): ChatBody[] =>
  requests.filter(({ path }) => path.endsWith('/completions')).map(bodyOf);
