import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of package.json. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** @returns {Record<string, any>} */
export function readPackage(file = join(root, 'package.json')) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/**
 * Those of `packages` (name to exact version) that are not in node_modules, or in another version.
 *
 * @param {Record<string, string>} packages
 */
export function missingPackages(packages) {
  return Object.entries(packages)
    .filter(([name, version]) => {
      const file = join(root, 'node_modules', name, 'package.json');
      return !existsSync(file) || readPackage(file).version !== version;
    })
    .map(([name]) => name);
}

/**
 * Runs a script of a package, such as `vite/bin/vite.js`, in the project's folder, and keeps what it prints. Resolves
 * whatever its exit code; `code` is null when a signal ended it.
 *
 * @param {string} script
 * @param {string[]} args
 * @param {{ env?: Record<string, string>, limitMs?: number }} [options]
 * @returns {Promise<{ code: number | null, output: string }>}
 */
export function runTool(script, args, { env = {}, limitMs } = {}) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, 'node_modules', script), ...args], {
      cwd: root,
      // Nobody is there to answer a question.
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
      ...(limitMs && { timeout: limitMs }),
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk) => (output += chunk));
    }
    child.on('error', (fault) => resolve({ code: null, output: `${output}${fault.message}\n` }));
    child.on('close', (code) => resolve({ code, output }));
  });
}
