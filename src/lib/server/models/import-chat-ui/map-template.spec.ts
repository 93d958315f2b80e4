import { describe, expect, it } from 'vitest';
import { model } from './__fixtures__/imported';

describe('a template', () => {
  const served = (entry: object) =>
    model({ endpoints: [{ type: 'openai', completion: 'completions' }], name: 'm', ...entry });

  it.each([
    [{ name: 'meta-llama/Llama-2-7b-chat-hf' }, 'llama2'],
    [{ name: 'meta-llama/Meta-Llama-3.1-70B-Instruct' }, 'llama3.1'],
    [{ name: 'mistralai/Mixtral-8x7B-Instruct-v0.1' }, 'mistral'],
    [{ name: 'mistralai/Mistral-7B-Instruct-v0.3' }, 'mistral-v3'],
    [{ name: 'google/gemma-7b-it' }, 'gemma'],
    [{ name: 'my-model', tokenizer: 'HuggingFaceH4/zephyr-7b-beta' }, 'zephyr'],
    [
      {
        name: 'my-model',
        tokenizer: { tokenizerUrl: 'https://x/t.json', tokenizerConfigUrl: 'https://x/c.json' },
      },
      'chatml',
    ],
    [{ name: 'NousResearch/Hermes-2-Pro' }, 'chatml'],
  ])('of the family is taken where none is given: %j', (entry, builtIn) => {
    expect(served(entry).models[0]?.chatTemplate).toEqual({ builtIn });
  });

  it('is left to TGI where none is given', () => {
    const { models, notes } = model({ name: 'a/zephyr', endpoints: [{ url: 'http://127.0.0.1' }] });
    expect(models[0]).not.toHaveProperty('chatTemplate');
    expect(notes).toEqual([]);
  });

  it('of a tokenizer is said not to be fetched', () => {
    expect(served({ name: 'a/zephyr', tokenizer: 'b' }).notes).toEqual(['a/zephyr tokenizer']);
  });

  it.each([
    ['{% for m in messages %}{{ m.from }}: {{ m.content }}\n{% endfor %}', 'jinja'],
    ['{{preprompt}}{{#each messages}}{{content}}{{/each}}', 'handlebars'],
    ['{% for m in messages %}{{ m.content', undefined],
  ])('%j', (chatPromptTemplate, kind) => {
    const { models, notes } = served({ chatPromptTemplate });
    if (kind) expect(models[0]?.chatTemplate).toEqual({ [kind]: chatPromptTemplate });
    else expect(notes).toContain('m chatPromptTemplate');
  });

  it('is left to a server that has it', () => {
    const { models, notes } = model({
      name: 'm',
      chatPromptTemplate: '{{#each messages}}{{content}}{{/each}}',
      endpoints: [{ type: 'openai', baseURL: 'http://x/v1' }],
    });
    expect(models[0]).not.toHaveProperty('chatTemplate');
    expect(notes).toEqual(['m chatPromptTemplate']);
  });
});
