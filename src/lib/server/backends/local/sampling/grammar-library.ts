import { createRequire } from 'node:module';
import type * as Library from '@mlc-ai/web-xgrammar';

/** Most memory that a grammar may take, in bytes; one that needs more is refused. */
const memoryLimit = 256 * 1024 * 1024;

/** The library, and what it said about the last thing that it refused: it has no exceptions and ends itself. */
export interface LoadedLibrary {
  xgrammar: typeof Library;
  lastWords(): string;
}

/**
 * Loads `@mlc-ai/web-xgrammar` into a thread of its own, which it needs: it is written as a script but packed as a module,
 * and takes what scripts have (`require`, `__filename`) from the global object; it ends its whole instance at every fault,
 * with words to the console; and its memory grows without a limit. All of that is arranged here for this thread.
 */
export async function loadLibrary(): Promise<LoadedLibrary> {
  const require = createRequire(import.meta.url);
  const said: string[] = [];
  const note = (...words: unknown[]) => {
    said.push(words.map(String).join(' '));
    if (said.length > 8) said.shift();
  };
  Object.assign(globalThis, {
    require,
    __filename: require.resolve('@mlc-ai/web-xgrammar'),
    console: { log: note, info: note, warn: note, error: note },
  });
  limitMemory();
  await import('@mlc-ai/web-xgrammar');
  const { xgrammar } = globalThis as unknown as { xgrammar: typeof Library };
  return { xgrammar, lastWords: () => said.find((words) => words.startsWith('[FATAL]')) ?? '' };
}

function limitMemory(): void {
  const instantiate = WebAssembly.instantiate.bind(WebAssembly);
  const limited = async (code: BufferSource, imports?: WebAssembly.Imports) => {
    const made = await instantiate(code, imports);
    for (const memory of Object.values(made.instance.exports)) {
      if (memory instanceof WebAssembly.Memory) limit(memory);
    }
    return made;
  };
  Object.assign(WebAssembly, { instantiate: limited });
}

function limit(memory: WebAssembly.Memory): void {
  const grow = memory.grow.bind(memory);
  memory.grow = (pages) => {
    if (memory.buffer.byteLength + pages * 65_536 > memoryLimit) throw new RangeError('Too much memory.');
    return grow(pages);
  };
}
