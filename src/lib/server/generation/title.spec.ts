import { expect, it } from 'vitest';
import type { Message } from '../../domain/message';
import { textOf } from '../../domain/parts';
import { titleIn, titleParameters, titlePrompt } from './title';

it.each([
  ['Planning a trip to Japan', 'Planning a trip to Japan'],
  ['"Planning a Trip to Japan."', 'Planning a Trip to Japan'],
  ['Title: Planning a Trip', 'Planning a Trip'],
  ['**Title:** Planning a Trip', 'Planning a Trip'],
  ['# **“Une recette de crêpes”**', 'Une recette de crêpes'],
  ['The title is: “Trip to Japan”.', 'Trip to Japan'],
  ['\n\n  Two   words\nand an explanation of them', 'Two words'],
  ['<think>They ask about Japan.\nSo:</think>\n\nTrip to Japan', 'Trip to Japan'],
  ['「日本への旅行」。', '日本への旅行'],
  ['Why is the sky blue?', 'Why is the sky blue?'],
  ['C++ and the "rule of five"', 'C++ and the "rule of five"'],
  ['Set \u202Egnp.exe\u0007 apart', 'Set gnp.exe apart'],
  ['"""\nReal title\n"""', 'Real title'],
])('takes from %j the title %j', (answer, title) => {
  expect(titleIn(answer)).toBe(title);
});

it.each([
  '',
  ' \n ',
  '...',
  '""',
  '<think>They ask about Japan and I think',
  'The sky is blue because the air scatters the short waves of light more than the long ones',
])('finds none in %j', (answer) => {
  expect(titleIn(answer)).toBeUndefined();
});

it('cuts a long one at a word, or where there are none', () => {
  const title = titleIn('Extraordinarily incomprehensible counterrevolutionary misunderstandings everywhere');
  expect(title).toBe('Extraordinarily incomprehensible counterrevolutionary…');
  expect(titleIn('字'.repeat(500))?.length).toBeLessThanOrEqual(61);
});

const message = (role: Message['role'], text: string): Message => ({
  id: role,
  conversationId: 'c',
  parentId: null,
  role,
  parts: text === '' ? [] : [{ type: 'text', text }],
  origin: 'user',
  status: 'complete',
  createdAt: new Date(0),
});

it('asks with the first question alone, cut, for few tokens and without chance', () => {
  const path = [message('user', 'a'.repeat(5000)), message('assistant', 'Yes.'), message('user', 'And?')];
  const prompt = titlePrompt(path);
  expect(prompt?.path.map(({ parts }) => textOf(parts))).toEqual(['a'.repeat(2000)]);
  expect(prompt?.settings.request?.parameters).toEqual({ temperature: 0, max_new_tokens: 24 });
  expect(prompt?.settings.request?.systemPrompt).toContain('2 to 5 words');
  expect(textOf(path[0]?.parts ?? [])).toHaveLength(5000);
});

it('does not ask about a question without words', () => {
  expect(titlePrompt([message('user', '')])).toBeUndefined();
  expect(titlePrompt([message('user', ' \n')])).toBeUndefined();
});

it('leaves out what an operator set for the form of answers', () => {
  const prepared = {
    input: { kind: 'prompt' as const, prompt: 'x' },
    parameters: {
      temperature: 0,
      max_new_tokens: 24,
      num_return_sequences: 3,
      min_new_tokens: 40,
      top_logprobs: 2,
    },
    promptTokens: 1,
    leftOut: 0,
    record: { hash: 'h', parameters: {}, leftOut: 0 },
  };
  expect(titleParameters(prepared)).toEqual({ temperature: 0, max_new_tokens: 24 });
});
