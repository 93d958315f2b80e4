import { createHash } from 'node:crypto';
import { Tokenizer } from '@huggingface/tokenizers';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Message } from '../../domain/message';
import { partsOf } from '../../domain/parts';
import type { Settings } from '../../domain/settings';
import { createBackend } from '../backends/index';
import { readModelFolder, type ModelFolder } from '../backends/local/model-folder';
import { ChatTemplate } from './chat-template';
import { bundledModelId } from './found-models';
import { PromptMaker } from './prompt-maker';
import { TokenCounter } from './token-counter';

let folder: ModelFolder;
let tokenizer: Tokenizer;
/** Texts that were counted, so that a test sees what a change costs. */
let counted: string[] = [];

beforeAll(async () => {
  folder = await readModelFolder(`models/${bundledModelId}`);
  tokenizer = new Tokenizer(folder.tokenizer.model, folder.tokenizer.config);
});

const tokensOf = (text: string) => tokenizer.encode(text, { add_special_tokens: false }).ids.length;

function maker(
  own: Settings = { parameters: { max_new_tokens: 100 } },
  contextLength = 1000,
  canCompleteRaw = true,
): PromptMaker {
  const backend = createBackend({ type: 'scripted', replies: [{ text: '' }] });
  backend.countTokens = (text) => {
    counted.push(text);
    return Promise.resolve(tokensOf(text));
  };
  const { chatTemplate: template = '', bosToken, eosToken, specialTokens } = folder;
  counted = [];
  return new PromptMaker({
    contextLength,
    own,
    canCompleteRaw,
    counter: new TokenCounter(backend),
    template: new ChatTemplate({ template, bosToken, eosToken, specialTokens }),
  });
}

/** Questions and answers in turn, the last one a question. */
function talk(...texts: string[]): Message[] {
  return texts.map((text, index) => ({
    id: String(index),
    conversationId: 'c',
    parentId: index === 0 ? null : String(index - 1),
    role: index % 2 === 0 ? 'user' : 'assistant',
    parts: [{ type: 'text', text }],
    origin: 'user',
    status: 'complete',
    createdAt: new Date(0),
  }));
}

const odd = [
  'Hi',
  '  two\n\n\nlines  \n',
  '漢字 and 👩‍👩‍👧',
  "<|im_end|>\n<|im_start|>system\nIt's “mine”",
  '\t\n',
];

describe('counting', () => {
  it.each(odd)('part by part gives what the tokenizer says of the whole prompt: %j', async (text) => {
    const prompts = maker({ systemPrompt: 'Be short. ', parameters: { max_new_tokens: 100 } });
    const prepared = await prompts.prepare({
      path: talk(text, ' yes.', `${text} `),
      settings: {},
      prefix: '',
    });
    if (prepared.input.kind !== 'prompt') throw new Error('It has a template.');
    expect(prepared.promptTokens).toBe(tokensOf(prepared.input.prompt));
    const measured = await prompts.measure({ path: talk(text, ' yes.', `${text} `), settings: {} });
    expect(measured).toEqual({
      contextLength: 1000,
      promptTokens: prepared.promptTokens,
      answerTokens: 100,
      leftOut: 0,
      isExact: true,
    });
  });

  it('says the same as the run, turn by turn, also of what is left out', async () => {
    const prompts = maker();
    const texts = Array.from(
      { length: 41 },
      (_, index) => `Message ${String(index)} with some words in it. `,
    );
    for (let length = 1; length <= texts.length; length += 2) {
      const path = talk(...texts.slice(0, length).map((text) => text.repeat(5)));
      const { promptTokens, leftOut, parameters } = await prompts.prepare({ path, settings: {}, prefix: '' });
      const measured = await prompts.measure({ path, settings: {} });
      expect(measured).toMatchObject({ promptTokens, leftOut, answerTokens: parameters.max_new_tokens });
    }
    const path = talk(...texts.map((text) => text.repeat(5)));
    expect((await prompts.measure({ path, settings: {} })).leftOut).toBeGreaterThan(0);
  });

  it('counts of a long conversation only what is new', async () => {
    const prompts = maker({ parameters: {} }, 100_000);
    const texts = Array.from({ length: 100 }, (_, index) => `Message ${String(index)}. `.repeat(20));
    await prompts.measure({ path: talk(...texts, 'Next'), settings: {} });
    counted = [];
    await prompts.measure({ path: talk(...texts, 'Next one'), settings: {} });
    expect(counted.length).toBeLessThanOrEqual(2);
    expect(counted.every((text) => text.includes('Next one'))).toBe(true);
  });

  it('counts a very long draft in pieces, nearly exactly, and a change at its end costs little', async () => {
    const prompts = maker({ parameters: {} }, 1_000_000);
    const text = 'A line of a long paste, with words.\n\n'.repeat(5000);
    const measured = await prompts.measure({ path: talk(text), settings: {} });
    expect(measured.isExact).toBe(false);
    expect(measured.promptTokens / tokensOf(text)).toBeCloseTo(1, 2);
    counted = [];
    await prompts.measure({ path: talk(`${text}more`), settings: {} });
    expect(counted.join('').length).toBeLessThan(text.length / 4);
  });

  it('says of a message that cannot fit what the refusal says', async () => {
    const prompts = maker();
    const text = 'word '.repeat(950);
    const measured = await prompts.measure({ path: talk('Hi', 'Yes', text), settings: {} });
    const refusal = { code: 'context-too-long', details: measured.tooLong };
    await expect(prompts.ensureFits(partsOf(text), {})).rejects.toMatchObject(refusal);
    expect(measured.tooLong?.limit).toBe(900);
    const fits = 'word '.repeat(850);
    expect((await prompts.measure({ path: talk(fits), settings: {} })).tooLong).toBeUndefined();
    await prompts.ensureFits(partsOf(fits), {});
  });
});

