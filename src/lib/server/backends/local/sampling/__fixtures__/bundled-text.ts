import { Tokenizer } from '@huggingface/tokenizers';
import { join } from 'node:path';
import { projectRoot } from '../../../../programs';
import { readModelFolder } from '../../model-folder';
import { bytesOfToken, type Vocabulary } from '../../token-decoder';
import type { TokenText } from '../token-text';

/** The tokens of the bundled model, without its weights. */
export async function bundledText(): Promise<{
  text: TokenText;
  vocabulary: number;
  eosTokenIds: number[];
}> {
  const folder = await readModelFolder(join(projectRoot(), 'models/HuggingFaceTB/SmolLM2-135M-Instruct'));
  const tokenizer = new Tokenizer(folder.tokenizer.model, folder.tokenizer.config);
  const specials = new Set(folder.specialTokens.map((text) => tokenizer.token_to_id(text)));
  const added = tokenizer.get_added_tokens_decoder();
  const pieces: Vocabulary = {
    pieceOf: (token) => tokenizer.id_to_token(token),
    isSpecial: (token) => specials.has(token),
    isAdded: (token) => added.has(token),
  };
  return {
    text: {
      encode: (text) => tokenizer.encode(text, { add_special_tokens: false }).ids,
      bytesOf: (token) => bytesOfToken(pieces, token),
    },
    vocabulary: folder.shape.vocabulary,
    eosTokenIds: folder.eosTokenIds,
  };
}
