import { describe, expect, it } from 'vitest';
import { applyEvent, foldEntries } from './apply-event';
import type { Entry, GenerationEvent, RunEnd } from './generation-event';
import type { Message } from './message';
import { partsOf, textOf, type TextKind } from './parts';
import type { TokenInfo } from './token-info';

const blank: Message = {
  id: 'answer',
  conversationId: 'conversation',
  parentId: 'question',
  role: 'assistant',
  parts: [],
  origin: 'model',
  status: 'running',
  createdAt: new Date(0),
};
const delta = (text: string, choice = 0, kind: TextKind = 'text'): GenerationEvent => ({
  type: 'delta',
  choice,
  kind,
  text,
});
const end = (changes: Partial<RunEnd> = {}): RunEnd => ({ type: 'run-end', status: 'completed', ...changes });
const entries = (...events: GenerationEvent[]): Entry[] =>
  events.map((event, index) => ({ seq: index + 1, event }));
const textsOf = (messages: Message[]) => messages.map(({ parts }) => textOf(parts));

describe('applyEvent', () => {
  const error = { code: 'internal' as const, message: 'Broke.', retryable: true };
  const usage = { promptTokens: 1, completionTokens: 2 };

  it.each<[string, GenerationEvent, Partial<Message>]>([
    [
      'run-start says the model',
      { type: 'run-start', messageIds: ['answer'], modelId: 'm' },
      { modelId: 'm' },
    ],
    ['prepared says what was left out', { type: 'prepared', promptTokens: 9, leftOut: 2 }, { leftOut: 2 }],
    ['a delta adds text', delta('Hi'), { parts: partsOf('Hi') }],
    [
      'a tool call is a part',
      { type: 'tool-call', choice: 0, id: 'call_1', name: 'f', arguments: '{}' },
      { parts: [{ type: 'tool-call', id: 'call_1', name: 'f', arguments: '{}' }] },
    ],
    [
      'a delta of thoughts is apart',
      delta('Hm', 0, 'reasoning'),
      { parts: [{ type: 'reasoning', text: 'Hm' }] },
    ],
    [
      'completed is complete',
      end({ finishReason: 'length', usage }),
      { status: 'complete', finishReason: 'length', usage },
    ],
    ['failed has its fault', end({ status: 'failed', error }), { status: 'failed', error }],
    ['stopped', end({ status: 'stopped' }), { status: 'stopped' }],
    ['interrupted', end({ status: 'interrupted' }), { status: 'interrupted' }],
  ])('%s', (_, event, changes) => {
    const before = [blank];
    expect(applyEvent(before, event)).toEqual([{ ...blank, ...changes }]);
    expect(before).toEqual([blank]);
  });

  it.each<[string, GenerationEvent]>([
    ['queued', { type: 'queued', position: 1 }],
    ['progress', { type: 'progress', label: 'reading', fraction: 0.5 }],
    ['prepared with nothing left out', { type: 'prepared', promptTokens: 9, leftOut: 0 }],
    ['an empty delta', delta('')],
    ['a delta of a choice that is not there', delta('x', 3)],
  ])('%s changes nothing, not even the array', (_, event) => {
    const before = [blank];
    expect(applyEvent(before, event)).toBe(before);
  });

  it('keeps what a run warns of, each once', () => {
    const warning = (text: string): GenerationEvent => ({ type: 'warning', code: 'unknown-parameter', text });
    const folded = [warning('One.'), warning('Two.'), warning('One.')].reduce(applyEvent, [blank]);
    expect(folded[0]?.warnings).toEqual([
      { code: 'unknown-parameter', text: 'One.' },
      { code: 'unknown-parameter', text: 'Two.' },
    ]);
    const many = Array.from({ length: 30 }, (_, index) => warning(String(index))).reduce(applyEvent, folded);
    expect(many[0]?.warnings).toHaveLength(20);
  });

  it('takes the messages of a snapshot', () => {
    const messages = [{ ...blank, parts: partsOf('so far') }];
    expect(applyEvent([blank], { type: 'snapshot', messages })).toBe(messages);
  });

  it('keeps text and thoughts in the order in which they came', () => {
    const events = [
      delta('a', 0, 'reasoning'),
      delta('b', 0, 'reasoning'),
      delta('c'),
      delta('d', 0, 'reasoning'),
    ];
    expect(events.reduce(applyEvent, [blank])[0]?.parts).toEqual([
      { type: 'reasoning', text: 'ab' },
      { type: 'text', text: 'c' },
      { type: 'reasoning', text: 'd' },
    ]);
  });
});

describe('tokens', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((text) => ({ text, logprob: -1 }));
  const withTokens = (text: string, tokens: TokenInfo[], choice = 0): GenerationEvent => ({
    type: 'delta',
    choice,
    kind: 'text',
    text,
    tokens,
  });

  it('are kept in order, each with its own choice, also those without text', () => {
    if (!a || !b || !c) throw new Error('There are three.');
    const events = [withTokens('a', [a]), withTokens('', [b]), withTokens('c', [c], 1), delta('d')];
    const messages = events.reduce(applyEvent, [blank, blank]);
    expect(messages.map(({ tokens }) => tokens)).toEqual([[a, b], [c]]);
    expect(textsOf(messages)).toEqual(['ad', 'c']);
  });

  it('are nowhere unless they came', () => {
    expect(applyEvent([blank], delta('a'))[0]).not.toHaveProperty('tokens');
  });

  it('of the prompt are kept with the answer to it', () => {
    const tokens = [{ text: '<s>' }, { text: 'Hi', logprob: -2 }];
    const messages = applyEvent([blank, blank], { type: 'prompt-logprobs', choice: 1, tokens });
    expect(messages.map(({ promptLogprobs }) => promptLogprobs)).toEqual([undefined, tokens]);
  });

  it('end where the text was on screen when it was stopped', () => {
    if (!a || !b) throw new Error('There are two.');
    const all = entries(
      withTokens('a', [a]),
      withTokens('b', [b]),
      end({ status: 'stopped', throughSeq: 1 }),
    );
    expect(foldEntries([blank], all)[0]?.tokens).toEqual([a]);
  });
});

describe('foldEntries', () => {
  it.each<[string, GenerationEvent[], string[]]>([
    ['nothing', [], ['', '']],
    ['the text of each choice', [delta('a'), delta('b', 1), delta('c'), delta('d', 1)], ['ac', 'bd']],
    ['all text up to the end', [delta('a'), delta('b'), end()], ['ab', '']],
    [
      'nothing after what was on screen',
      [delta('a'), delta('b'), end({ status: 'stopped', throughSeq: 1 })],
      ['a', ''],
    ],
    [
      'nothing when it was stopped before the first text',
      [delta('a'), end({ status: 'stopped', throughSeq: 0 })],
      ['', ''],
    ],
    [
      'all text when the reader saw more than there is',
      [delta('a'), end({ status: 'stopped', throughSeq: 9 })],
      ['a', ''],
    ],
  ])('is %s', (_, events, texts) => {
    expect(textsOf(foldEntries([blank, blank], entries(...events)))).toEqual(texts);
  });

  it('is the same in one go and entry by entry', () => {
    const all = entries(delta('a'), delta('b', 1), delta('c'), end({ finishReason: 'stop' }));
    const stepwise = all.reduce((messages, entry) => applyEvent(messages, entry.event), [blank, blank]);
    expect(foldEntries([blank, blank], all)).toEqual(stepwise);
  });
});
