import { expect, test } from '@playwright/test';
import { events, fakeServer, type Script } from '../src/lib/server/backends/__fixtures__/fake-server';
import { bodyOf, chunk, stream } from '../src/lib/server/backends/__fixtures__/openai-server';
import { watch } from './fixtures';
import { expectStatus, lastAnswer, send, sidebar } from './page';
import { TestServer } from './server';

const slow = Array.from({ length: 200 }, (_, at) => [
  events(chunk({ content: `w${String(at)} ` })),
  30,
]).flat();

/** An endpoint whose stream the client of Hugging Face would not read as it stands. */
const endpoint: Script = (request) => {
  const { messages = [] } = bodyOf(request);
  const said = String(messages.at(-1)?.content);
  if (String(messages[0]?.content).includes('title')) {
    return stream([events(chunk({ content: '"Talking to an Endpoint."' }, 'stop')), 'data: [DONE] \n\n']);
  }
  if (said.includes('slow')) return stream(slow);
  return stream([
    events(chunk({ content: `You said ${said}.` }, 'stop', { error: null })),
    'data: [DONE] \n\n',
  ]);
};

test('an endpoint of Hugging Face answers, names the conversation, and is told of a stop', async ({
  page,
}) => {
  const fake = await fakeServer({ '/v1/chat/completions': endpoint });
  const backend = { type: 'inference-client', url: fake.url, model: 'tgi', apiKey: 'hf_secret' };
  const server = await TestServer.start({
    MODELS: JSON.stringify([{ id: 'hosted', backend }]),
    TASK_MODEL: 'hosted',
  });
  const faults = watch(page, server);
  await page.goto(server.url);
  await send(page, 'hello');
  await expectStatus(page, 'complete');
  await expect(lastAnswer(page)).toContainText('You said hello.');
  await expect(sidebar(page).getByText('Talking to an Endpoint')).toBeVisible();

  await send(page, 'slow');
  await expect(lastAnswer(page)).toContainText('w3');
  await page.getByRole('button', { name: 'Stop generating' }).click();
  await expectStatus(page, 'stopped');
  const asked = fake.requests.at(-1);
  await asked?.ended;
  expect(asked?.wasLeft).toBe(true);
  expect(asked?.headers.authorization).toBe('Bearer hf_secret');
  expect(await page.content()).not.toContain('hf_secret');
  expect(faults).toEqual([]);
  await server.stop();
  await fake.close();
});
