import { posix } from 'node:path';
import type { Rule } from './door-rules';
import type { SourceFile } from './source-tree';

export const budgets = { file: 300, component: 200, route: 60, median: 60, p95: 220, imports: 12 };

const script = /^(?:\d{4}-)?[a-z][a-z\d]*(?:-[a-z\d]+)*(?:\.[a-z\d]+)*\.(?:ts|mjs|js)$/u;
const component = /^[A-Z][A-Za-z\d]*\.svelte$/u;
/** The names that Kit gives: `+page.server.ts`, `+page@.svelte`. */
const kit = /^\+(?:page|layout|server|error)(?:@\w*)?(?:\.server)?\.(?:ts|svelte)$/u;

/** No file is longer than its kind may be. */
export const fileBudgets: Rule = (tree) =>
  [...tree.values()].flatMap((file) => {
    const limit = limitOf(file);
    return file.lineCount > limit
      ? [`${file.path} has ${String(file.lineCount)} lines; at most ${String(limit)}.`]
      : [];
  });

function limitOf({ path, isTest }: SourceFile): number {
  if (isTest) return budgets.file;
  if (path.startsWith('src/routes/')) return budgets.route;
  return path.endsWith('.svelte') ? budgets.component : budgets.file;
}

/** Most files are small. */
export const usualSizes: Rule = (tree) => {
  const sizes = [...tree.values()].filter(({ isTest }) => !isTest).map(({ lineCount }) => lineCount);
  sizes.sort((a, b) => a - b);
  const at = (share: number) => sizes[Math.ceil(sizes.length * share) - 1] ?? 0;
  const [median, p95] = [at(0.5), at(0.95)];
  return [
    ...(median > budgets.median
      ? [`Half of the files have over ${String(budgets.median)} lines: the median is ${String(median)}.`]
      : []),
    ...(p95 > budgets.p95
      ? [`One file in twenty has over ${String(budgets.p95)} lines: the 95th percentile is ${String(p95)}.`]
      : []),
  ];
};

/** A file that needs many others does too much. */
export const importBudget: Rule = (tree) =>
  [...tree.values()].flatMap(({ path, imports, isTest }) => {
    const count = new Set(imports.map(({ specifier }) => specifier)).size;
    if (isTest || count <= budgets.imports) return [];
    return [`${path} imports ${String(count)} modules; at most ${String(budgets.imports)}.`];
  });

/** Files are `kebab-case.ts`, components `PascalCase.svelte`, and Kit's are Kit's. */
export const names: Rule = (tree) =>
  [...tree.keys()].flatMap((path) => {
    const name = posix.basename(path);
    const isRoute = path.startsWith('src/routes/');
    if (isRoute && name.startsWith('+')) return kit.test(name) ? [] : [`${path} is no file of a route.`];
    if (name.endsWith('.svelte')) return component.test(name) ? [] : [`${path} is not PascalCase.svelte.`];
    return script.test(name) ? [] : [`${path} is not kebab-case.ts.`];
  });
