import { expect, it } from 'vitest';
import { canContinue, type Message } from './message';
import { partsOf } from './parts';

const answer: Message = {
  id: 'answer',
  conversationId: 'conversation',
  parentId: 'question',
  role: 'assistant',
  parts: partsOf('text'),
  origin: 'model',
  status: 'complete',
  createdAt: new Date(0),
};

it.each<[string, Partial<Message>, boolean]>([
  ['complete', {}, false],
  ['complete at its end of turn', { finishReason: 'stop' }, false],
  ['cut off at its greatest length', { finishReason: 'length' }, true],
  ['stopped', { status: 'stopped' }, true],
  ['interrupted', { status: 'interrupted' }, true],
  ['failed', { status: 'failed' }, true],
  ['failed before its first text', { status: 'failed', parts: [] }, false],
  ['being written', { status: 'running' }, false],
  ['edited by a person', { origin: 'edited' }, true],
  ['a question', { role: 'user' }, false],
])('an answer that is %s can be gone on from: %o', (_, changes, expected) => {
  expect(canContinue({ ...answer, ...changes })).toBe(expected);
});
