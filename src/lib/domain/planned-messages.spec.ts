import { describe, expect, it } from 'vitest';
import { plannedMessages } from './planned-messages';
import type { StartReplies } from './requests';

const at = new Date('2026-01-02T03:04:05.678Z');
const parts = [{ type: 'text' as const, text: 'question' }];
const reply = { generationId: 'run', messageIds: ['answer'], modelId: 'model' };
const running = { role: 'assistant', origin: 'model', status: 'running', modelId: 'model' };

describe('plannedMessages', () => {
  it('puts the answer of a reply under the new question', () => {
    const request: StartReplies = {
      parentId: 'leaf',
      userMessage: { id: 'question', parts },
      replies: [reply],
    };
    expect(plannedMessages('conversation', request, at)).toEqual([
      {
        id: 'question',
        conversationId: 'conversation',
        parentId: 'leaf',
        role: 'user',
        parts,
        origin: 'user',
        status: 'complete',
        createdAt: at,
      },
      {
        ...running,
        id: 'answer',
        conversationId: 'conversation',
        parentId: 'question',
        parts: [],
        generationId: 'run',
        createdAt: at,
      },
    ]);
  });

  it('puts another version under the question that is there', () => {
    const [answer, ...rest] = plannedMessages('conversation', { parentId: 'question', replies: [reply] }, at);
    expect(rest).toEqual([]);
    expect(answer).toMatchObject({ ...running, parentId: 'question', parts: [] });
    expect(answer).not.toHaveProperty('prefixLength');
  });

  it('begins a continuation with what it goes on from', () => {
    const request = { parentId: 'question', replies: [{ ...reply, prefix: 'Once upon' }] };
    expect(plannedMessages('conversation', request, at)).toMatchObject([
      { ...running, parts: [{ type: 'text', text: 'Once upon' }], prefixLength: 9 },
    ]);
  });

  it('gives every sequence of every model its message, in order', () => {
    const request: StartReplies = {
      parentId: null,
      userMessage: { id: 'question', parts },
      replies: [
        { generationId: 'one', messageIds: ['a', 'b'], modelId: 'first' },
        { generationId: 'two', messageIds: ['c'], modelId: 'second' },
      ],
    };
    const planned = plannedMessages('conversation', request, at);
    expect(
      planned.map(({ id, parentId, generationId, modelId }) => [id, parentId, generationId, modelId]),
    ).toEqual([
      ['question', null, undefined, undefined],
      ['a', 'question', 'one', 'first'],
      ['b', 'question', 'one', 'first'],
      ['c', 'question', 'two', 'second'],
    ]);
  });
});
