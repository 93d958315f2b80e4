import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../src/lib/server/programs';
import { NativeLlama } from './native-llama';
import type { Options } from './options';
import type { Peer } from './peer';
import { PeerProcess } from './peer-process';

/** The peers that are there; the others are named with what they need. */
export async function startOthers({ model, gguf, llamaPrograms, threads }: Options): Promise<Peer[]> {
  const peers: Peer[] = [];
  if (gguf !== undefined && llamaPrograms !== undefined)
    peers.push(await NativeLlama.start({ programs: llamaPrograms, gguf, threads }));
  else leaveOut('llama.cpp, native', 'needs --llama-bin DIR and --gguf FILE');
  const nodeLlama = packageVersion('node-llama-cpp');
  if (gguf !== undefined && nodeLlama !== undefined)
    peers.push(new PeerProcess('node-llama-cpp', nodeLlama, ['node-llama-cpp', gguf, String(threads)]));
  else leaveOut('node-llama-cpp', 'needs --gguf FILE and the package (npm install --no-save)');
  const transformers = packageVersion('@huggingface/transformers');
  if (transformers !== undefined)
    peers.push(
      new PeerProcess('transformers.js', transformers, ['transformers.js', model, String(threads)], true),
    );
  else leaveOut('transformers.js', 'needs the package @huggingface/transformers');
  return peers;
}

/** The version of an installed package; undefined where it is not installed. */
export function packageVersion(name: string): string | undefined {
  try {
    const text = readFileSync(join(projectRoot(), 'node_modules', name, 'package.json'), 'utf8');
    return (JSON.parse(text) as { version: string }).version;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw thrown;
  }
}

function leaveOut(name: string, need: string): void {
  console.error(`${name} is left out: it ${need}.`);
}
