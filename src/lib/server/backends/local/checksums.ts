import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fault } from './model-fault';

export const checksumFile = 'SHA256SUMS';

/**
 * The checksums that pin the files of a model: relative path to SHA-256 in hexadecimal, as `sha256sum` writes them. Empty
 * where the folder has none. Throws `model-unavailable` when the list cannot be read as one.
 */
export async function readChecksums(folder: string): Promise<Map<string, string>> {
  const path = join(folder, checksumFile);
  const text = await readFile(path, 'utf8').catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT') return '';
    throw fault(`The file ${path} cannot be read.`, 'Make it readable for the server.', thrown);
  });
  const sums = new Map<string, string>();
  for (const line of text.split(/\r?\n/u).filter((one) => one !== '')) {
    const [, sum, name] = /^([\da-f]{64}) [ *](.+)$/iu.exec(line) ?? [];
    if (sum === undefined || name === undefined) {
      throw fault(
        `The file ${path} is damaged: "${line.slice(0, 80)}" is not a line of sha256sum.`,
        `Make it again with sha256sum, or remove it: the files are then not checked.`,
      );
    }
    sums.set(name.replace(/^\.\//u, ''), sum.toLowerCase());
  }
  return sums;
}

/**
 * Reads files of a model folder from beginning to end: those that `SHA256SUMS` pins are compared with it, and all are in
 * memory of the system afterwards, so that loading them is quick. `onFraction` is told how far it is, by bytes. Throws
 * `model-unavailable` that names the first file which is not what it was.
 */
export async function verifyFiles(
  folder: string,
  files: readonly string[],
  onFraction: (fraction: number) => void,
): Promise<void> {
  const sums = await readChecksums(folder);
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  let read = 0;
  for (const file of files) {
    const expected = sums.get(relative(folder, file).split(sep).join('/'));
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
      if (expected !== undefined) hash.update(chunk);
      read += chunk.length;
      onFraction(Math.min(1, read / total));
    }
    if (expected !== undefined && hash.digest('hex') !== expected) {
      throw fault(
        `The file ${file} is damaged: it is not the one that ${checksumFile} names.`,
        'Copy it there again. If you changed it on purpose, make the list of checksums again.',
      );
    }
  }
}
