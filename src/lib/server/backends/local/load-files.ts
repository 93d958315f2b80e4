import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { verifyFiles } from './checksums';
import type { FolderFacts } from './model-folder';
import { fault } from './model-fault';
import type { FromEngine } from './protocol';

/** Reading the files is so much of loading; making the session is the rest. */
const readingShare = 0.9;
const smallFiles = ['config.json', 'generation_config.json', 'tokenizer.json', 'tokenizer_config.json'];

/**
 * Checks the files that a model is about to be loaded from, and tells whoever waits how far it is, at most once for each
 * fiftieth. Throws `model-unavailable` as `verifyFiles` does.
 */
export async function checkFiles(facts: FolderFacts, say: (message: FromEngine) => void): Promise<void> {
  const { path, files } = facts;
  const small = await Promise.all(
    smallFiles.map(async (name) => {
      const file = join(path, name);
      return access(file).then(
        () => [file],
        () => [],
      );
    }),
  );
  let told = -1;
  await verifyFiles(path, [...small.flat(), ...files.graphs, ...files.parts], (fraction) => {
    const reached = Math.floor(fraction * readingShare * 50) / 50;
    if (reached === told) return;
    told = reached;
    say({ type: 'loading', fraction: reached });
  }).catch((thrown: unknown) => {
    throw thrown instanceof Error && 'syscall' in thrown
      ? fault(
          `A file in ${path} cannot be read.`,
          'Make it readable for the server, or copy it there again.',
          thrown,
        )
      : thrown;
  });
}
