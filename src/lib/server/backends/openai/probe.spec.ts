import { describe, expect, it } from 'vitest';
import type { Asker } from '../discovery/asker';
import { probeServer } from './probe';

const config = { type: 'openai', url: 'http://127.0.0.1:9/v1', model: 'any' } as const;
const props = { default_generation_settings: { n_ctx: 2048 } };
const cards = (...ids: string[]) => ({ data: ids.map((id) => ({ id, owned_by: 'llamacpp' })) });
const info = { model_id: 'a', max_total_tokens: 3000 };

/** Everything that is not there is absent. */
function asker(answers: Record<string, unknown>): Asker {
  return {
    ask: (path) =>
      Promise.resolve({ status: path in answers ? 200 : 404, value: answers[path], isPage: false }),
  };
}

describe('a model that is asked for by another name than its own', () => {
  it.each([
    ['llama.cpp', { '/models': cards('a'), '/../props': props }, 2048],
    ['TGI', { '/models': cards('a'), '/../info': info }, 3000],
    [
      'llama.cpp with several, of which it may be any',
      { '/models': cards('a', 'b'), '/../props': props },
      undefined,
    ],
    ['a server of its own kind', { '/models': { data: [{ id: 'a', context_length: 100 }] } }, undefined],
  ])('%s', async (_, answers, contextLength) => {
    const { model, facts } = await probeServer(config, asker(answers));
    expect([model, facts.contextLength]).toEqual(['any', contextLength]);
  });
});
