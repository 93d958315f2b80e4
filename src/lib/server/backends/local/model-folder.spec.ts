import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { bundledModelId, dateNormaliserId } from '../../models/found-models';
import { projectRoot } from '../../programs';
import { describeFolder } from './folder-description';
import { readFolder, readModelFolder } from './model-folder';

const scratch = mkdtempSync(join(tmpdir(), 'parlance-folder-'));
afterAll(() => rmSync(scratch, { recursive: true }));

let folders = 0;
type Files = Record<string, object | string>;

function folderWith(files: Files): string {
  const folder = join(scratch, String((folders += 1)));
  const all: Files = {
    'tokenizer.json': { decoder: { type: 'ByteLevel' }, added_tokens: [] },
    'tokenizer_config.json': {},
    ...files,
  };
  for (const [name, content] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return folder;
}

const llama = {
  architectures: ['LlamaForCausalLM'],
  model_type: 'llama',
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  hidden_size: 64,
  vocab_size: 100,
  max_position_embeddings: 4096,
  eos_token_id: [2, 3],
};

describe('config.json of', () => {
  it.each<[string, object, object]>([
    ['Llama', llama, { architecture: 'Llama', contextLength: 4096, eosTokenIds: [2, 3], vocabulary: 100 }],
    [
      'Qwen2',
      { ...llama, architectures: ['Qwen2ForCausalLM'], model_type: 'qwen2', head_dim: 8 },
      { architecture: 'Qwen2' },
    ],
    [
      'GPT-2',
      {
        architectures: ['GPT2LMHeadModel'],
        model_type: 'gpt2',
        n_layer: 12,
        n_head: 12,
        n_embd: 768,
        n_positions: 1024,
        vocab_size: 50257,
        eos_token_id: 50256,
      },
      {
        architecture: 'GPT2',
        contextLength: 1024,
        eosTokenIds: [50256],
      },
    ],
    [
      'GPT-NeoX',
      {
        ...llama,
        architectures: ['GPTNeoXForCausalLM'],
        model_type: 'gpt_neox',
        num_key_value_heads: undefined,
      },
      { architecture: 'GPTNeoX' },
    ],
    ['Phi', { ...llama, architectures: ['PhiForCausalLM'], model_type: 'phi' }, { architecture: 'Phi' }],
    [
      'Gemma',
      { ...llama, architectures: ['GemmaForCausalLM'], model_type: 'gemma' },
      { architecture: 'Gemma' },
    ],
    [
      'MPT',
      {
        architectures: ['MptForCausalLM'],
        model_type: 'mpt',
        n_layers: 2,
        n_heads: 4,
        d_model: 64,
        max_seq_len: 2048,
        vocab_size: 9,
      },
      { contextLength: 2048 },
    ],
    [
      'one that says little',
      { ...llama, architectures: undefined, max_position_embeddings: undefined },
      { contextLength: 2048 },
    ],
  ])('%s is understood', async (_, config, expected) => {
    const folder = await readModelFolder(folderWith({ 'config.json': config, 'onnx/model.onnx': 'graph' }));
    expect(folder).toMatchObject({ task: 'text-generation', ...expected });
  });

  it.each<[string, object, object]>([
    [
      'T5',
      { model_type: 't5', architectures: ['T5ForConditionalGeneration'], n_positions: 512 },
      { architecture: 'T5', contextLength: 512 },
    ],
    [
      'BART',
      { model_type: 'bart', architectures: ['BartForConditionalGeneration'], max_position_embeddings: 1024 },
      { architecture: 'Bart', contextLength: 1024 },
    ],
    [
      'Marian',
      { model_type: 'marian', architectures: ['MarianMTModel'], max_position_embeddings: 512 },
      { architecture: 'Marian' },
    ],
    [
      'NLLB',
      {
        model_type: 'm2m_100',
        architectures: ['M2M100ForConditionalGeneration'],
        max_position_embeddings: 1024,
      },
      { architecture: 'M2M100' },
    ],
  ])('%s is understood', async (_, config, expected) => {
    const folder = await readFolder(
      folderWith({
        'config.json': { is_encoder_decoder: true, vocab_size: 9, ...config },
        'onnx/encoder_model.onnx': 'graph',
        'onnx/decoder_model_merged.onnx': 'graph',
      }),
    );
    expect(folder).toMatchObject({ task: 'text2text-generation', ...expected });
  });

  it.each<[string, object]>([
    ['an image model', { architectures: ['ViTForImageClassification'], model_type: 'vit' }],
    ['an encoder', { architectures: ['BertForMaskedLM'], model_type: 'bert', vocab_size: 9 }],
    [
      'a speech model',
      {
        architectures: ['WhisperForConditionalGeneration'],
        model_type: 'whisper',
        is_encoder_decoder: true,
        vocab_size: 9,
      },
    ],
  ])('%s is refused, with what runs instead', async (_, config) => {
    const folder = folderWith({ 'config.json': config, 'onnx/model.onnx': 'graph' });
    await expect(readModelFolder(folder)).rejects.toMatchObject({
      code: 'model-unavailable',
      message: expect.stringContaining('cannot run') as string,
      details: { remedy: expect.stringContaining('Llama') as string },
    });
  });
});

describe('of several graphs', () => {
  const all = [
    'model',
    'model_q4',
    'model_q4f16',
    'model_quantized',
    'model_fp16',
    'model_int8',
    'model_uint8',
    'model_bnb4',
  ];
  const graphs = (names: string[]) => Object.fromEntries(names.map((name) => [`onnx/${name}.onnx`, 'graph']));

  it.each<[string[], object | undefined, string, string]>([
    [all, undefined, 'q4', 'model_q4.onnx'],
    [all, { dtype: 'fp16' }, 'fp16', 'model_fp16.onnx'],
    [all, { dtype: { model: 'q8' } }, 'q8', 'model_quantized.onnx'],
    [['model', 'model_quantized', 'model_fp16'], undefined, 'q8', 'model_quantized.onnx'],
    [['model', 'model_fp16', 'model_q4f16'], undefined, 'fp32', 'model.onnx'],
    [['model_fp16', 'model_q4f16'], undefined, 'q4f16', 'model_q4f16.onnx'],
    [['model_int8', 'model_uint8'], { dtype: 'q4' }, 'int8', 'model_int8.onnx'],
    [['decoder_model_merged_quantized'], undefined, 'q8', 'decoder_model_merged_quantized.onnx'],
  ])('%j with %j: %s', async (names, js, dtype, file) => {
    const path = folderWith({ 'config.json': { ...llama, 'transformers.js_config': js }, ...graphs(names) });
    const folder = await readModelFolder(path);
    expect(folder.files.dtype).toBe(dtype);
    expect(folder.graphPath).toBe(join(path, 'onnx', file));
  });

  it('the one that is asked for is taken, and missed when it is not there', async () => {
    const path = folderWith({ 'config.json': llama, ...graphs(['model', 'model_q4']) });
    expect((await readModelFolder(path, 'fp32')).graphPath).toBe(join(path, 'onnx', 'model.onnx'));
    await expect(readModelFolder(path, 'q8')).rejects.toMatchObject({
      message: expect.stringContaining('model_quantized.onnx') as string,
    });
  });

  it.each<[object | number | boolean | undefined, string[]]>([
    [undefined, []],
    [true, ['model_q4.onnx_data']],
    [2, ['model_q4.onnx_data', 'model_q4.onnx_data_1']],
    [{ 'model_q4.onnx': 1 }, ['model_q4.onnx_data']],
    [{ model: 2 }, ['model_q4.onnx_data', 'model_q4.onnx_data_1']],
  ])('its external data is known from %j, and a part that is missing is named', async (external, parts) => {
    const files = {
      'config.json': { ...llama, 'transformers.js_config': { use_external_data_format: external } },
      ...graphs(['model_q4']),
    };
    const data = Object.fromEntries(parts.map((part) => [`onnx/${part}`, 'data']));
    const folder = await readModelFolder(folderWith({ ...files, ...data }));
    expect(folder.files.parts).toEqual(parts.map((part) => join(folder.path, 'onnx', part)));
    const last = parts.at(-1);
    if (last === undefined) return;
    const lacking = Object.fromEntries(Object.entries(data).filter(([name]) => !name.endsWith(last)));
    await expect(readModelFolder(folderWith({ ...files, ...lacking }))).rejects.toMatchObject({
      message: expect.stringContaining(`${last} is missing`) as string,
    });
  });

  it('none is there: it says where they belong', async () => {
    await expect(readModelFolder(folderWith({ 'config.json': llama }))).rejects.toMatchObject({
      details: { remedy: expect.stringContaining('"onnx"') as string },
    });
  });
});

it('finds the chat template in each of its places', async () => {
  const files = { 'config.json': llama, 'onnx/model.onnx': 'graph' };
  const named = [
    { name: 'tool_use', template: 'tools' },
    { name: 'default', template: 'usual' },
  ];
  const read = async (more: Files) => (await readModelFolder(folderWith({ ...files, ...more }))).chatTemplate;
  expect(await read({})).toBeUndefined();
  expect(await read({ 'tokenizer_config.json': { chat_template: 'own' } })).toBe('own');
  expect(await read({ 'tokenizer_config.json': { chat_template: named } })).toBe('usual');
  expect(await read({ 'chat_template.jinja': 'file' })).toBe('file');
});

it('refuses a tokenizer whose pieces it cannot write', async () => {
  const tokenizer = { decoder: { type: 'CTC' } };
  const folder = folderWith({
    'config.json': llama,
    'onnx/model.onnx': 'graph',
    'tokenizer.json': tokenizer,
  });
  await expect(readModelFolder(folder)).rejects.toMatchObject({
    message: expect.stringContaining('CTC') as string,
  });
});

it.each([
  [bundledModelId, 'Text generation. Llama, 107 MB, 8,192 tokens of context, q4 (model_q4.onnx).'],
  [
    dateNormaliserId,
    'Text to text. T5, 1.1 MB, 128 tokens of context, q8 (encoder_model_quantized.onnx, decoder_model_merged_quantized.onnx).',
  ],
])('describes %s', async (id, description) => {
  expect(describeFolder(await readFolder(join(projectRoot(), 'models', id)))).toBe(description);
});
