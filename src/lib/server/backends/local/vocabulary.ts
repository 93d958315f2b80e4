import { Tokenizer } from '@huggingface/tokenizers';
import type { FolderFacts, ModelFolder } from './model-folder';
import type { Vocabulary } from './token-decoder';

/** How the tokens of a model are written, from its tokenizer and its folder. */
export function vocabularyOf(tokenizer: Tokenizer, folder: ModelFolder): Vocabulary {
  const specials = new Set(folder.specialTokens.flatMap((text) => tokenizer.token_to_id(text) ?? []));
  const added = tokenizer.get_added_tokens_decoder();
  return {
    pieceOf: (token) => tokenizer.id_to_token(token),
    isSpecial: (token) => specials.has(token),
    isAdded: (token) => added.has(token),
    style: folder.pieces,
  };
}

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
