import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The model folders below `root`, as `name` or `org/name`, sorted: those that have a `config.json` or a folder `onnx`.
 * What cannot be read has none.
 */
export async function findModelFolders(root: string): Promise<string[]> {
  const found: string[] = [];
  for (const name of await foldersIn(root)) {
    if (await isModel(join(root, name))) found.push(name);
    else
      for (const inner of await foldersIn(join(root, name)))
        if (await isModel(join(root, name, inner))) found.push(`${name}/${inner}`);
  }
  return found.sort();
}

async function foldersIn(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  // A link may point to a disk that has room for models.
  return entries
    .filter((entry) => (entry.isDirectory() || entry.isSymbolicLink()) && !entry.name.startsWith('.'))
    .map(({ name }) => name);
}

async function isModel(path: string): Promise<boolean> {
  const names = await readdir(path).catch((): string[] => []);
  return names.includes('config.json') || names.includes('onnx');
}
