import { randomUUID } from 'node:crypto';
import pino from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { createApp, type App } from '../app';
import type { MeasureRequest } from '../../domain/requests';
import {
  appWith,
  closeApps,
  conversationIn,
  generationIdOf,
  messageIdOf,
  noLocalModels,
  owner,
  question,
  readAll,
  itemsOf,
} from './fixtures';

afterEach(closeApps);

const answered = async (app: App, id: string, text: string, parentId: string | null = null) => {
  const request = question(text, parentId);
  await app.generations.start(owner, id, request);
  await readAll(app, generationIdOf(request));
  return request;
};

const measureOf = (changes: Partial<MeasureRequest>): MeasureRequest => ({
  modelId: 'scripted',
  text: '',
  parentId: null,
  ...changes,
});

describe('settings of a run', () => {
  it('are the defaults of the owner under those of the conversation under those of the request', async () => {
    const app = await appWith({ text: 'Yes.' });
    await app.settings.update(owner, {
      systemPrompt: 'Be kind.',
      parameters: { temperature: 0.2, top_p: 0.5 },
    });
    const id = randomUUID();
    await app.conversations.create(owner, { id, settings: { parameters: { temperature: 0.3, top_k: 5 } } });
    const request = question('Hi');
    const [reply] = request.replies;
    if (reply) reply.parameters = { top_k: 6 };
    await app.generations.start(owner, id, request);
    await readAll(app, generationIdOf(request));
    expect(await app.prompts.details(owner, generationIdOf(request))).toMatchObject({
      modelId: 'scripted',
      status: 'completed',
      systemPrompt: 'Be kind.',
      parameters: { temperature: 0.3, top_p: 0.5, top_k: 6 },
    });
  });

  it('are told to other tabs, and to nobody else', async () => {
    const app = await appWith({ text: 'Yes.' });
    const id = await conversationIn(app);
    const reader = new AbortController();
    const stranger = new AbortController();
    const events = itemsOf(app.generations.events(owner, null, [], reader.signal));
    const others = itemsOf(app.generations.events('eve', null, [], stranger.signal));
    const first = events.next();
    const foreign = others.next();
    await app.settings.update(owner, { parameters: { seed: 1 } });
    expect((await first).value).toEqual([
      { type: 'settings-changed', settings: { parameters: { seed: 1 } } },
    ]);
    await app.conversations.update(owner, id, { settings: { systemPrompt: 'Here.' } });
    const next: unknown[] = [];
    while (next.length < 1) next.push(...((await events.next()).value ?? []));
    expect(next).toContainEqual({
      type: 'conversation-settings-changed',
      conversationId: id,
      settings: { systemPrompt: 'Here.' },
    });
    reader.abort();
    stranger.abort();
    expect((await foreign).done).toBe(true);
  });
});

describe('the exact prompt', () => {
  it('is what the backend was given, whatever the settings are now', async () => {
    const app = await appWith({ text: 'Yes.' });
    const id = await conversationIn(app);
    await app.settings.update(owner, { systemPrompt: 'Be kind.' });
    const first = await answered(app, id, 'One');
    const second = await answered(app, id, 'Two', messageIdOf(first));
    await app.settings.update(owner, { systemPrompt: 'Be rude.' });
    const exact = await app.prompts.exact(owner, generationIdOf(second));
    expect(exact).toMatchObject({ state: 'same', prompt: { kind: 'messages', specialTokens: [] } });
    if (!('prompt' in exact)) throw new Error('There is a prompt.');
    expect(JSON.parse(exact.prompt.text)).toMatchObject({
      messages: [
        { role: 'system', content: 'Be kind.' },
        { role: 'user', content: 'One' },
        { role: 'assistant', content: 'Yes.' },
        { role: 'user', content: 'Two' },
      ],
    });
  });

  it('of a raw completion is the texts of the path, as the conversation or the request says', async () => {
    const app = await appWith({ text: ' a time' });
    const id = await conversationIn(app);
    await app.conversations.update(owner, id, { settings: { systemPrompt: 'Be kind.', isRaw: true } });
    const first = await answered(app, id, 'Once upon');
    const second = question(' there was', messageIdOf(first));
    const [reply] = second.replies;
    if (reply) reply.prefix = ' a';
    await app.generations.start(owner, id, second);
    await readAll(app, generationIdOf(second));
    const prompt = { kind: 'text', text: 'Once upon a time there was a', specialTokens: [] };
    expect(await app.prompts.exact(owner, generationIdOf(second))).toEqual({ state: 'same', prompt });
    const details = await app.prompts.details(owner, generationIdOf(second));
    expect(details).toMatchObject({ isRaw: true });
    expect(details).not.toHaveProperty('systemPrompt');
    const third = question('Hi');
    const [other] = third.replies;
    if (other) other.isRaw = false;
    await app.generations.start(owner, id, third);
    await readAll(app, generationIdOf(third));
    const templated = await app.prompts.details(owner, generationIdOf(third));
    expect(templated).toMatchObject({ systemPrompt: 'Be kind.' });
    expect(templated).not.toHaveProperty('isRaw');
  });

  it('is not-found for others, and unknown for a run that never had one', async () => {
    const app = await appWith({ text: 'Late', delayMs: 5000 });
    const id = await conversationIn(app);
    const requests = [question('Hi'), question('Hi'), question('Hi')];
    for (const request of requests) await app.generations.start(owner, id, request);
    const [waiting] = requests.slice(-1).map(generationIdOf);
    expect(await app.prompts.exact(owner, waiting ?? '')).toEqual({ state: 'unknown' });
    for (const call of ['exact', 'details'] as const) {
      await expect(app.prompts[call]('eve', waiting ?? '')).rejects.toMatchObject({ code: 'not-found' });
    }
  });

  it('says when the template has changed, and when the model is gone', async () => {
    const { mkdtempSync, rmSync } = await import('node:fs');
    const dataDir = mkdtempSync('/tmp/parlance-prompts-');
    const start = (chatTemplate: string, id = 'scripted') =>
      createApp(
        {
          models: [{ id, backend: { type: 'scripted', replies: [{ text: 'Yes.' }] }, chatTemplate }],
          local: noLocalModels,
          dataDir,
        },
        pino({ level: 'silent' }),
      );
    const template = (word: string) => `{% for m in messages %}${word}: {{ m.content }}\n{% endfor %}`;
    let app = await start(template('one'));
    const id = await conversationIn(app);
    const generationId = generationIdOf(await answered(app, id, 'Hi'));
    const prompt = { kind: 'text', text: 'one: Hi\n', specialTokens: [] };
    expect(await app.prompts.exact(owner, generationId)).toEqual({ state: 'same', prompt });
    await app.close();
    app = await start(template('two'));
    expect(await app.prompts.exact(owner, generationId)).toEqual({
      state: 'changed',
      prompt: { ...prompt, text: 'two: Hi\n' },
    });
    await app.close();
    app = await start(template('one'), 'another');
    expect(await app.prompts.exact(owner, generationId)).toEqual({ state: 'gone', what: 'model' });
    await app.close();
    rmSync(dataDir, { recursive: true });
  });
});

