import { afterEach, expect, it } from 'vitest';
import {
  appWith,
  closeApps,
  conversationIn,
  generationIdOf,
  messageIdOf,
  messageIn,
  owner,
  question,
  readAll,
} from './fixtures';

afterEach(closeApps);

it('keeps the reasoning apart from the text, with the time that it took', async () => {
  // Ten tokens of reasoning and one of text, 20 ms each.
  const reasoning = Array.from({ length: 10 }, (_, index) => `step${String(index)}`).join(' ');
  const app = await appWith({ reasoning, text: 'So.', tokensPerSecond: 50 });
  const id = await conversationIn(app);
  const request = question('Why?');
  await app.generations.start(owner, id, request);
  await readAll(app, generationIdOf(request));
  const message = await messageIn(app, id, messageIdOf(request));
  expect(message?.parts).toEqual([
    { type: 'reasoning', text: reasoning },
    { type: 'text', text: 'So.' },
  ]);
  expect(message?.usage?.reasoningMs).toBeGreaterThan(150);
  expect(message?.usage?.reasoningMs).toBeLessThanOrEqual(message?.usage?.durationMs ?? 0);
});

it('names no time where nothing was reasoned', async () => {
  const app = await appWith({ text: 'So.' });
  const id = await conversationIn(app);
  const request = question('Why?');
  await app.generations.start(owner, id, request);
  await readAll(app, generationIdOf(request));
  expect((await messageIn(app, id, messageIdOf(request)))?.usage).not.toHaveProperty('reasoningMs');
});
