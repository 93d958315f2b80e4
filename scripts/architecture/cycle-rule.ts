import type { Rule } from './door-rules';
import type { SourceTree } from './source-tree';

/** No file reaches itself by its imports; types count, since two files that need each other's are one thing. */
export const noCycles: Rule = (tree) => {
  const done = new Set<string>();
  return [...tree.keys()].flatMap((path) => cyclesFrom(tree, [path], done));
};

/** The cycles that a walk from the end of `way` closes. Each file is walked once: the first of some cycles is enough. */
function cyclesFrom(tree: SourceTree, way: readonly string[], done: Set<string>): string[] {
  const path = way.at(-1) ?? '';
  if (done.has(path)) return [];
  const found = (tree.get(path)?.imports ?? []).flatMap(({ target, specifier }) => {
    if (target === undefined) return [];
    const start = way.indexOf(target);
    if (start < 0) return cyclesFrom(tree, [...way, target], done);
    return [
      `${path} imports ${specifier} and closes a cycle: ${[...way.slice(start), target].join(' -> ')}.`,
    ];
  });
  done.add(path);
  return found;
}
