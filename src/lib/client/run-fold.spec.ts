import { describe, expect, it } from 'vitest';
import type { Entry, GenerationEvent, RunEnd } from '../domain/generation-event';
import type { Message } from '../domain/message';
import { partsOf, textOf } from '../domain/parts';
import { RunFold } from './run-fold';

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
const delta = (seq: number, text: string): Entry => ({
  seq,
  event: { type: 'delta', choice: 0, kind: 'text', text },
});
const end = (seq: number, changes: Partial<RunEnd> = {}): Entry => ({
  seq,
  event: { type: 'run-end', status: 'completed', ...changes },
});
const snapshot = (seq: number, text: string): Entry => {
  const event: GenerationEvent = { type: 'snapshot', messages: [{ ...blank, parts: partsOf(text) }] };
  return { seq, event };
};

interface Case {
  what: string;
  base?: { text: string; cursor: number };
  entries: Entry[];
  text: string;
  cursor: number;
}

const cases: Case[] = [
  { what: 'entries one after the other', entries: [delta(1, 'a'), delta(2, 'b')], text: 'ab', cursor: 2 },
  {
    what: 'each entry once, whichever stream brings it',
    entries: [delta(1, 'a'), delta(1, 'a'), delta(2, 'b'), delta(1, 'a'), delta(2, 'b')],
    text: 'ab',
    cursor: 2,
  },
  {
    what: 'only what comes after the cursor that it began with',
    base: { text: 'ab', cursor: 2 },
    entries: [delta(1, 'a'), delta(2, 'b'), delta(3, 'c')],
    text: 'abc',
    cursor: 3,
  },
  {
    what: 'a snapshot in place of all before it, also when its number is lower',
    entries: [delta(1, 'a'), delta(2, 'lost'), snapshot(1, 'a'), delta(2, 'b')],
    text: 'ab',
    cursor: 2,
  },
  { what: 'nothing after the end', entries: [delta(1, 'a'), end(2), delta(3, 'b')], text: 'a', cursor: 2 },
  {
    what: 'less than was shown, when it was stopped elsewhere before that',
    entries: [delta(1, 'a'), delta(2, 'b'), end(3, { status: 'stopped', throughSeq: 1 })],
    text: 'a',
    cursor: 3,
  },
];

describe('a run folds', () => {
  it.each(cases)('$what', ({ base = { text: '', cursor: 0 }, entries, text, cursor }) => {
    const run = new RunFold([{ ...blank, parts: partsOf(base.text) }], base.cursor);
    for (const entry of entries) run.add(entry);
    expect([textOf(run.messages[0]?.parts ?? []), run.cursor]).toEqual([text, cursor]);
  });

  it('nothing more on screen once it is frozen, and ends with what the server says', () => {
    const run = new RunFold([blank], 0);
    run.add(delta(1, 'a'));
    expect(run.freeze()).toBe(1);
    run.add(delta(2, 'b'));
    expect(run.messages).toMatchObject([{ status: 'stopped', parts: partsOf('a') }]);
    run.add(end(3, { status: 'stopped', throughSeq: 1 }));
    expect(run.messages).toMatchObject([{ status: 'stopped', parts: partsOf('a') }]);
    expect([run.hasEnded, run.needsReload]).toEqual([true, false]);
  });

  it('to its whole end when it had ended before the stop came', () => {
    const run = new RunFold([blank], 0);
    run.add(delta(1, 'a'));
    run.freeze();
    run.add(delta(2, 'b'));
    run.add(end(3));
    expect(run.messages).toMatchObject([{ status: 'complete', parts: partsOf('ab') }]);
  });

  it('less than it began with only with the help of the server', () => {
    const run = new RunFold([{ ...blank, parts: partsOf('abc') }], 3);
    run.add(end(4, { status: 'stopped', throughSeq: 2 }));
    expect(run.needsReload).toBe(true);
  });
});
