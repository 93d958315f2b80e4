import { isAbsent, type Transport } from '../http/transport';
import { errorOfReply } from '../http/upstream-error';
import type { Dialect } from './dialect';
import { record } from './payload';

const patienceMs = 10_000;

/**
 * Tokens of a text by the server's own tokenizer, without special tokens; `undefined` when it has none to ask. Throws what
 * keeps it from saying so this time. The address is above that of the API.
 */
export async function serverTokens(
  transport: Transport,
  kind: NonNullable<Dialect['tokenize']>,
  text: string,
  model: string | undefined,
): Promise<number | undefined> {
  const bodies = {
    tgi: { inputs: text },
    vllm: { ...(model !== undefined && { model }), prompt: text, add_special_tokens: false },
    'llama.cpp': { content: text, add_special: false },
  };
  const reply = await transport.send({
    method: 'POST',
    path: '/../tokenize',
    body: bodies[kind],
    signal: AbortSignal.timeout(patienceMs),
    firstByteTimeoutMs: patienceMs,
  });
  if (reply.status !== 200) {
    const error = await errorOfReply(reply);
    if (isAbsent(reply)) return undefined;
    throw error;
  }
  return countIn(JSON.parse(await reply.text(64 * 1024 * 1024)));
}

function countIn(value: unknown): number | undefined {
  // TGI: what stands for no text is a token that it added.
  if (Array.isArray(value)) return value.filter((token) => record(token).start !== record(token).stop).length;
  const { count, tokens } = record(value);
  if (typeof count === 'number') return count;
  return Array.isArray(tokens) ? tokens.length : undefined;
}
