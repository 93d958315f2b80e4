import type { Rule } from './door-rules';
import { rooms } from './rooms';
import type { SourceTree } from './source-tree';

/** Libraries that one place knows, and the place. */
const homes: { library: string; packages: RegExp; home: string[] }[] = [
  {
    library: 'MongoDB',
    packages: /^(?:mongodb|bson)$/u,
    home: ['src/lib/server/storage/mongo/', 'migrations/'],
  },
  {
    library: 'SQLite',
    packages: /^(?:@photostructure\/sqlite|node:sqlite|better-sqlite3|sqlite3?)$/u,
    home: ['src/lib/server/storage/embedded/', 'migrations/'],
  },
  {
    library: 'ONNX Runtime',
    packages: /^(?:koffi|onnxruntime-.*|@huggingface\/transformers)$/u,
    home: ['src/lib/server/backends/local/'],
  },
  {
    library: 'the client for outbound requests',
    packages: /^undici$/u,
    home: ['src/lib/server/backends/http/'],
  },
  {
    library: 'XGrammar',
    packages: /^@mlc-ai\/web-xgrammar$/u,
    home: ['src/lib/server/backends/local/sampling/'],
  },
];

const configReader = 'src/lib/server/config/env.ts';

/** Who may read the environment besides the configuration, and why. */
const environmentReaders = new Map([
  [
    'src/lib/server/backends/local/engine-child.ts',
    'takes SystemRoot alone over into the empty environment of an engine: Windows loads no library without it',
  ],
]);

/** A library that one place hides is imported nowhere else, not even for its types or in a spec. */
export const libraryHomes: Rule = (tree) =>
  [...tree.values()].flatMap(({ path, imports }) =>
    imports.flatMap(({ specifier, packageName = '' }) =>
      homes
        .filter(
          ({ packages, home }) =>
            packages.test(packageName) && !home.some((folder) => path.startsWith(folder)),
        )
        .map(
          ({ library, home }) =>
            `${path} imports ${specifier}: ${library} is known only in ${home.join(' and ')}.`,
        ),
    ),
  );

/** The environment is read in one place. */
export const oneEnvironment: Rule = (tree) =>
  [...tree.values()].flatMap(({ path, imports, readsEnvironment, isTest }) => {
    if (path === configReader) return [];
    const modules = imports
      .filter(({ packageName }) => packageName === '$env')
      .map(({ specifier }) => `${path} imports ${specifier}: the environment is read in ${configReader}.`);
    const isFree = isTest || !path.startsWith('src/') || environmentReaders.has(path);
    return readsEnvironment && !isFree
      ? [...modules, `${path} reads process.env: the environment is read in ${configReader}.`]
      : modules;
  });

/** An exception that nobody needs any more is taken off the list. */
export const noIdleExceptions: Rule = (tree) =>
  [...environmentReaders.keys()]
    .filter((path) => tree.get(path)?.readsEnvironment !== true)
    .map((path) => `${path} does not read process.env: take it off the exceptions of library-rules.ts.`);

/** zod checks at the edges of the server; what a browser runs does not carry it. */
export const noZodInBrowser: Rule = (tree) => {
  const seen = new Set<string>();
  const starts = [...tree.values()].filter(({ path, isTest }) => !isTest && isPage(path));
  return starts.flatMap(({ path }) => waysToZod(tree, [path], seen));
};

function isPage(path: string): boolean {
  const { page, routes } = rooms;
  return page?.holds.test(path) === true && routes?.holds.test(path) !== true;
}

function waysToZod(tree: SourceTree, way: string[], seen: Set<string>): string[] {
  const path = way.at(-1) ?? '';
  if (seen.has(path)) return [];
  seen.add(path);
  return (tree.get(path)?.imports ?? []).flatMap(({ target, packageName, isTypeOnly, specifier }) => {
    if (isTypeOnly) return [];
    if (packageName === 'zod') return [`${path} imports ${specifier} into the browser: ${way.join(' -> ')}.`];
    return target === undefined ? [] : waysToZod(tree, [...way, target], seen);
  });
}
