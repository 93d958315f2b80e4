import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isBuilt, isUpToDate, missingBuildTools } from './build-all.mjs';
import { missingPackages, readPackage, root } from './project.mjs';

/** `parlance ...`: builds the program if need be, and runs it in this process. */
export async function runCli() {
  // npm runs scripts in the project's folder; paths are meant from where people are.
  if (process.env.npm_lifecycle_event === 'parlance' && process.env.INIT_CWD)
    process.chdir(process.env.INIT_CWD);
  const variables = join(root, '.env');
  if (existsSync(variables)) process.loadEnvFile(variables);
  const missing = missingPackages(readPackage().dependencies);
  if (missing.length > 0)
    return giveUp(`Packages are not installed (${missing.join(', ')}). Run npm ci first.`);
  const program = join(root, 'build', 'cli.js');
  if (!isUpToDate() && !isNewerThanSources(program)) {
    const tools = missingBuildTools();
    // An older build still answers, for whoever installed only what it needs.
    if (tools.length > 0 && !existsSync(program))
      return giveUp(`Parlance is not built yet, and ${tools.join(', ')} is not installed. Run npm ci first.`);
    if (tools.length === 0) await build();
  }
  await import(pathToFileURL(program).href);
}

/** Where a server may be running from the build, its own programs stay as they are. */
async function build() {
  const { buildPrograms } = await import('./build-programs.mjs');
  await buildPrograms(isBuilt() ? ['cli'] : undefined);
}

/** @param {string} file */
function isNewerThanSources(file) {
  if (!existsSync(file)) return false;
  const built = statSync(file).mtimeMs;
  const sources = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true });
  return sources.every(
    (entry) => !entry.isFile() || statSync(join(entry.parentPath, entry.name)).mtimeMs < built,
  );
}

/** @param {string} sentence */
function giveUp(sentence) {
  console.error(sentence);
  process.exitCode = 1;
}
