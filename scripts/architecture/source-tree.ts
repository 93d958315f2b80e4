import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { readSource } from './imports';

export interface Import {
  /** As it is written. */
  specifier: string;
  isTypeOnly: boolean;
  /** The file that is meant, when it is one of this tree. */
  target?: string;
  /** The package or module of Node that is meant: `@scope/name`, `node:fs`. */
  packageName?: string;
}

export interface SourceFile {
  /** From the folder of the project, with `/`. */
  path: string;
  lineCount: number;
  imports: Import[];
  readsEnvironment: boolean;
  /** A spec, or what only specs use: the rules of the rooms do not hold there. */
  isTest: boolean;
}

export type SourceTree = ReadonlyMap<string, SourceFile>;

const source = /\.(?:ts|mjs|js|svelte)$/u;
const test = /\.(?:spec|e2e)\.ts$|\/conformance(?:\.ts$|\/)|\/fixtures\.ts$|\/__fixtures__\//u;
/** What adapters and bundlers make of files that are no modules, and what Kit writes. */
const noModule = /\.(?:css|json|svg|png|wasm)(?:\?\w+)?$|(?:^|\/)\$types$/u;

/** The sources below `folders` of the project's folder. */
export function readTree(root: string, folders: readonly string[]): SourceTree {
  const paths = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((path) =>
      posix.join(folder, path.replaceAll('\\', '/')),
    ),
  );
  const texts = paths
    .filter((path) => source.test(path))
    .map((path) => [path, readFileSync(join(root, path), 'utf8')] as const);
  return treeOf(Object.fromEntries(texts));
}

/** A tree of files that need not exist: path to text. */
export function treeOf(texts: Record<string, string>): SourceTree {
  const paths = new Set(Object.keys(texts));
  const files = Object.entries(texts).map(([path, text]): [string, SourceFile] => {
    const { imports, readsEnvironment } = readSource(path, text);
    return [
      path,
      {
        path,
        lineCount: text.replace(/\n$/u, '').split('\n').length,
        imports: imports.flatMap((raw) =>
          destinationsOf(path, raw.specifier, paths).map((destination) => ({ ...raw, ...destination })),
        ),
        readsEnvironment,
        isTest: test.test(path),
      },
    ];
  });
  return new Map(files);
}

/** Imports of a file in this tree that does not exist: they would pass every rule. */
export function isLost({ specifier, target, packageName }: Import): boolean {
  return target === undefined && packageName === undefined && !noModule.test(specifier);
}

type Destination = Pick<Import, 'target' | 'packageName'>;

/** A pattern of `import.meta.glob` leads to every file that it finds, and is lost where it finds none. */
function destinationsOf(from: string, specifier: string, paths: ReadonlySet<string>): Destination[] {
  if (!specifier.includes('*')) return [destinationOf(from, specifier, paths)];
  const [before = '', ...rest] = posix.join(posix.dirname(from), specifier).split('*');
  const after = rest.join('*');
  const isFound = (path: string) =>
    path.startsWith(before) &&
    path.endsWith(after) &&
    !path.slice(before.length, path.length - after.length).includes('/');
  const found = [...paths].filter(isFound);
  return found.length > 0 ? found.map((target) => ({ target })) : [{}];
}

function destinationOf(from: string, specifier: string, paths: ReadonlySet<string>): Destination {
  const base = specifier.startsWith('.')
    ? // Without what tells the bundler how to bring it (`?worker&url`): it is the same file.
      posix.join(posix.dirname(from), specifier.replace(/\?.*$/u, ''))
    : /^\$lib(?:\/|$)/u.test(specifier)
      ? specifier.replace('$lib', 'src/lib')
      : undefined;
  if (base === undefined) return { packageName: packageOf(specifier) };
  const candidates = [base, `${base}.ts`, `${base}.d.ts`, `${base}/index.ts`, base.replace(/\.js$/u, '.ts')];
  const target = candidates.find((path) => paths.has(path));
  return target === undefined ? {} : { target };
}

function packageOf(specifier: string): string {
  const parts = specifier.split('/');
  if (specifier.startsWith('node:')) return specifier;
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? specifier);
}
