import { describe, expect, it } from 'vitest';
import type { Message } from '../../domain/message';
import { renderInput } from './rendering';

const message = (role: Message['role'], text: string): Message => ({
  id: text,
  conversationId: 'c',
  parentId: null,
  role,
  parts: [{ type: 'text', text }],
  origin: 'user',
  status: 'complete',
  createdAt: new Date(0),
});

describe('for a server that has the template itself', () => {
  const messages = [message('user', 'Hi'), message('assistant', 'Yes'), message('user', 'Why?')];
  const render = (systemPrompt: string | undefined, systemRole?: boolean) =>
    renderInput(undefined, {
      systemPrompt,
      messages,
      prefix: '',
      isRaw: false,
      ...(systemRole !== undefined && { systemRole }),
    });
  const said = (first: string) => ({
    kind: 'messages',
    prefix: '',
    messages: [
      { role: 'user', content: first },
      { role: 'assistant', content: 'Yes' },
      { role: 'user', content: 'Why?' },
    ],
  });

  it('the system prompt is a message of its own, unless its model takes none', () => {
    const system = { role: 'system', content: 'Be brief.' };
    const usual = { ...said('Hi'), messages: [system, ...said('Hi').messages] };
    expect(render('Be brief.')).toEqual(usual);
    expect(render('Be brief.', true)).toEqual(usual);
    expect(render('Be brief.', false)).toEqual(said('Be brief.\n\nHi'));
    expect(render('', false)).toEqual(said('Hi'));
    expect(render(undefined, false)).toEqual(said('Hi'));
  });
});