describe('measure', () => {
  it('is what the run then says', async () => {
    const app = await appWith({ text: 'Yes it is.' });
    const id = await conversationIn(app);
    await app.conversations.update(owner, id, { settings: { systemPrompt: 'Be kind to me.' } });
    const first = await answered(app, id, 'One two three');
    const draft = measureOf({ conversationId: id, parentId: messageIdOf(first), text: 'Four five' });
    const measured = await app.prompts.measure(owner, draft);
    const request = question('Four five', messageIdOf(first));
    await app.generations.start(owner, id, request);
    const entries = await readAll(app, generationIdOf(request));
    expect(entries.map(({ event }) => event)).toContainEqual({
      type: 'prepared',
      promptTokens: measured.promptTokens,
      leftOut: measured.leftOut,
    });
    expect(measured).toMatchObject({ contextLength: 2000, answerTokens: 1024, isExact: false });
  });

  it('takes the settings of a conversation that is not begun, over the defaults', async () => {
    const app = await appWith({ text: 'Yes.' });
    const bare = await app.prompts.measure(owner, measureOf({ text: 'Hi' }));
    await app.settings.update(owner, { systemPrompt: 'one two three' });
    const withDefault = await app.prompts.measure(owner, measureOf({ text: 'Hi' }));
    const settings = { systemPrompt: 'one two three four five', parameters: { max_new_tokens: 7 } };
    const withOwn = await app.prompts.measure(owner, measureOf({ text: 'Hi', settings }));
    expect(withDefault.promptTokens).toBeGreaterThan(bare.promptTokens);
    expect(withOwn.promptTokens).toBe(withDefault.promptTokens + 2);
    expect(withOwn.answerTokens).toBe(7);
  });

  it('reads a conversation once while somebody writes in it, and its settings each time', async () => {
    const app = await appWith({ text: 'Yes.' });
    const id = await conversationIn(app);
    const first = await answered(app, id, 'One two three');
    const request = measureOf({ conversationId: id, parentId: messageIdOf(first), text: 'Four' });
    const before = await app.prompts.measure(owner, request);
    await app.conversations.update(owner, id, { settings: { systemPrompt: 'two words' } });
    const after = await app.prompts.measure(owner, { ...request, text: 'Four five' });
    expect(after.promptTokens).toBe(before.promptTokens + 3 + 8);
    await expect(app.prompts.measure('eve', request)).rejects.toMatchObject({ code: 'not-found' });
    await app.conversations.delete(owner, id);
    await expect(app.prompts.measure(owner, request)).rejects.toMatchObject({ code: 'not-found' });
  });

  it("is not-found for another's conversation, a missing message and a missing model", async () => {
    const app = await appWith({ text: 'Yes.' });
    const id = await conversationIn(app);
    const cases: [string, MeasureRequest][] = [
      ['eve', measureOf({ conversationId: id })],
      [owner, measureOf({ conversationId: randomUUID() })],
      [owner, measureOf({ conversationId: id, parentId: randomUUID() })],
      [owner, measureOf({ modelId: 'none' })],
    ];
    for (const [who, request] of cases) {
      await expect(app.prompts.measure(who, request)).rejects.toMatchObject({ code: 'not-found' });
    }
  });
});
