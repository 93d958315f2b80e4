import { stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { ModelEntry } from './model-entry';

type FileNames = Pick<ModelEntry, 'logo' | 'tokenizer' | 'chatTemplate'>;

/**
 * The files that entries name and all that is read with them, as absolute paths, whether they are there or not: logos,
 * tokenizers, chat templates.
 */
export function namedFiles(entries: readonly FileNames[], baseDir: string): string[] {
  const files = entries.flatMap(({ logo, tokenizer, chatTemplate }) => [
    ...(logo === undefined || logo.startsWith('data:') ? [] : [resolve(baseDir, logo)]),
    ...(tokenizer === undefined ? [] : tokenizerFiles(resolve(baseDir, tokenizer))),
    ...(chatTemplate?.file === undefined ? [] : templateFiles(resolve(baseDir, chatTemplate.file))),
  ]);
  return [...new Set(files)];
}

/** A text that is another one once the files of a tokenizer are others; `path` is a `tokenizer.json`, or its folder. */
export async function tokenizerVersion(path: string): Promise<string> {
  const marks = await Promise.all(tokenizerFiles(path).map(marksOf));
  return marks.join(' ');
}

/** What is another once a file is: its place on the disk, size and time. `none` where there is no file. */
export function marksOf(path: string): Promise<string> {
  return stat(path).then(
    (found) => (found.isDirectory() ? 'folder' : [found.dev, found.ino, found.size, found.mtimeMs].join()),
    () => 'none',
  );
}

function tokenizerFiles(path: string): string[] {
  return [
    path,
    join(path, 'tokenizer.json'),
    ...[path, dirname(path)].map((folder) => join(folder, 'tokenizer_config.json')),
  ];
}

/** Beside a template are the tokens that it is written with. */
function templateFiles(path: string): string[] {
  const beside = ['tokenizer_config.json', 'tokenizer.json'];
  return [
    path,
    ...['chat_template.jinja', 'chat_template.json', ...beside].map((name) => join(path, name)),
    ...beside.map((name) => join(dirname(path), name)),
  ];
}
