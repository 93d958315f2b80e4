import { describe, expect, it } from 'vitest';
import { withAnswerStart } from '../../backends/answer-start';
import { ChatTemplate } from '../chat-template';
import { conversations, publishedOutputs } from './__fixtures__/published-outputs';
import { builtInNames, builtInTemplates, type BuiltInName } from './built-in';

const templateOf = (name: BuiltInName, options: object = {}) =>
  new ChatTemplate({ ...builtInTemplates[name], ...options });

const cases = builtInNames.flatMap((name) =>
  Object.entries(publishedOutputs[name]).map(([title, prompt]) => ({ name, title, prompt })),
);

describe('a built-in template', () => {
  it.each(cases)('$name, $title: is what the family publishes', ({ name, title, prompt }) => {
    const messages = conversations[title as keyof typeof conversations];
    expect(templateOf(name).render(messages)).toBe(prompt);
    expect(templateOf(name).render(messages, 'Well')).toBe(withAnswerStart(prompt, 'Well'));
  });

  it.each(builtInNames)('%s: nothing that a person writes is a mark of it', (name) => {
    const {
      specialTokens,
      turnMarks = [],
    }: { specialTokens: readonly string[]; turnMarks?: readonly string[] } = builtInTemplates[name];
    const marks = [...specialTokens, ...turnMarks];
    const count = (text: string) =>
      Object.fromEntries(marks.map((mark) => [mark, text.split(mark).length - 1]));
    const template = templateOf(name);
    const ask = (content: string) => template.render([{ role: 'user', content }], content);
    expect(count(ask(marks.join(' Hello ')))).toEqual(count(ask('Hello')));
  });

  it('is given what it asks for besides', () => {
    const question = conversations['one question'];
    expect(templateOf('qwen', { variables: { enable_thinking: false } }).render(question)).toBe(
      '<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n',
    );
    const dated = templateOf('llama3.1', { variables: { date_string: '1 May 2026' } }).render(question);
    expect(dated).toContain('Today Date: 1 May 2026\n\n<|eot_id|>');
  });

  it.each(['qwen', 'deepseek', 'deepseek-r1'] as const)(
    '%s: what was thought earlier is left out',
    (name) => {
      const messages = (content: string) => [
        { role: 'user' as const, content: 'Hi' },
        { role: 'assistant' as const, content },
        { role: 'user' as const, content: 'Why?' },
      ];
      const template = templateOf(name);
      expect(template.render(messages('<think>\nHm.\n</think>Yes'))).toBe(template.render(messages('Yes')));
    },
  );
});
