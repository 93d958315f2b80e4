import { AppError } from '../../domain/errors';
import type { ModelConfig } from './model-config';
import { TokenizerThread } from './tokenizer-thread';

/**
 * Reads the tokenizers whose files are others than they were, each in a thread that ends with that. Throws
 * `config-invalid` with every one that cannot be read: the model goes on with what it has.
 */
export async function tryTokenizers(
  now: readonly ModelConfig[],
  before: readonly ModelConfig[],
): Promise<void> {
  const former = new Map(before.map(({ tokenizer, tokenizerVersion }) => [tokenizer, tokenizerVersion]));
  const changed = new Set(
    now.flatMap(({ tokenizer, tokenizerVersion }) =>
      tokenizer !== undefined && former.has(tokenizer) && former.get(tokenizer) !== tokenizerVersion
        ? [tokenizer]
        : [],
    ),
  );
  const faults: string[] = [];
  for (const path of changed) {
    try {
      await (await TokenizerThread.start(path)).close();
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      faults.push(`${thrown.message} ${String(thrown.cause)}`);
    }
  }
  if (faults.length > 0) throw new AppError('config-invalid', faults.join('\n'));
}
