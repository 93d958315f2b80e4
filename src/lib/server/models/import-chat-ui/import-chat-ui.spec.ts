import { describe, expect, it } from 'vitest';
import { checkModels } from '../models-file';
import { imported, model } from './__fixtures__/imported';

const legacy =
  String.raw`# models of the team
HF_TOKEN=hf_team0000000000 # from the settings page
MONGODB_URL=mongodb://127.0.0.1:27017
PUBLIC_ORIGIN="https://chat.example.org"
MODELS=` +
  '`' +
  String.raw`[
  // the big one
  {
    "name": "mistralai/Mistral-7B-Instruct-v0.2",
    "displayName": "Mistral 7B",
    "description": "Answers quickly.",
    "logoUrl": "https://example.org/logo.png",
    "websiteUrl": "https://example.org/mistral",
    "datasetName": "Open data",
    "datasetUrl": "https://example.org/data",
    "preprompt": "You are kind.",
    "chatPromptTemplate": "<s>{{#each messages}}{{#ifUser}}[INST] {{#if @first}}{{#if @root.preprompt}}{{@root.preprompt}}\n{{/if}}{{/if}}{{content}} [/INST]{{/ifUser}}{{#ifAssistant}}{{content}}</s>{{/ifAssistant}}{{/each}}",
    "promptExamples": [{ "title": "Haiku", "prompt": "Write a haiku" }, { "title": "Empty" }],
    "parameters": {
      "temperature": 0.3, "top_p": 0.95, "repetition_penalty": 1.2, "top_k": 50,
      "truncate": 3072, "max_new_tokens": 1024, "stop": ["</s>"], "return_full_text": false, "mirostat": 2,
    },
    "endpoints": [
      { "type": "tgi", "url": "http://127.0.0.1:8080/", "accessToken": "hf_endpoint1111", "weight": 2 },
      { "url": "http://10.0.0.2:8080/generate_stream", "authorization": "Basic dXNlcjpwYXNz" },
      { "type": "openai", "baseURL": "http://10.0.0.3:8000/v1" },
    ],
  },
]` +
  '`' +
  `
OLD_MODELS=\`[
  { "name": "bigcode/starcoder", "displayName": "StarCoder", "transferTo": "mistralai/Mistral-7B-Instruct-v0.2" },
  { "name": "old/one" }
]\`
TASK_MODEL='mistralai/Mistral-7B-Instruct-v0.2'
TEXT_EMBEDDING_MODELS=\`[{ "name": "Xenova/gte-small" }]\`
`;

