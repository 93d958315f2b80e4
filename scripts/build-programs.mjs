import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { viteImportGlobPlugin } from 'rolldown/experimental';
import { programs } from './programs.mjs';
import { root } from './project.mjs';

/**
 * Packages that become part of a program. With Transformers.js come an image library under the LGPL and 140 MB of ONNX
 * Runtime for browsers, which need not be installed then. Of zod a program takes the part that it uses: all of it is 9 MB
 * of memory in each process. The server shares the package with the web application, which has all of it anyway.
 */
const bundled = new Set(['@huggingface/transformers', 'zod']);

/** What takes the place of a module in a program. */
const replacements = new Map([
  // Only text is read, and the library needs to find something here when it loads.
  ['sharp', 'export default function sharp() { throw new Error("Images are not read here."); }'],
  // ONNX Runtime for Node hands on all of it.
  ['onnxruntime-common', 'export { Tensor } from "onnxruntime-node";'],
]);

/**
 * Bundles the server's entry, the commands, the engines and the storage worker, or some of them. Packages stay outside.
 * `folder` is that of the project.
 */
export async function buildPrograms(names = Object.keys(programs), folder = root) {
  mkdirSync(join(folder, 'build'), { recursive: true });
  const chosen = Object.entries(programs).filter(([name]) => names.includes(name));
  await Promise.all(chosen.map(([name, source]) => buildProgram(name, source, folder)));
}

/** `import.meta.glob`, as Vite knows it. */
export const gathering = viteImportGlobPlugin({ root });

/** @param {string} name @param {string} source @param {string} folder */
async function buildProgram(name, source, folder) {
  const input = join(folder, source);
  if (!existsSync(input)) throw new Error(`${input}, the source of build/${name}.js, is missing.`);
  const bundle = await rolldown({
    input,
    platform: 'node',
    external: (id) => isOutside(id) || (name === 'main' && id === 'zod'),
    plugins: [replaceModules, gathering],
    logLevel: 'warn',
  });
  const { output } = await bundle.generate({
    format: 'esm',
    entryFileNames: `${name}.js`,
    sourcemap: true,
    codeSplitting: false,
  });
  await bundle.close();
  for (const file of output)
    writeWhole(join(folder, 'build', file.fileName), file.type === 'chunk' ? file.code : file.source);
}

const replaceModules = {
  name: 'replace-modules',
  /** @param {string} id */
  resolveId: (id) => (replacements.has(id) ? `\0replaced:${id}` : null),
  /** @param {string} id */
  load: (id) => (id.startsWith('\0replaced:') ? replacements.get(id.slice('\0replaced:'.length)) : null),
};

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
  if (bundled.has(id) || replacements.has(id)) return false;
  return !/^[./]|^[A-Za-z]:/.test(id) || id.includes('web/handler.js');
}
