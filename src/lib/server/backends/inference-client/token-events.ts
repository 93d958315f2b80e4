import { record, type Loose } from '../openai/payload';

/**
 * An event of TGI's own stream (`token`, `generated_text`, `details`), which endpoints and proxies still send, as a chunk of
 * a completion. Everything else stays as it is.
 */
export function asCompletionChunk(payload: Loose): Loose {
  if (typeof payload.token !== 'object' || payload.token === null) return payload;
  const { text, special } = record(payload.token);
  const details = record(payload.details);
  const { finish_reason: reason, generated_tokens: written, input_length: read } = details;
  const end = typeof payload.generated_text === 'string' ? (reason ?? 'stop') : null;
  const knowsUsage = typeof written === 'number' && typeof read === 'number';
  return {
    choices: [{ index: 0, text: special === true ? '' : text, finish_reason: end }],
    ...(knowsUsage && { usage: { prompt_tokens: read, completion_tokens: written } }),
  };
}
