import { afterEach, describe, expect, it } from 'vitest';
import { chunk, json, list } from '../__fixtures__/openai-server';
import { closeAll, saying, setup } from '../__fixtures__/openai-setup';

afterEach(closeAll);

it('OpenAI has the context that its models have, which the server never says', async () => {
  const { backend } = await setup(saying(chunk({ content: 'A' }, 'stop'), '[DONE]'), { flavour: 'openai' });
  expect(backend.facts().contextLength).toBe(128_000);
  await backend.warmUp();
  expect(backend.facts().contextLength).toBe(128_000);
});

describe('Ollama, which is asked as OpenAI is', () => {
  const ollama = (show: object) => ({
    '/v1/models': list({ id: 'm:latest', owned_by: 'library' }),
    '/api/version': json({ version: '0.33.0' }),
    '/api/tags': json({ models: [{ name: 'm:latest', model: 'm:latest' }] }),
    '/api/show': json({ capabilities: ['completion'], ...show }),
  });

  it.each([
    [4096, { model_info: { 'llama.context_length': 131_072 } }],
    [2048, { model_info: { 'llama.context_length': 2048 } }],
    [16_384, { parameters: 'num_ctx 16384', model_info: { 'llama.context_length': 131_072 } }],
  ])('has a context of %d, beyond which it leaves out without a word', async (contextLength, show) => {
    const { backend } = await setup(saying(), {}, ollama(show));
    await backend.warmUp();
    expect(backend.facts()).toMatchObject({ contextLength });
  });

  it('goes on with no plain text: it puts that into the chat template', async () => {
    const { backend } = await setup(saying(), {}, ollama({}));
    await backend.warmUp();
    expect(backend.accepts).toEqual(['messages']);
    expect(backend.facts().capabilities).toMatchObject({ completion: false });
  });
});
