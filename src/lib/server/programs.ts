import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The programs that run beside the server, each a bundle of its own (`scripts/build-programs.mjs`). */
export type ProgramName =
  'engine' | 'text2text-engine' | 'storage-worker' | 'grammar-worker' | 'tokenizer-worker';

/** The directory of the project, wherever this code was bundled to. */
export function projectRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!isProject(folder)) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('The package.json of Parlance is not above this file.');
    folder = parent;
  }
  return folder;
}

/** The built file of a program. */
export function programPath(name: ProgramName): string {
  return join(projectRoot(), 'build', `${name}.js`);
}

function isProject(folder: string): boolean {
  const file = join(folder, 'package.json');
  if (!existsSync(file)) return false;
  const content: unknown = JSON.parse(readFileSync(file, 'utf8'));
  return typeof content === 'object' && content !== null && 'name' in content && content.name === 'parlance';
}
