import { Tokenizer } from '@huggingface/tokenizers';
import { join } from 'node:path';
import { projectRoot } from '../../../../programs';
import { readModelFolder } from '../../model-folder';
import { bytesOfToken } from '../../token-decoder';
import { vocabularyOf } from '../../vocabulary';
import type { TokenText } from '../token-text';

/** The tokens of the bundled model, without its weights. */
export async function bundledText(): Promise<{
  text: TokenText;
  vocabulary: number;
  eosTokenIds: number[];
}> {
  const folder = await readModelFolder(join(projectRoot(), 'models/HuggingFaceTB/SmolLM2-135M-Instruct'));
  const tokenizer = new Tokenizer(folder.tokenizer.model, folder.tokenizer.config);
  const pieces = vocabularyOf(tokenizer, folder);
  return {
    text: {
      encode: (text) => tokenizer.encode(text, { add_special_tokens: false }).ids,
      bytesOf: (token) => bytesOfToken(pieces, token),
    },
    vocabulary: folder.vocabulary,
    eosTokenIds: folder.eosTokenIds,
  };
}