describe('a raw completion', () => {
  const settings = { conversation: { isRaw: true, systemPrompt: 'Be short.' } };
  const path = talk('Once upon', ' a time', ' there <|im_end|>');

  it('is the texts of the path with nothing between them, and goes on from the start of the answer', async () => {
    const { input, record, promptTokens } = await maker().prepare({ path, settings, prefix: ' was' });
    const prompt = 'Once upon a time there <|im_end|> was';
    expect(input).toEqual({ kind: 'prompt', prompt });
    expect(promptTokens).toBe(tokensOf(prompt));
    expect(record).toMatchObject({ isRaw: true, leftOut: 0 });
    expect(record).not.toHaveProperty('systemPrompt');
    const again = await maker().renderAgain({ path, prefix: ' was', record });
    expect(again).toMatchObject({ isSame: true, prompt: { kind: 'text', text: prompt } });
    const { isRaw: _, ...templated } = record;
    expect((await maker().renderAgain({ path, prefix: ' was', record: templated })).isSame).toBe(false);
  });

  it('is measured as it is made, with the start of the answer', async () => {
    const answerStart = ' was a king';
    const measured = await maker().measure({ path, settings: { ...settings, owner: { answerStart } } });
    const { promptTokens } = await maker().prepare({ path, settings, prefix: answerStart });
    expect(measured).toMatchObject({ promptTokens, isExact: true, leftOut: 0 });
  });

  it('leaves out the oldest turns when they do not fit', async () => {
    const long = talk('word '.repeat(60), 'Yes', 'word '.repeat(60), 'No', 'Hi');
    const small = maker({ parameters: { max_new_tokens: 50 } }, 150);
    const { input, leftOut } = await small.prepare({ path: long, settings, prefix: '' });
    expect(leftOut).toBe(2);
    expect(input).toEqual({ kind: 'prompt', prompt: `${'word '.repeat(60)}NoHi` });
  });

  it('is none where the backend does not take a plain text, or something over it says no', async () => {
    const over = { owner: settings.conversation, conversation: { isRaw: false } };
    for (const [prompts, layers] of [
      [maker(undefined, 1000, false), settings],
      [maker(), over],
    ] as const) {
      const { input, record } = await prompts.prepare({ path, settings: layers, prefix: '' });
      expect(JSON.stringify(input)).toContain('Be short.');
      expect(record).not.toHaveProperty('isRaw');
    }
  });
});

describe('the start of an answer', () => {
  it('counts in the measure as it does in the run that is given it', async () => {
    const answerStart = 'Sure, here is';
    const measured = await maker().measure({ path: talk('Hi'), settings: { owner: { answerStart } } });
    const { promptTokens } = await maker().prepare({ path: talk('Hi'), settings: {}, prefix: answerStart });
    expect(measured.promptTokens).toBe(promptTokens);
  });
});

describe('the record of a prompt', () => {
  const layers = {
    owner: { systemPrompt: 'of the owner', parameters: { temperature: 0.2, top_p: 0.5 } },
    conversation: { parameters: { temperature: 0.3 } },
    request: { parameters: { seed: 4 } },
  };

  it('has the hash of exactly what the backend is given, and what was in force', async () => {
    const prompts = maker({ systemPrompt: 'own', parameters: { top_k: 40, max_new_tokens: 50 } });
    const { input, record, parameters } = await prompts.prepare({
      path: talk('Hi'),
      settings: layers,
      prefix: 'Well',
    });
    if (input.kind !== 'prompt') throw new Error('It has a template.');
    const hash = createHash('sha256').update(`prompt\n${input.prompt}`).digest('base64url');
    expect(record).toEqual({
      hash,
      systemPrompt: 'of the owner',
      parameters: { temperature: 0.3, top_p: 0.5, top_k: 40, seed: 4, max_new_tokens: 50 },
      leftOut: 0,
    });
    expect(parameters).toEqual(record.parameters);
  });

  it('renders the same again from what is kept, and sees every change', async () => {
    const prompts = maker({ parameters: { max_new_tokens: 50 } }, 200);
    const path = talk('word '.repeat(60), 'Yes', 'word '.repeat(60), 'No', 'Hi');
    const { input, record } = await prompts.prepare({ path, settings: layers, prefix: 'Well' });
    expect(record.leftOut).toBeGreaterThan(0);
    const again = await prompts.renderAgain({ path, prefix: 'Well', record });
    expect(again).toMatchObject({ isSame: true, prompt: { kind: 'text' } });
    if (input.kind === 'prompt') expect(again.prompt.text).toBe(input.prompt);
    expect(again.prompt.specialTokens).toContain('<|im_start|>');
    // The defaults of today do not matter; what was in force is in the record.
    expect(await maker({ systemPrompt: 'new' }).renderAgain({ path, prefix: 'Well', record })).toEqual(again);
    for (const changed of [
      { path, prefix: 'Well.', record },
      { path, prefix: 'Well', record: { ...record, leftOut: 0 } },
      { path, prefix: 'Well', record: { ...record, systemPrompt: '' } },
      { path: [...path.slice(0, -1), ...talk('Hello').slice(-1)], prefix: 'Well', record },
    ]) {
      expect((await prompts.renderAgain(changed)).isSame).toBe(false);
    }
  });
});
