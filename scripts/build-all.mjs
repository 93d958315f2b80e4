import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { programs } from './programs.mjs';
import { missingPackages, readPackage, root, runTool } from './project.mjs';

const stampFile = join(root, 'build', '.stamp');
const outputs = [...Object.keys(programs).map((name) => `${name}.js`), 'web/handler.js'];
/** What a build depends on, besides the version of Node's packages that package-lock.json names. */
const inputs = [
  'src',
  'migrations',
  'static',
  'scripts/build-all.mjs',
  'scripts/build-programs.mjs',
  'scripts/programs.mjs',
];
const inputFiles = [
  'package.json',
  'package-lock.json',
  'svelte.config.js',
  'vite.config.ts',
  'tsconfig.json',
];

/** Whether all that `npm start` runs has been built, however old. */
export function isBuilt() {
  return outputs.every((file) => existsSync(join(root, 'build', file)));
}

/** Whether the last build was made of the sources as they are. True without sources, as in the image. */
export function isUpToDate() {
  if (!isBuilt()) return false;
  if (!existsSync(join(root, 'src', 'main.ts'))) return true;
  return existsSync(stampFile) && readFileSync(stampFile, 'utf8') === hashOfInputs();
}

/** Build tools that are not installed, as after `npm ci --omit=dev`. */
export function missingBuildTools() {
  const { devDependencies = {} } = readPackage();
  const tools = [
    'vite',
    '@sveltejs/kit',
    '@sveltejs/adapter-node',
    'svelte',
    'rolldown',
    '@huggingface/transformers',
  ];
  return missingPackages(Object.fromEntries(tools.map((name) => [name, devDependencies[name]])));
}

/** Builds everything and says nothing. Throws an error whose message is what the tools printed. */
export async function buildAll() {
  const hash = hashOfInputs();
  // Half a build must not pass for a whole one.
  rmSync(stampFile, { force: true });
  const { code, output } = await runTool('vite/bin/vite.js', ['build'], { env: { NODE_ENV: 'production' } });
  if (code !== 0) throw new Error(output);
  const { buildPrograms } = await import('./build-programs.mjs');
  await buildPrograms();
  writeFileSync(stampFile, hash);
}

/** `npm run build`. */
export async function buildOrExit() {
  const missing = missingBuildTools();
  if (missing.length > 0) {
    console.error(`${missing.join(', ')} is not installed. Run npm ci first.`);
    process.exit(1);
  }
  try {
    await buildAll();
    console.log('Built.');
  } catch (thrown) {
    console.error(`The build failed.\n\n${thrown instanceof Error ? thrown.message : String(thrown)}`);
    process.exit(1);
  }
}

function hashOfInputs() {
  const hash = createHash('sha256');
  const files = [...inputFiles, ...inputs.flatMap(filesUnder)].sort();
  for (const file of files) {
    if (!existsSync(join(root, file))) continue;
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update('\0');
  }
  return hash.digest('hex');
}

/**
 * @param {string} path
 * @returns {string[]}
 */
function filesUnder(path) {
  if (!existsSync(join(root, path))) return [];
  if (path.endsWith('.mjs')) return [path];
  return readdirSync(join(root, path), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.spec\.ts$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
}
