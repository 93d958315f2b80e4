import type { FakeReply, SeenRequest } from './fake-server';

const words = `The quick brown fox — 狐 🦊 — jumps over the lazy dog, and then again and again until the evening comes.`;
const usual = words.match(/\s*\S+/gu) ?? [];

/** The answer to `POST /write` of the server that the driver of docs/add-a-backend.md is for. */
export function writeLines({ body }: SeenRequest, tokens: readonly string[] = usual): FakeReply {
  const { tokens: limit = Infinity } = body as { tokens?: number };
  const said = tokens.slice(0, limit);
  const reason = said.length < tokens.length ? 'length' : 'stop';
  const lines = said.map((token) => `+${JSON.stringify(token)}\n`);
  return { body: [...lines, `.${reason} 4 ${String(said.length)}\n`] };
}