describe('a legacy file', () => {
  const { models, notes, toSet, yaml, servers } = imported(legacy);

  it('becomes a file of models', () => {
    expect(servers).toBe(0);
    expect(models).toEqual([
      {
        id: 'mistralai/Mistral-7B-Instruct-v0.2',
        name: 'Mistral 7B',
        description: 'Answers quickly.',
        links: { Website: 'https://example.org/mistral', 'Open data': 'https://example.org/data' },
        systemPrompt: 'You are kind.',
        promptExamples: [{ title: 'Haiku', prompt: 'Write a haiku' }],
        parameters: {
          temperature: 0.3,
          top_p: 0.95,
          repetition_penalty: 1.2,
          top_k: 50,
          max_new_tokens: 1024,
          stop: ['</s>'],
        },
        contextLength: 4096,
        chatTemplate: { handlebars: expect.stringMatching(/^<s>\{\{#each messages\}\}/u) as string },
        backend: {
          type: 'tgi',
          url: 'http://127.0.0.1:8080',
          apiKey: '${MISTRALAI_MISTRAL_7B_INSTRUCT_V0_2_KEY}',
          weight: 2,
          endpoints: [
            {
              url: 'http://10.0.0.2:8080',
              headers: { Authorization: '${MISTRALAI_MISTRAL_7B_INSTRUCT_V0_2_AUTHORIZATION}' },
            },
          ],
        },
      },
      { id: 'bigcode/starcoder', name: 'StarCoder', replacedBy: 'mistralai/Mistral-7B-Instruct-v0.2' },
      { id: 'old/one', replacedBy: 'mistralai/Mistral-7B-Instruct-v0.2' },
    ]);
  });

  it('says what has no equal', () => {
    expect(notes).toEqual([
      'mistralai/Mistral-7B-Instruct-v0.2 endpoints',
      'mistralai/Mistral-7B-Instruct-v0.2 logoUrl',
      'mistralai/Mistral-7B-Instruct-v0.2 parameters.mirostat',
      'old/one transferTo',
      'MONGODB_URL',
      'TEXT_EMBEDDING_MODELS',
    ]);
  });

  it('says what to set, and has no key in it', () => {
    expect(toSet.map(({ name, value }) => [name, value])).toEqual([
      ['MISTRALAI_MISTRAL_7B_INSTRUCT_V0_2_KEY', undefined],
      ['MISTRALAI_MISTRAL_7B_INSTRUCT_V0_2_AUTHORIZATION', undefined],
      ['TASK_MODEL', 'mistralai/Mistral-7B-Instruct-v0.2'],
      ['ALLOWED_ORIGINS', 'https://chat.example.org'],
    ]);
    const all = JSON.stringify([yaml, notes, toSet]);
    for (const key of ['hf_team', 'hf_endpoint', 'dXNlcjpwYXNz', 'mongodb://'])
      expect(all).not.toContain(key);
  });

  it('is taken by the checks, whatever speaks there', () => {
    const stub = { type: 'scripted', replies: [{ text: '' }] };
    const entries = models.map((entry) => ({ ...entry, ...('backend' in entry && { backend: stub }) }));
    expect(checkModels(entries, { name: 'models', env: {} }).models).toHaveLength(3);
  });

  it('is commented', () => {
    expect(yaml).toMatch(/^# Models of Parlance.*\n# It needs these variables: MISTRALAI/u);
    expect(yaml).toContain('# logoUrl: Pages load nothing');
  });
});

describe('models of versions 0.3 to 0.8', () => {
  it('get a template of their tokens', () => {
    const { models, notes } = model(
      {
        name: 'OpenAssistant/oasst-sft-4-pythia-12b',
        userMessageToken: '<|prompter|>',
        assistantMessageToken: '<|assistant|>',
        messageEndToken: '<|endoftext|>',
        endpoints: [{ url: 'http://127.0.0.1:8080', authorization: 'Bearer hf_old' }],
      },
      'HF_ACCESS_TOKEN=hf_old',
    );
    expect(notes).toEqual([]);
    expect(models[0]).toMatchObject({
      chatTemplate: { specialTokens: ['<|prompter|>', '<|assistant|>', '<|endoftext|>'] },
      backend: { type: 'tgi', apiKey: '${HF_ACCESS_TOKEN}' },
    });
    const { jinja } = models[0]?.chatTemplate as { jinja: string };
    expect(jinja).toContain('{{ "<|prompter|>" }}{{ message.content }}{{ "<|endoftext|>" }}');
  });

  it('of SageMaker are left out, with the reason', () => {
    const { models, notes } = model({
      name: 'm',
      endpoints: [{ host: 'sagemaker', url: 'https://x', accessKey: 'AK' }],
    });
    expect(models).toEqual([]);
    expect(notes).toEqual(['m endpoints', 'm']);
  });
});

describe('the form since 2025-09', () => {
  const text = `OPENAI_BASE_URL=http://10.0.0.1:8000/v1/
OPENAI_API_KEY=sk-current
MODELS=\`[{ id: 'org/one', displayName: 'One', supportsTools: true, supportsReasoning: true, systemRoleSupported: false,
  parameters: { max_tokens: 500, temperature: -1 }, multimodal: true, multimodalAcceptedMimetypes: ['image/*', 'image/jpeg'],
  tokenizer: 'org/one', providers: ['x'] }]\`
LLM_ROUTER_ROUTES_PATH=/x
`;

  it('becomes a server, and models over those that it has', () => {
    const { file, notes, toSet } = imported(text);
    expect(file).toEqual({
      servers: [{ url: 'http://10.0.0.1:8000/v1', apiKey: '${OPENAI_API_KEY}' }],
      models: [
        {
          id: 'org/one',
          name: 'One',
          parameters: { max_new_tokens: 500 },
          systemRole: false,
          capabilities: { images: { mimeTypes: ['image/jpeg'] }, reasoning: true, tools: true },
          backend: {
            type: 'openai',
            url: 'http://10.0.0.1:8000/v1',
            model: 'org/one',
            apiKey: '${OPENAI_API_KEY}',
          },
        },
      ],
    });
    expect(notes).toEqual([
      'org/one parameters.temperature',
      'org/one tokenizer',
      'org/one providers',
      'LLM_ROUTER_ROUTES_PATH',
    ]);
    expect(toSet).toEqual([
      { name: 'OPENAI_API_KEY', isReference: true, why: 'As OPENAI_API_KEY in the old file.' },
    ]);
  });

  it('may have no list of models at all', () => {
    expect(imported('OPENAI_BASE_URL=https://router.huggingface.co/v1\nHF_TOKEN=hf_9').file).toEqual({
      servers: [{ url: 'https://router.huggingface.co/v1', apiKey: '${HF_TOKEN}' }],
    });
  });
});

describe('a file', () => {
  it.each([
    ['is empty', '', { models: [], notes: [] }],
    ['has a list that is none', 'MODELS=`{}`', { models: [], notes: ['MODELS'] }],
    ['has a list that cannot be read', 'MODELS=`[{ "name": ]`', { models: [], notes: ['MODELS'] }],
    [
      'has entries that are none',
      'MODELS=`[1, null, {}, "hf:a/b/c.gguf"]`',
      { models: [], notes: ['MODELS', 'MODELS', 'MODELS', 'hf:a/b/c.gguf'] },
    ],
    [
      'has an id twice',
      'MODELS=`[{"name":"a"},{"name":"a"}]`',
      { notes: ['a endpoints', 'a endpoints', 'a id'] },
    ],
    ['has old models alone', 'OLD_MODELS=`[{"name":"a"}]`', { models: [], notes: ['a transferTo'] }],
  ])('that %s is read as far as it goes', (_, text, expected) => {
    expect(imported(text)).toMatchObject(expected);
  });

  it('with a task model of its own has it unlisted', () => {
    const { models, toSet } = imported("TASK_MODEL=`{ name: 'small', endpoints: [{ type: 'ollama' }] }`");
    expect(models).toMatchObject([
      { id: 'small', unlisted: true, backend: { type: 'ollama', model: 'small' } },
    ]);
    expect(toSet).toMatchObject([{ name: 'TASK_MODEL', value: 'small' }]);
  });

  it('may have the ends of lines of Windows, and names that are taken', () => {
    const { models } = imported(
      'ORG_A_KEY=x\r\nMODELS=`[\r\n{"name":"org/a","endpoints":[{"type":"openai","apiKey":"k1"},{"type":"openai","apiKey":"k2"}]}]`\r\n',
    );
    expect(models[0]?.backend).toMatchObject({
      apiKey: '${ORG_A_KEY_2}',
      endpoints: [{ apiKey: '${ORG_A_KEY_3}' }],
    });
  });
});
