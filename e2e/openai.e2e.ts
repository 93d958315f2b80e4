import {
  events,
  fakeServer,
  type FakeServer,
  type Script,
} from '../src/lib/server/backends/__fixtures__/fake-server';
import { bodyOf, chunk, json, list, stream } from '../src/lib/server/backends/__fixtures__/openai-server';
import { expect, test } from '@playwright/test';
import { watch } from './fixtures';
import { expectStatus, lastAnswer, send } from './page';
import { TestServer } from './server';

const slow = Array.from({ length: 200 }, (_, at) => [
  events(chunk({ content: `w${String(at)} ` })),
  30,
]).flat();

const chat: Script = (request) => {
  const said = String(bodyOf(request).messages?.at(-1)?.content);
  if (said.includes('slow')) return stream(slow);
  if (said.includes('key')) return json({ error: { message: 'Incorrect API key' } }, 401);
  const call = {
    index: 0,
    id: 'call_abcd',
    type: 'function',
    function: { name: 'get_time', arguments: '{"zone":"CET"}' },
  };
  return stream([
    events(
      chunk({ role: 'assistant', content: '', reasoning: 'What is asked?' }),
      chunk({ content: `You said ${said}.` }),
      ...(said.includes('call') ? [chunk({ tool_calls: [call] })] : []),
      chunk({}, 'stop'),
      { choices: [], usage: { prompt_tokens: 12, completion_tokens: 5, total_tokens: 17 } },
      '[DONE]',
    ),
  ]);
};

async function upstream(): Promise<FakeServer> {
  return fakeServer({
    '/v1/models': list({ id: 'org/fake', owned_by: 'vllm', max_model_len: 4096 }),
    '/v1/chat/completions': chat,
  });
}

test('one variable offers the models of a server, which thinks, answers, calls and is stopped', async ({
  page,
}) => {
  const fake = await upstream();
  const server = await TestServer.start({ OPENAI_BASE_URL: `${fake.url}/v1` });
  const faults = watch(page, server);
  await page.goto(server.url);
  await send(page, 'call me');
  await expectStatus(page, 'complete');
  await expect(lastAnswer(page)).toContainText('You said call me.');
  await lastAnswer(page).getByText('Reasoning').first().click();
  await expect(lastAnswer(page)).toContainText('What is asked?');
  await lastAnswer(page).getByText('get_time').click();
  await expect(lastAnswer(page)).toContainText('"zone": "CET"');
  await send(page, 'slow');
  await expect(lastAnswer(page)).toContainText('w3 ');
  await page.getByRole('button', { name: 'Stop generating' }).click();
  await expectStatus(page, 'stopped');
  const request = fake.requests.at(-1);
  await request?.ended;
  expect(request?.wasLeft).toBe(true);
  await send(page, 'the key');
  await expectStatus(page, 'failed');
  await expect(lastAnswer(page)).toContainText('The key was refused');
  expect(faults).toEqual([]);
  await server.stop();
  await fake.close();
});
