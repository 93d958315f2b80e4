import { expect, it } from 'vitest';
import { usualImages } from '../../../domain/model-summary';
import { readModels } from './read-models';

const plain = [{ id: 'm', capabilities: {} }];

it.each([
  ['an object with data', { object: 'list', data: [{ id: 'm' }] }],
  ['an object with models', { models: [{ name: 'm' }] }],
  ['a bare list', [{ model: 'm' }]],
  ['a list of names', ['m']],
  ['a list with the same twice', { data: [{ id: 'm' }, { id: 'm' }] }],
  [
    'a list with things that are no models',
    { data: [{ id: 'm' }, null, 7, {}, { id: '' }, { id: 'x'.repeat(201) }] },
  ],
  [
    'fields of other kinds',
    { data: [{ id: 'm', name: 5, context_length: '8k', providers: {}, capabilities: 3 }] },
  ],
])('reads %s', (_, value) => {
  expect(readModels(value)).toEqual(plain);
});

it('knows a server without models from one without a list', () => {
  expect(readModels({ object: 'list', data: null })).toEqual([]);
  expect(readModels({ models: null })).toEqual([]);
  for (const value of [{}, null, undefined, 'x', { data: {} }, { error: 'no' }]) {
    expect(readModels(value)).toBeUndefined();
  }
});

it.each([
  [{ max_model_len: 8192 }, 8192],
  [{ context_length: 4096, top_provider: { context_length: 2048 } }, 4096],
  [{ max_context_length: 32_768, loaded_context_length: 4096 }, 4096],
  [{ top_provider: { context_length: 2048 } }, 2048],
  [
    {
      providers: [
        { provider: 'a', status: 'live', context_length: 131_072 },
        { provider: 'b', status: 'live', context_length: 32_768 },
        { provider: 'c', status: 'error', context_length: 1024 },
        { provider: 'd' },
      ],
    },
    32_768,
  ],
  [{ meta: { n_ctx_train: 2048 } }, 2048],
  [{ meta: null, context_length: null, max_model_len: 0 }, undefined],
])('reads the window of %o', (fields, contextLength) => {
  expect(readModels([{ id: 'm', ...fields }])?.[0]?.contextLength).toBe(contextLength);
});

it.each([
  [
    { architecture: { input_modalities: ['text', 'image'], output_modalities: ['text'] } },
    { images: usualImages },
  ],
  [
    { type: 'vlm', capabilities: ['tool_use'] },
    { images: usualImages, tools: true },
  ],
  [
    { capabilities: { vision: true, function_calling: true, fine_tuning: false } },
    { images: usualImages, tools: true },
  ],
  [{ capabilities: ['completion', 'thinking', 'insert'] }, { reasoning: true, fillInTheMiddle: true }],
  [{ providers: [{ supports_tools: false }, { supports_tools: true }] }, { tools: true }],
  [{ supported_parameters: ['tools', 'reasoning', 'top_p'] }, { tools: true, reasoning: true }],
])('reads what %o can do', (fields, capabilities) => {
  expect(readModels([{ id: 'm', ...fields }])?.[0]?.capabilities).toEqual(capabilities);
});

it('marks embeddings, and leaves out what writes no text', () => {
  const models = readModels([
    { id: 'nomic-embed-text:latest' },
    { id: 'x', type: 'embeddings' },
    { id: 'y', capabilities: ['embedding'] },
    { id: 'both', capabilities: ['embedding', 'completion'] },
    { id: 'embedded-systems-chat', type: 'llm' },
    { id: 'painter', architecture: { output_modalities: ['image'] } },
    { id: 'whisper-1' },
    { id: 'omni-moderation-latest' },
    { id: 'gpt-image-1' },
  ]);
  expect(models?.map(({ id, isEmbedding = false }) => [id, isEmbedding])).toEqual([
    ['nomic-embed-text:latest', true],
    ['x', true],
    ['y', true],
    ['both', false],
    ['embedded-systems-chat', false],
  ]);
});

it('names files as people do', () => {
  expect(readModels(['/models/Qwen3-4B-Q4_K_M.gguf'])?.[0]?.name).toBe('Qwen3-4B-Q4_K_M');
  expect(readModels(['C:\\models\\a.gguf'])?.[0]?.name).toBe('a');
  expect(readModels([{ id: 'org/m', name: 'Org: M', description: 'd'.repeat(5000) }])?.[0]).toEqual({
    id: 'org/m',
    name: 'Org: M',
    description: 'd'.repeat(1000),
    capabilities: {},
  });
});
