import { expect, it } from 'vitest';
import { defaultHttpSettings } from '../../backends/http/settings';
import type { BackendConfig } from '../../backends/index';
import { testModel } from './test-model';

const context = { http: defaultHttpSettings };
const { signal } = new AbortController();
const says = (reply: object): BackendConfig =>
  ({ type: 'scripted', replies: [reply] }) as unknown as BackendConfig;

it('says what came first, and does not wait for the rest', async () => {
  const test = await testModel(
    says({ text: 'Hello there, '.repeat(200), tokensPerSecond: 20 }),
    context,
    signal,
  );
  expect(test.text).toMatch(/^Hello/u);
  expect(test.text.length).toBeLessThan(20);
});

it('says that nothing came', async () => {
  expect((await testModel(says({ text: ' ' }), context, signal)).text).toBe('');
});

it('throws what the model throws', async () => {
  const fails = says({ text: 'Hello', failsAfter: 0, failsWith: 'backend-rejected' });
  await expect(testModel(fails, context, signal)).rejects.toMatchObject({ code: 'backend-rejected' });
});

it('ends with words when the model is silent for too long, and at once when nobody waits any more', async () => {
  const slow = says({ text: 'Hello', delayMs: 60_000 });
  await expect(testModel(slow, context, signal, 50)).rejects.toMatchObject({ code: 'backend-unreachable' });
  const gone = new AbortController();
  const testing = testModel(slow, context, gone.signal, 60_000);
  gone.abort();
  const ended = await testing.then(
    ({ text }) => text,
    () => '',
  );
  expect(ended).toBe('');
});
