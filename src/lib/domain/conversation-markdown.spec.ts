import { expect, it } from 'vitest';
import { conversationMarkdown } from './conversation-markdown';
import type { Message } from './message';
import type { WholeConversation } from './portable';

const createdAt = new Date('2026-01-02T03:04:05.678Z');
const message = (
  id: string,
  parentId: string | null,
  text: string,
  more: Partial<Message> = {},
): Message => ({
  id,
  conversationId: 'c',
  parentId,
  role: 'user',
  parts: [{ type: 'text', text }],
  origin: 'user',
  status: 'complete',
  createdAt,
  ...more,
});
const answer: Partial<Message> = { role: 'assistant', origin: 'model', modelId: 'org/model' };
const whole: WholeConversation = {
  conversation: {
    id: 'c',
    kind: 'chat',
    title: 'A *title*\n# over <b>lines</b>',
    leafId: '4',
    modelId: 'm',
    isPinned: false,
    settings: { systemPrompt: 'Be short.' },
    createdAt,
    updatedAt: createdAt,
  },
  messages: [
    message('1', null, 'Question?'),
    message('2', '1', 'Other answer', answer),
    message('3', '1', '- a list\n- of **two**', {
      ...answer,
      origin: 'edited',
      parts: [
        { type: 'reasoning', text: 'First\nthen' },
        { type: 'tool-call', id: 'call_1', name: 'f', arguments: '{"a":"```"}' },
        { type: 'text', text: '- a list\n- of **two**' },
      ],
    }),
    message('4', '3', 'And?', { status: 'complete' }),
  ],
  generations: [],
};

it('is the branch that is shown, with who said what', () => {
  expect(conversationMarkdown(whole)).toBe(
    [
      '# A \\*title\\* \\# over \\<b\\>lines\\</b\\>',
      '*2026-01-02*',
      '## System prompt',
      'Be short.',
      '## You',
      'Question?',
      '## org/model',
      '> First\n> then',
      '*Call of f*',
      '````json\n{"a":"```"}\n````',
      '- a list\n- of **two**',
      '*Edited. One of 2 versions.*',
      '## You',
      'And?\n',
    ].join('\n\n'),
  );
});

it('has a heading also without a title or an answer', () => {
  const empty = { ...whole, conversation: { ...whole.conversation, title: '', leafId: null, settings: {} } };
  expect(conversationMarkdown(empty)).toBe('# New chat\n\n*2026-01-02*\n');
});
