import { Tokenizer } from '@huggingface/tokenizers';
import type { FolderFacts } from './model-folder';

/**
 * The tokenizer of a folder, whose tables are emptied. The library makes its own of them and keeps the others too: 10 MB
 * for 49,152 tokens. Pairs of merged pieces are given in the form of which it keeps our list itself, not a copy.
 */
export function takeTokenizer({ model, config }: FolderFacts['tokenizer']): Tokenizer {
  const { model: tables } = model as { model?: { vocab?: unknown; merges?: unknown } };
  if (!tables || !Array.isArray(tables.merges)) return new Tokenizer(model, config);
  const pairs = tables.merges.map((merge: unknown) =>
    typeof merge === 'string' ? merge.split(' ', 2) : merge,
  );
  tables.merges = pairs;
  const tokenizer = new Tokenizer(model, config);
  pairs.length = 0;
  tables.vocab = {};
  return tokenizer;
}
