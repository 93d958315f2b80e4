import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { root } from './project.mjs';

/** The programs beside the web application: output name to source. */
const programs = {
  main: 'src/main.ts',
  engine: 'src/lib/server/backends/local/engine.ts',
  'storage-worker': 'src/lib/server/storage/embedded/worker.ts',
  'grammar-worker': 'src/lib/server/backends/local/sampling/grammar-worker.ts',
};

/** Bundles the server's entry, the engine and the threads' programs. Packages stay outside: `node_modules` has them. */
export async function buildPrograms() {
  mkdirSync(join(root, 'build'), { recursive: true });
  await Promise.all(Object.entries(programs).map(([name, source]) => buildProgram(name, join(root, source))));
}

/** @param {string} name @param {string} input */
async function buildProgram(name, input) {
  if (!existsSync(input)) throw new Error(`${input}, the source of build/${name}.js, is missing.`);
  const bundle = await rolldown({ input, platform: 'node', external: isOutside, logLevel: 'warn' });
  const { output } = await bundle.generate({
    format: 'esm',
    entryFileNames: `${name}.js`,
    sourcemap: true,
    codeSplitting: false,
  });
  await bundle.close();
  for (const file of output)
    writeWhole(join(root, 'build', file.fileName), file.type === 'chunk' ? file.code : file.source);
}

/**
 * A process that starts meanwhile must not read half a file.
 *
 * @param {string} file
 * @param {string | Uint8Array} content
 */
function writeWhole(file, content) {
  const part = `${file}.${process.pid}.part`;
  writeFileSync(part, content);
  renameSync(part, file);
}

/**
 * Packages, Node's own modules, and what adapter-node wrote.
 *
 * @param {string} id
 */
function isOutside(id) {
  return !/^[./]|^[A-Za-z]:/.test(id) || id.includes('web/handler.js');
}
