import { describe, expect, it } from 'vitest';
import { answerStart, withAnswerStart } from './answer-start';
import type { GenerateInput } from './backend';

const messages = [{ role: 'user' as const, content: 'Hi' }];
const chat = (prompt: string, prefix = ''): GenerateInput => ({
  kind: 'prompt',
  prompt: prompt + prefix,
  conversation: { prefix },
});

describe('an answer begins', () => {
  it.each<[string, GenerateInput, unknown, string?]>([
    ['in its text, where a text is gone on from', { kind: 'prompt', prompt: 'Of <think>\n' }, 'text'],
    ['in its text, where one text becomes another', { kind: 'text2text', text: '<think>' }, 'text'],
    ['with either, in a conversation', chat('Hi'), 'either'],
    ['with either, where thoughts are closed', chat('<think>\n\n</think>\n\n'), 'either'],
    ['inside, where the template opens them', chat('Hi<think>\n'), { inside: 'think' }],
    ['inside, by another tag', chat('Hi<seed:think>'), { inside: 'seed:think' }],
    ['in its text, after a given start', chat('Hi', 'So'), 'text'],
    ['inside, after a start that opens them', chat('Hi', '<think>\nWell'), { inside: 'think' }],
    ['in its text, after a start that closes them', chat('Hi', '<think>Well</think>So'), 'text'],
    ['with either, to messages', { kind: 'messages', messages }, 'either'],
    ['inside, where the server opens them', { kind: 'messages', messages }, { inside: 'think' }, 'Hi<think>'],
    ['in its text, to messages with a start', { kind: 'messages', messages, prefix: 'So' }, 'text', 'Hi'],
  ])('%s', (_, input, start, rendered) => {
    expect(answerStart(input, rendered)).toEqual(start);
  });
});

describe('a given start', () => {
  it.each([
    ['stands after the prompt', 'Hi:', 'So', 'Hi:So'],
    ['that is none leaves thoughts open', 'Hi<think>\n', '', 'Hi<think>\n'],
    ['is past thoughts that the template opens', 'Hi<think>\n', 'So', 'Hi<think>\n\n</think>\n\nSo'],
    ['is past them by any tag', 'Hi<seed:think>', 'So', 'Hi<seed:think>\n\n</seed:think>\n\nSo'],
    ['opens them once', 'Hi<think>\n', '<think>\nWell', 'Hi<think>\nWell'],
  ])('%s', (_, prompt, prefix, whole) => {
    expect(withAnswerStart(prompt, prefix)).toBe(whole);
  });
});
