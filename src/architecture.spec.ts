import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { brokenDoors } from '../scripts/architecture/broken-doors';
import { brokenTrees } from '../scripts/architecture/broken-trees';
import { noCycles } from '../scripts/architecture/cycle-rule';
import { doors, noLostImports, onlyHall, type Rule } from '../scripts/architecture/door-rules';
import {
  libraryHomes,
  noIdleExceptions,
  noZodInBrowser,
  oneEnvironment,
} from '../scripts/architecture/library-rules';
import { fileBudgets, importBudget, names, usualSizes } from '../scripts/architecture/size-rules';
import { readTree, treeOf } from '../scripts/architecture/source-tree';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tree = readTree(root, ['src', 'migrations']);
const everything = readTree(root, ['src', 'migrations', 'scripts', 'bench', 'e2e']);

describe('the sources', () => {
  it('are all found', () => {
    expect([...tree.keys()]).toEqual(
      expect.arrayContaining(['src/main.ts', 'src/routes/+page.svelte', 'migrations/index.ts']),
    );
    expect([...tree.values()].flatMap(({ imports }) => imports).length).toBeGreaterThan(tree.size);
  });

  it.each<[string, Rule]>([
    ['go only through the doors of their rooms', doors],
    ['meet in the hall and nowhere else', onlyHall],
    ['have no cycle', noCycles],
    ['keep databases and engines in their homes', libraryHomes],
    ['read the environment in one place', oneEnvironment],
    ['need the exceptions that are made for them', noIdleExceptions],
    ['bring no zod to the browser', noZodInBrowser],
    ['are small on the whole', usualSizes],
    ['import at most twelve modules a file', importBudget],
  ])('%s', (_, rule) => {
    expect(rule(tree)).toEqual([]);
  });

  it.each<[string, Rule]>([
    ['import only files that exist', noLostImports],
    ['stay within the budgets of lines', fileBudgets],
    ['are named as their kind is', names],
  ])('%s', (_, rule) => {
    expect(rule(everything)).toEqual([]);
  });
});

describe('the rules complain about', () => {
  it.each([...brokenDoors, ...brokenTrees])('$what', ({ rule, files, says }) => {
    const complaints = rule(treeOf(files));
    expect(complaints).toHaveLength(1);
    for (const words of says) expect(complaints[0]).toContain(words);
  });
});
