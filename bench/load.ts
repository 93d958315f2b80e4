import { randomUUID } from 'node:crypto';
import { TestServer } from '../e2e/server';
import { ask, post } from './converse';
import { cpuMs } from './process';

export interface LoadResult {
  conversations: number;
  tokens: number;
  /** Processor time of the server for one token. */
  cpuPerTokenMs: number;
  /** From the request to the first text, each conversation. */
  firstTextMs: number[];
  /** From the writing of a token to its arrival at the reader, each token. */
  latencyMs: number[];
}

/** What a server does in its first seconds is compiling, whatever it is asked. */
const warmUpSeconds = 4;

/** So many conversations at once, each with an answer of 20 tokens a second, read by clients in this process. */
export async function underLoad(conversations: number, seconds: number): Promise<LoadResult> {
  const backend = {
    type: 'scripted',
    replies: [
      { when: 'Warm up', text: times(warmUpSeconds), tokensPerSecond },
      { text: times(seconds), tokensPerSecond },
    ],
  };
  const server = await TestServer.start({ MODELS: JSON.stringify([{ id: 'scripted', backend }]) });
  await together(conversations, () => converse(server.url, 'Warm up', emptyResult(conversations)));
  const result = emptyResult(conversations);
  const before = cpuMs(server.pid);
  await together(conversations, () => converse(server.url, 'Go', result));
  result.tokens = result.latencyMs.length;
  result.cpuPerTokenMs = (cpuMs(server.pid) - before) / result.tokens;
  await server.stop();
  return result;
}

const tokensPerSecond = 20;
const times = (seconds: number) =>
  Array.from({ length: seconds * tokensPerSecond }, () => '{time}').join(' ');

function emptyResult(conversations: number): LoadResult {
  return { conversations, tokens: 0, cpuPerTokenMs: 0, firstTextMs: [], latencyMs: [] };
}

/** Starts spread over a second, as people are. */
async function together(count: number, work: () => Promise<void>): Promise<void> {
  await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      await new Promise((resolve) => setTimeout(resolve, (1000 * index) / count));
      await work();
    }),
  );
}

async function converse(url: string, message: string, result: LoadResult): Promise<void> {
  const id = randomUUID();
  await post(url, '/api/conversations', { id });
  const startedAt = Date.now();
  let isFirst = true;
  const { response } = await ask(url, id, message, null);
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    const now = Date.now();
    for (const [time] of decoder.decode(chunk as Uint8Array, { stream: true }).matchAll(/\b1\d{12}\b/gu)) {
      result.latencyMs.push(now - Number(time));
      if (isFirst) result.firstTextMs.push(now - startedAt);
      isFirst = false;
    }
  }
}
