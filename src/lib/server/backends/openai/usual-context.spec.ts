import { afterEach, expect, it } from 'vitest';
import { chunk } from '../__fixtures__/openai-server';
import { closeAll, saying, setup } from '../__fixtures__/openai-setup';

afterEach(closeAll);

it('OpenAI has the context that its models have, which the server never says', async () => {
  const { backend } = await setup(saying(chunk({ content: 'A' }, 'stop'), '[DONE]'), { flavour: 'openai' });
  expect(backend.facts().contextLength).toBe(128_000);
  await backend.warmUp();
  expect(backend.facts().contextLength).toBe(128_000);
});
