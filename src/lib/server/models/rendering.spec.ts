import { describe, expect, it } from 'vitest';
import type { Message } from '../../domain/message';
import { ChatTemplate } from './chat-template';
import { promptHash, renderedText, renderInput } from './rendering';
import { builtInTemplates } from './templates/built-in';

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

describe('with a template of our own', () => {
  const thinks = new ChatTemplate(builtInTemplates['deepseek-r1']);
  const asked = '<｜begin▁of▁sentence｜><｜User｜>Hi<｜Assistant｜>';
  const render = (prefix: string, isRaw = false, path = [message('user', 'Hi')]) =>
    renderInput(thinks, { systemPrompt: undefined, messages: path, prefix, isRaw });

  it('the prompt is known to be a conversation, and a raw completion to be none', () => {
    expect(render('')).toEqual({ kind: 'prompt', prompt: `${asked}<think>\n`, conversation: { prefix: '' } });
    expect(render('', true)).toEqual({ kind: 'prompt', prompt: 'Hi' });
  });

  it('an answer that is gone on with is past the reasoning that the template opens', () => {
    const prompt = `${asked}<think>\n\n</think>\n\nSo`;
    expect(render('So')).toEqual({ kind: 'prompt', prompt, conversation: { prefix: 'So' } });
  });

  it('what the model thought before is left out', () => {
    const thought: Message = {
      ...message('assistant', 'Yes'),
      parts: [
        { type: 'reasoning', text: 'Hm.' },
        { type: 'text', text: 'Yes' },
      ],
    };
    const path = [message('user', 'Hi'), thought, message('user', 'Why?')];
    expect(renderedText(render('', false, path))).toBe(
      `${asked}Yes<｜end▁of▁sentence｜><｜User｜>Why?<｜Assistant｜><think>\n`,
    );
  });

  it('its hash is that of the text alone', () => {
    const input = render('');
    // As runs have stored it: SHA-256 of "prompt", a line end and the text.
    expect(promptHash(input)).toBe('n-Ks6oOvtpyk3_IIEMNRdsIcfDlQKt-YhlKJFTfo3As');
    expect(promptHash({ kind: 'prompt', prompt: renderedText(input) })).toBe(promptHash(input));
  });
});
