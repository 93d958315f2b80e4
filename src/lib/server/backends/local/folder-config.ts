import { join } from 'node:path';
import { z } from 'zod';
import { readJson } from './folder-json';
import { fault } from './model-fault';

/** What a model does: the names are those of the Hugging Face Hub's tasks. */
export type ModelTask = 'text-generation' | 'text2text-generation';

export const ids = z.union([z.int(), z.array(z.int())]);
const size = z.int().positive().optional();
const external = z.union([z.int(), z.boolean()]);

// Other people's files: what is not used here is not looked at. Architectures name the same thing differently.
const configSchema = z.object({
  model_type: z.string().optional(),
  architectures: z.array(z.string()).nullish(),
  is_encoder_decoder: z.boolean().optional(),
  vocab_size: size,
  eos_token_id: ids.nullish(),
  max_position_embeddings: size,
  n_positions: size,
  n_ctx: size,
  max_seq_len: size,
  seq_length: size,
  num_hidden_layers: size,
  n_layer: size,
  n_layers: size,
  num_attention_heads: size,
  n_head: size,
  n_heads: size,
  num_key_value_heads: size,
  hidden_size: size,
  n_embd: size,
  d_model: size,
  head_dim: size,
  'transformers.js_config': z
    .object({
      dtype: z.union([z.string(), z.record(z.string(), z.string())]).optional(),
      use_external_data_format: z.union([external, z.record(z.string(), external)]).optional(),
    })
    .optional(),
});

export type RawConfig = z.infer<typeof configSchema>;

/** What `config.json` says that every model needs. */
export interface FolderConfig {
  raw: RawConfig;
  task: ModelTask;
  /** As people write it: "Llama". */
  architecture: string;
  vocabulary: number;
  /** Tokens; absent where the file does not say. */
  contextLength: number | undefined;
}

/** The encoder-decoder models that Transformers.js writes text with. */
const text2textTypes = new Set([
  't5',
  'longt5',
  'mt5',
  'bart',
  'mbart',
  'marian',
  'm2m_100',
  'blenderbot',
  'blenderbot-small',
]);

/** Reads `config.json`. Throws `model-unavailable` for a model that neither chats nor turns text into text. */
export async function readFolderConfig(path: string): Promise<FolderConfig> {
  const raw = await readJson(join(path, 'config.json'), configSchema);
  const architecture = architectureOf(raw);
  const task = taskOf(raw);
  if (task === undefined || raw.vocab_size === undefined) {
    throw fault(
      `The model in ${path} is a ${architecture} model, which the local engine cannot run.`,
      'Use a model that generates text: a decoder such as Llama, Qwen or GPT-2, or an encoder-decoder such as T5, BART, NLLB or Marian.',
    );
  }
  return {
    raw,
    task,
    architecture,
    vocabulary: raw.vocab_size,
    contextLength:
      raw.max_position_embeddings ?? raw.n_positions ?? raw.n_ctx ?? raw.max_seq_len ?? raw.seq_length,
  };
}

/** A model that does not name its architecture is taken for a decoder; its graph then says whether it is one. */
function taskOf({ architectures, is_encoder_decoder, model_type = '' }: RawConfig): ModelTask | undefined {
  if (is_encoder_decoder === true || text2textTypes.has(model_type))
    return text2textTypes.has(model_type) ? 'text2text-generation' : undefined;
  const [first] = architectures ?? [];
  return first === undefined || /(?:ForCausalLM|LMHeadModel)$/u.test(first) ? 'text-generation' : undefined;
}

function architectureOf({ architectures, model_type }: RawConfig): string {
  const [first] = architectures ?? [];
  const name = first?.replace(/(?:LMHeadModel|MTModel|Model|For[A-Z]\w*)$/u, '');
  return name || model_type || 'nameless';
}
