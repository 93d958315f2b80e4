import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The programs beside the web application: output name to source. */
const programs = {
  main: 'src/main.ts',
  engine: 'src/lib/server/backends/local/engine.ts',
  'storage-worker': 'src/lib/server/storage/embedded/worker.ts',
};

/** Bundles the server's entry, the engine and the storage worker. Packages stay outside: `node_modules` has them. */
export /**
 * @param {string} name
 * @param {string} input
 */
async function buildPrograms() {
  await Promise.all(Object.entries(programs).map(([name, source]) => buildProgram(name, join(root, source))));
}

/**
 * @param {string} name
 * @param {string} input
 */
async function buildProgram(name, input) {
  if (!existsSync(input)) {
    console.log(`(no ${input} yet)`);
    return;
  }
  const bundle = await rolldown({ input, platform: 'node', external: isOutside, logLevel: 'warn' });
  await bundle.write({
    file: join(root, 'build', `${name}.js`),
    format: 'esm',
    sourcemap: true,
    codeSplitting: false,
  });
  await bundle.close();
}

/**
 * Packages, Node's own modules, and what adapter-node wrote.
 * @param {string} id
 */
function isOutside(id) {
  return !/^[./]|^[A-Za-z]:/.test(id) || id.includes('web/handler.js');
}
