import type { Tokenizer } from '@huggingface/tokenizers';
import type { ModelFolder } from './model-folder';
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
