import { describe, expect, it } from 'vitest';
import { AppError } from '../../domain/errors';
import type { BackendEvent, GenerateInput } from './backend';
import { reasoningApart } from './reasoning-events';

const chat: GenerateInput = { kind: 'prompt', prompt: 'Hi', conversation: { prefix: '' } };
const delta = (text: string, choice = 0): BackendEvent => ({ type: 'delta', choice, kind: 'text', text });
const finish: BackendEvent = { type: 'finish', reason: 'stop' };

async function* streamOf(events: (BackendEvent | AppError)[]): AsyncGenerator<BackendEvent> {
  for (const event of events) {
    if (event instanceof AppError) throw event;
    yield await Promise.resolve(event);
  }
}

async function told(events: (BackendEvent | AppError)[], input = chat): Promise<unknown[]> {
  const all: unknown[] = [];
  try {
    for await (const event of reasoningApart(input, streamOf(events)))
      all.push(event.type === 'delta' ? [event.choice, event.kind, event.text] : event.type);
  } catch (thrown) {
    all.push((thrown as AppError).code);
  }
  return all;
}

describe('reasoning in tags', () => {
  it('is told apart, however it is split', async () => {
    expect(await told(['<thi', 'nk>\nHm.', '\n</th', 'ink>\n\n', 'Yes'].map((text) => delta(text)))).toEqual([
      [0, 'reasoning', 'Hm.'],
      [0, 'text', 'Yes'],
    ]);
  });

  it('is told apart in each of several answers, before its end', async () => {
    const end: BackendEvent = { type: 'choice-end', choice: 1, reason: 'stop' };
    const events = [delta('<think>Hm', 1), delta('Yes', 0), delta('. </th', 1), end, delta('!', 0), finish];
    expect(await told(events)).toEqual([
      [1, 'reasoning', 'Hm'],
      [0, 'text', 'Yes'],
      [1, 'reasoning', '.'],
      [1, 'reasoning', ' </th'],
      'choice-end',
      [0, 'text', '!'],
      'finish',
    ]);
  });

  it('that is never closed is told to the end, also to a bad one', async () => {
    const fault = new AppError('backend-protocol', 'It broke off.');
    expect(await told([delta('<think>Hm. </th'), finish])).toEqual([
      [0, 'reasoning', 'Hm.'],
      [0, 'reasoning', ' </th'],
      'finish',
    ]);
    expect(await told([delta('<thi'), fault])).toEqual([[0, 'text', '<thi'], 'backend-protocol']);
  });

  it('takes the tokens of what was held back along', async () => {
    const tokens = ['<think>', 'Hm', '</think>', 'Yes'].map((text) => ({ text, logprob: -1 }));
    const events = tokens.map((token) => ({ ...delta(token.text), tokens: [token] }) as BackendEvent);
    const read: unknown[] = [];
    for await (const event of reasoningApart(chat, streamOf(events)))
      if (event.type === 'delta') read.push([event.kind, event.tokens?.map(({ text }) => text)]);
    expect(read).toEqual([
      ['reasoning', ['<think>', 'Hm']],
      ['text', ['</think>', 'Yes']],
    ]);
  });

  it('is text in what goes on from a text, piece by piece', async () => {
    expect(await told([delta('<think>'), delta('Hm')], { kind: 'prompt', prompt: 'Hi' })).toEqual([
      [0, 'text', '<think>'],
      [0, 'text', 'Hm'],
    ]);
  });
});
