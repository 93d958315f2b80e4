import { expect, it } from 'vitest';
import type { Message, MessageRole } from '../../domain/message';
import { partsOf } from '../../domain/parts';
import type { Backend } from '../backends/backend';
import { Text2textPrompts } from './text2text-prompts';
import { TokenCounter } from './token-counter';

/** Counts words. */
const backend = {
  countTokens: (text: string) => Promise.resolve(text === '' ? 0 : text.split(' ').length),
} as Partial<Backend> as Backend;

const prompts = new Text2textPrompts({
  contextLength: 8,
  own: { parameters: { max_new_tokens: 32, temperature: 0 } },
  counter: new TokenCounter(backend),
});

function message(role: MessageRole, text: string): Message {
  return {
    id: text,
    conversationId: 'c',
    parentId: null,
    role,
    parts: [{ type: 'text', text }],
    origin: role === 'user' ? 'user' : 'model',
    status: 'complete',
    createdAt: new Date(0),
  };
}

const path = [message('user', 'one two'), message('assistant', 'three'), message('user', 'four five six')];

it('sends the last message alone, counted with the token that ends it', async () => {
  const prepared = await prompts.prepare({ path, settings: {}, prefix: '' });
  expect(prepared).toMatchObject({
    input: { kind: 'text2text', text: 'four five six' },
    parameters: { max_new_tokens: 32, temperature: 0 },
    promptTokens: 4,
    leftOut: 0,
  });
});

it('lets people set parameters over those of the model', async () => {
  const settings = { request: { parameters: { temperature: 0.5 } } };
  const { parameters } = await prompts.prepare({ path, settings, prefix: '' });
  expect(parameters).toEqual({ max_new_tokens: 32, temperature: 0.5 });
});

it('refuses what the encoder does not read, and says so before it is sent', async () => {
  const long = 'a b c d e f g h';
  const tooLong = { tokens: 9, limit: 8 };
  await expect(prompts.ensureFits(partsOf(long))).rejects.toMatchObject({
    code: 'context-too-long',
    details: tooLong,
  });
  await expect(prompts.ensureFits(partsOf('a b c d e f g'))).resolves.toBeUndefined();
  expect(await prompts.measure({ path: [message('user', long)], settings: {} })).toMatchObject({
    contextLength: 8,
    promptTokens: 9,
    answerTokens: 0,
    tooLong,
  });
  expect(await prompts.measure({ path, settings: {} })).toEqual({
    contextLength: 8,
    promptTokens: 4,
    answerTokens: 32,
    leftOut: 0,
    isExact: true,
  });
});

it('cannot go on with an answer that has begun', async () => {
  await expect(prompts.prepare({ path, settings: {}, prefix: 'Begun' })).rejects.toMatchObject({
    code: 'invalid-input',
  });
});

it('shows again what was sent', async () => {
  const { record } = await prompts.prepare({ path, settings: {}, prefix: '' });
  const same = await prompts.renderAgain({ path, prefix: '', record });
  expect(same).toEqual({ prompt: { kind: 'text', text: 'four five six', specialTokens: [] }, isSame: true });
  expect((await prompts.renderAgain({ path: path.slice(0, 1), prefix: '', record })).isSame).toBe(false);
});

it('does what was chosen, and the first until then, with the text that the choice puts in front', async () => {
  const translator = new Text2textPrompts({
    contextLength: 20,
    own: { parameters: {} },
    counter: new TokenCounter(backend),
    choices: [
      { id: 'en>de', label: 'English to German', prefix: 'translate English to German: ' },
      { id: 'en>fr', label: 'English to French', prefix: 'translate English to French: ' },
    ],
  });
  const made = async (task?: string) => {
    const conversation = task === undefined ? {} : { task };
    return translator.prepare({ path, settings: { conversation }, prefix: '' });
  };
  const german = { kind: 'text2text', text: 'translate English to German: four five six', task: 'en>de' };
  expect((await made()).input).toEqual(german);
  expect((await made('of another model')).input).toEqual(german);
  const { input, record } = await made('en>fr');
  expect(input).toMatchObject({ text: 'translate English to French: four five six', task: 'en>fr' });
  expect((await translator.renderAgain({ path, prefix: '', record })).isSame).toBe(true);
});
