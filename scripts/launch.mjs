import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildAll, isBuilt, isUpToDate, missingBuildTools } from './build-all.mjs';
import { missingPackages, readPackage, root } from './project.mjs';

/** `npm start`: checks what can be wrong on a new machine, builds if that is needed, and starts in this process. */
export async function launch() {
  // Relative paths and `.env` mean the same wherever npm was called.
  process.chdir(root);
  if (existsSync('.env')) process.loadEnvFile('.env');
  checkPackages();
  await checkPort();
  if (!isUpToDate()) await build();
  process.env.NODE_ENV ||= 'production';
  await import(pathToFileURL(join(root, 'build', 'main.js')).href);
}

function checkPackages() {
  const missing = missingPackages(readPackage().dependencies);
  if (missing.length > 0) giveUp(`Packages are not installed (${missing.join(', ')}). Run npm ci first.`);
}

async function build() {
  const missing = missingBuildTools();
  if (missing.length > 0) {
    // An older build still answers, for whoever installed only what it needs.
    if (isBuilt()) return;
    giveUp(
      `Parlance is not built yet, and ${missing.join(', ')}, which that takes, is not installed. Run npm ci, without --omit=dev, first.`,
    );
  }
  console.log('Building Parlance (about a minute, only once) ...');
  try {
    await buildAll();
  } catch (thrown) {
    giveUp(`The build failed.\n\n${thrown instanceof Error ? thrown.message : String(thrown)}`);
  }
}

/** Before a minute of building, not after it. What else is wrong with the variables is told by the server. */
async function checkPort() {
  const port = Number(process.env.PORT?.trim() || 3000);
  const host = process.env.HOST?.trim() || '127.0.0.1';
  if (!Number.isInteger(port) || port < 1 || port > 65_535) return;
  const fault = await new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (thrown) => resolve('code' in thrown ? thrown.code : ''));
    probe.listen(port, host, () => probe.close(() => resolve('')));
  });
  if (fault !== 'EADDRINUSE') return;
  giveUp(`Port ${port} is in use already. Stop what uses it, or choose another: PORT=${port + 1} npm start`);
}

/**
 * @param {string} sentence
 * @returns {never}
 */
function giveUp(sentence) {
  console.error(sentence);
  process.exit(1);
}
