import { describe, expect, it } from 'vitest';
import { ChatTemplate } from '../chat-template';
import { compileHandlebars } from './handlebars';

const llama =
  '<s>{{#each messages}}{{#ifUser}}[INST] {{#if @first}}{{#if @root.preprompt}}<<SYS>>\n{{@root.preprompt}}\n<</SYS>>\n\n{{/if}}{{/if}}{{content}} [/INST]{{/ifUser}}{{#ifAssistant}} {{content}} </s>{{/ifAssistant}}{{/each}}';
const messages = [
  { role: 'system' as const, content: 'Be brief.' },
  { role: 'user' as const, content: 'Is 1 < 2 & "so"?' },
  { role: 'assistant' as const, content: 'Yes' },
  { role: 'user' as const, content: 'Why?' },
];
const render = (source: string, given: typeof messages = messages) =>
  new ChatTemplate({ template: compileHandlebars(source), specialTokens: ['</s>'] }).render(given);

describe('a chatPromptTemplate', () => {
  it('is given messages and preprompt as chat-ui gave them, and escapes nothing', () => {
    expect(render(llama)).toBe(
      '<s>[INST] <<SYS>>\nBe brief.\n<</SYS>>\n\nIs 1 < 2 & "so"? [/INST] Yes </s>[INST] Why? [/INST]',
    );
    expect(render(llama, messages.slice(1))).toBe(
      '<s>[INST] Is 1 < 2 & "so"? [/INST] Yes </s>[INST] Why? [/INST]',
    );
  });

  it('has the role under both names', () => {
    expect(render('{{#each messages}}{{from}}={{role}}:{{content}} {{/each}}')).toBe(
      'user=user:Be brief.\n\nIs 1 < 2 & "so"? assistant=assistant:Yes user=user:Why? ',
    );
  });

  it('reaches nothing but what it is given', () => {
    for (const path of ['constructor', '__proto__', 'messages.constructor', 'toString']) {
      expect(render(`{{#each messages}}{{content}};{{/each}}{{${path}}}`).split(';').at(-1)).toBe('');
    }
    expect(() => render('{{#each messages}}{{content}}{{/each}}{{log "x"}}')).toThrow();
  });

  it('says what it asks for and is not given', () => {
    expect(() => render('{{#each messages}}{{content}}{{/each}}{{tools}}')).toThrowError(
      /has a fault: .*tools/u,
    );
  });
});
