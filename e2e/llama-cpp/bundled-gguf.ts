import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { blockSize, toQ4, toQ8, type CodedRows } from './blocks';
import { ggufFile, type Metadata, type Weights } from './gguf-file';
import { readTensors, type Tensor } from './onnx-tensors';

interface Config {
  hidden_size: number;
  intermediate_size: number;
  num_hidden_layers: number;
  num_attention_heads: number;
  num_key_value_heads: number;
  head_dim: number;
  max_position_embeddings: number;
  rms_norm_eps: number;
  rope_theta: number;
  vocab_size: number;
  bos_token_id: number;
  eos_token_id: number;
  pad_token_id: number;
}

interface Tokenizer {
  model: { vocab: Record<string, number>; merges: string[] };
  added_tokens: { id: number; special: boolean }[];
}

/** Types of tokens in llama.cpp. */
const [normalToken, controlToken] = [1, 3];

/**
 * The model in a folder of ours as llama.cpp reads it: the same codes and steps, block by block, and the same tokens. Made
 * for graphs as the bundled one, whose constants have these names.
 */
export function bundledGguf(folder: string): Uint8Array[] {
  const json = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'));
  const config = json('config.json') as Config;
  const { chat_template: template } = json('tokenizer_config.json') as { chat_template: string };
  const tensors = readTensors(join(folder, 'onnx', 'model_q4.onnx'));
  const metadata = {
    ...hyperparameters(config),
    ...vocabulary(json('tokenizer.json') as Tokenizer, config),
    'tokenizer.chat_template': { text: template },
  };
  return ggufFile(metadata, weights(tensors, config));
}

function hyperparameters(config: Config): Record<string, Metadata> {
  return {
    'general.architecture': { text: 'llama' },
    'general.name': { text: 'SmolLM2 135M Instruct' },
    'llama.context_length': { u32: config.max_position_embeddings },
    'llama.embedding_length': { u32: config.hidden_size },
    'llama.block_count': { u32: config.num_hidden_layers },
    'llama.feed_forward_length': { u32: config.intermediate_size },
    'llama.attention.head_count': { u32: config.num_attention_heads },
    'llama.attention.head_count_kv': { u32: config.num_key_value_heads },
    'llama.attention.layer_norm_rms_epsilon': { f32: config.rms_norm_eps },
    'llama.rope.dimension_count': { u32: config.head_dim },
    'llama.rope.freq_base': { f32: config.rope_theta },
    'llama.vocab_size': { u32: config.vocab_size },
  };
}

function vocabulary({ model, added_tokens: added }: Tokenizer, config: Config): Record<string, Metadata> {
  const tokens: string[] = [];
  for (const [token, id] of Object.entries(model.vocab)) tokens[id] = token;
  const special = new Set(added.filter((token) => token.special).map(({ id }) => id));
  return {
    'tokenizer.ggml.model': { text: 'gpt2' },
    'tokenizer.ggml.pre': { text: 'smollm' },
    'tokenizer.ggml.tokens': { texts: tokens },
    'tokenizer.ggml.token_type': {
      i32s: tokens.map((_, id) => (special.has(id) ? controlToken : normalToken)),
    },
    'tokenizer.ggml.merges': { texts: model.merges },
    'tokenizer.ggml.bos_token_id': { u32: config.bos_token_id },
    'tokenizer.ggml.eos_token_id': { u32: config.eos_token_id },
    'tokenizer.ggml.padding_token_id': { u32: config.pad_token_id },
    'tokenizer.ggml.add_bos_token': { bool: false },
    'tokenizer.ggml.add_space_prefix': { bool: false },
  };
}

function weights(tensors: ReadonlyMap<string, Tensor>, config: Config): Weights[] {
  const { hidden_size: hidden, intermediate_size: inner, vocab_size: vocab } = config;
  const [heads, keyHeads] = [config.num_attention_heads, config.num_key_value_heads];
  const keys = keyHeads * config.head_dim;
  const tensor = (name: string) => required(tensors, name);
  const vector = (name: string, from: string): Weights => {
    const { bytes } = tensor(`${from}.w`);
    return { name: `${name}.weight`, kind: 'F32', columns: hidden, bytes };
  };
  const matrix = (name: string, from: string, columns: number, order: readonly number[]): Weights => {
    const bytes = toQ4(codedRows(tensor, from, columns), order);
    return { name: `${name}.weight`, kind: 'Q4_1', rows: order.length, columns, bytes };
  };
  const layer = (index: number) => {
    const [to, from] = [`blk.${String(index)}`, `l${String(index)}`];
    return [
      vector(`${to}.attn_norm`, `${from}.in_norm`),
      matrix(`${to}.attn_q`, `${from}.qkv`, hidden, inPairs(heads, config.head_dim, 0)),
      matrix(`${to}.attn_k`, `${from}.qkv`, hidden, inPairs(keyHeads, config.head_dim, hidden)),
      matrix(`${to}.attn_v`, `${from}.qkv`, hidden, range(keys, hidden + keys)),
      matrix(`${to}.attn_output`, `${from}.o`, hidden, range(hidden)),
      vector(`${to}.ffn_norm`, `${from}.ffn_norm`),
      matrix(`${to}.ffn_gate`, `${from}.gate`, hidden, range(inner)),
      matrix(`${to}.ffn_up`, `${from}.up`, hidden, range(inner)),
      matrix(`${to}.ffn_down`, `${from}.down`, inner, range(hidden)),
    ];
  };
  const bytes = toQ8(tensor('embed.q').bytes, floats(tensor('embed.s').bytes));
  return [
    { name: 'token_embd.weight', kind: 'Q8_0', rows: vocab, columns: hidden, bytes },
    ...range(config.num_hidden_layers).flatMap(layer),
    vector('output_norm', 'final_norm'),
  ];
}

function codedRows(tensor: (name: string) => Tensor, from: string, columns: number): CodedRows {
  const { bytes: codes, dims } = tensor(`${from}.q`);
  const blocks = dims[1] ?? columns / blockSize;
  return {
    codes,
    steps: floats(tensor(`${from}.s`).bytes),
    zeros: tensor(`${from}.z`).bytes,
    blocks,
    columns,
  };
}

/** llama.cpp turns neighbouring rows of queries and keys by the same angle, where the graph has them half a head apart. */
function inPairs(heads: number, size: number, start: number): number[] {
  return range(heads * size).map((row) => {
    const [head, at] = [Math.floor(row / size), row % size];
    return start + head * size + (at % 2) * (size / 2) + Math.floor(at / 2);
  });
}

function range(count: number, start = 0): number[] {
  return Array.from({ length: count }, (_, index) => start + index);
}

function floats(bytes: Uint8Array): Float32Array {
  return new Float32Array(new Uint8Array(bytes).buffer);
}

function required(tensors: ReadonlyMap<string, Tensor>, name: string): Tensor {
  const found = tensors.get(name);
  if (!found) throw new Error(`The graph has no constant ${name}.`);
  return found;
}
