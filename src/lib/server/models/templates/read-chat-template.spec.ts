import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ChatTemplate } from '../chat-template';
import { chatTemplateSchema } from './chat-template-config';
import { readChatTemplate, templateOptions } from './read-chat-template';

let dir: string;
const jinja = (mark: string) =>
  `{{ bos_token }}{% for m in messages %}${mark}{{ m.content }}{{ eos_token }}{% endfor %}`;
const files: Record<string, unknown> = {
  'one/tokenizer_config.json': {
    chat_template: jinja('one:'),
    bos_token: { content: '<b>' },
    eos_token: '<e>',
    additional_special_tokens: ['<extra>'],
    added_tokens_decoder: { 7: { content: '<added>', special: true }, 8: { content: '<word>' } },
    something_else: 1,
  },
  'named/tokenizer_config.json': {
    chat_template: [
      { name: 'tool_use', template: jinja('tools:') },
      { name: 'default', template: jinja('usual:') },
    ],
  },
  'apart/tokenizer_config.json': { bos_token: '<b>' },
  'apart/tokenizer.json': { added_tokens: [{ content: '<t>', special: true, id: 1 }] },
  'apart/chat_template.jinja': jinja('apart:'),
  'processor/chat_template.json': { chat_template: jinja('processor:') },
  'none/tokenizer_config.json': {},
  'broken/tokenizer_config.json': '{',
};

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'parlance-templates-'));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(dir, name, '..'), { recursive: true });
    await writeFile(join(dir, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
});
afterAll(() => rm(dir, { recursive: true }));

async function render(config: unknown, content = 'Hi') {
  const read = await readChatTemplate(chatTemplateSchema.parse(config), dir);
  return new ChatTemplate(templateOptions(read)).render([{ role: 'user', content }]);
}

describe('a chat template', () => {
  it.each([
    ['text', jinja('t:'), 't:Hi'],
    ['jinja with its tokens', { jinja: jinja('t:'), bosToken: '<s>', eosToken: '</s>' }, '<s>t:Hi</s>'],
    [
      'jinja with a variable',
      { jinja: '{{ mood }}{{ messages[0].content }}', variables: { mood: 'glad ' } },
      'glad Hi',
    ],
    ['built in', { builtIn: 'mistral-nemo' }, '<s>[INST]Hi[/INST]'],
    ['tokenizer_config.json', { file: 'one/tokenizer_config.json' }, '<b>one:Hi<e>'],
    ['a folder', { file: 'one' }, '<b>one:Hi<e>'],
    ['the usual one of several', { file: 'named' }, 'usual:Hi'],
    ['one by its name', { file: 'named', name: 'tool_use' }, 'tools:Hi'],
    ['a file of its own, in a folder', { file: 'apart' }, '<b>apart:Hi'],
    ['a file of its own', { file: 'apart/chat_template.jinja' }, '<b>apart:Hi'],
    ['that of a processor', { file: 'processor' }, 'processor:Hi'],
    ['other tokens', { file: 'one', bosToken: '', eosToken: '!' }, 'one:Hi!'],
    ['Handlebars', { handlebars: '{{#each messages}}{{#ifUser}}U:{{content}}{{/ifUser}}{{/each}}' }, 'U:Hi'],
  ])('is read: %s', async (_, config, prompt) => {
    expect(await render(config)).toBe(prompt);
  });

  it.each([
    [{ file: 'one' }, '<extra><added><word><b><e>', '< extra>< added><word>< b>< e>'],
    [{ file: 'apart' }, '<t>', '< t>'],
    [{ jinja: '[INST] {{ messages[0].content }} [/INST]</s>' }, '[/INST]</s><think>', '[ /INST]< /s><think>'],
    [{ jinja: '{{ messages[0].content }}', specialTokens: ['<x>'] }, '<x>', '< x>'],
  ])('%j: its control tokens are broken up in what people write', async (config, text, safe) => {
    expect(await render(config, text)).toContain(safe);
  });

  it.each([
    [{ file: 'nowhere' }, /nowhere is not there/u],
    [{ file: 'none' }, /no chat template in .*none/u],
    [{ file: 'named', name: 'rag' }, /no chat template named "rag"/u],
    [{ file: 'broken' }, /broken.tokenizer_config.json cannot be read/u],
    [{ handlebars: '{{#each messages}}' }, /cannot be read as Handlebars/u],
    [{ jinja: '{% if %}' }, /cannot be read as Jinja/u],
  ])('%j: says what is wrong', async (config, message) => {
    await expect(render(config)).rejects.toMatchObject({
      code: 'config-invalid',
      message: expect.stringMatching(message) as string,
    });
  });

  it.each([
    [{}, /exactly one of/u],
    [{ jinja: 'a', builtIn: 'chatml' }, /exactly one of/u],
    [{ builtIn: 'chatmll' }, /must be one of chatml, llama2/u],
    [{ builtIn: 'chatml', name: 'x' }, /for a file only/u],
    [{ builtIn: 'chatml', nmae: 'x' }, /nmae/u],
    [7, /must be the text of a Jinja template/u],
  ])('%j is no configuration', (config, message) => {
    const { error } = chatTemplateSchema.safeParse(config);
    expect(error?.issues.map((issue) => issue.message).join()).toMatch(message);
  });

  it('of Jinja has a date, and range, as Transformers has them', async () => {
    vi.useFakeTimers({ now: new Date(2026, 4, 1, 15, 7, 9) });
    const dated = "{{ strftime_now('%d %b %Y|%-d %B|%H:%M:%S|%I %p|%A %a|%y-%m|%Q %%') }} ";
    const ranged =
      '{% for i in range(1, 6, 2) %}{{ i }}{% endfor %}{% for i in range(2) %}{{ i }}{% endfor %}';
    expect(await render(`${dated}${ranged}{{ messages[0].content }}`)).toBe(
      '01 May 2026|1 May|15:07:09|03 PM|Friday Fri|26-05|%Q % 13501Hi',
    );
    vi.useRealTimers();
  });
});
