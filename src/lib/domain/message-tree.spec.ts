import { describe, expect, it } from 'vitest';
import { leafBelow, leafWithout, pathTo, siblingsOf, subtreeOf } from './message-tree';

interface Link {
  id: string;
  parentId: string | null;
}

/** `a>b` is message b under a; `b` alone begins the conversation. */
function tree(...links: string[]): Link[] {
  return links.map((link) => {
    const [first = '', second] = link.split('>');
    return second === undefined ? { id: first, parentId: null } : { id: second, parentId: first };
  });
}

const idsOf = (messages: readonly Link[]) => messages.map(({ id }) => id).join(' ');
const shown = (...links: string[]) => new Map(links.map((link) => link.split('>') as [string, string]));

/** Two questions with two answers each; the second answer of the first was gone on from. */
const forest = tree('q1', 'q1>a1', 'q1>a2', 'a2>q3', 'q3>a3', 'q2', 'q2>b1', 'q2>b2');

describe('pathTo', () => {
  it.each([
    ['a3', 'q1 a2 q3 a3'],
    ['a1', 'q1 a1'],
    ['q2', 'q2'],
    ['missing', ''],
    [null, ''],
  ])('%s is reached by %s', (leaf, path) => {
    expect(idsOf(pathTo(forest, leaf))).toBe(path);
  });

  it('ends at a parent that is missing, and at a cycle', () => {
    expect(idsOf(pathTo(tree('gone>a', 'a>b'), 'b'))).toBe('a b');
    expect(idsOf(pathTo(tree('b>a', 'a>b'), 'b'))).toBe('a b');
  });
});

describe('siblingsOf', () => {
  it.each([
    ['q1', 'q1 q2'],
    ['a2', 'a1 a2'],
    ['a3', 'a3'],
  ])('the versions of %s are %s', (id, versions) => {
    const message = forest.find((other) => other.id === id) ?? { id, parentId: null };
    expect(idsOf(siblingsOf(forest, message))).toBe(versions);
  });
});

describe('leafBelow', () => {
  it.each([
    ['the newest where nothing was shown', 'q1', shown(), 'a3'],
    ['the newest of the second', 'q2', shown(), 'b2'],
    ['what was shown', 'q1', shown('q1>a1'), 'a1'],
    ['what was shown, then the newest', 'q1', shown('q1>a2'), 'a3'],
    ['the newest when what was shown is gone', 'q2', shown('q2>b9'), 'b2'],
    ['no message of another parent', 'q2', shown('q2>a1'), 'b2'],
    ['itself at an end', 'a1', shown('q1>a2'), 'a1'],
  ])('is %s', (_, id, lastShown, leaf) => {
    expect(leafBelow(forest, id, lastShown)).toBe(leaf);
  });

  it('ends at a cycle', () => {
    expect(['a', 'b']).toContain(leafBelow(tree('b>a', 'a>b'), 'a'));
  });
});

describe('subtreeOf', () => {
  it.each([
    ['q1', 'q1 a1 a2 q3 a3'],
    ['a2', 'a2 q3 a3'],
    ['b1', 'b1'],
    ['missing', ''],
  ])('%s has %s', (id, below) => {
    expect(idsOf(subtreeOf(forest, id))).toBe(below);
  });
});

describe('leafWithout', () => {
  it.each([
    ['stays where another branch goes', ['a1'], 'a3', shown(), 'a3'],
    ['is the version before', ['a2', 'q3', 'a3'], 'a3', shown(), 'a1'],
    ['is the version after the first', ['a1'], 'a1', shown(), 'a3'],
    ['is the parent of an only version', ['q3', 'a3'], 'a3', shown(), 'a2'],
    ['is the other beginning', ['q2', 'b1', 'b2'], 'b1', shown(), 'a3'],
    ['is what was last shown of the other beginning', ['q2', 'b1', 'b2'], 'b1', shown('q1>a1'), 'a1'],
    ['is nothing when all is gone', forest.map(({ id }) => id), 'a3', shown(), null],
    ['stays nothing', ['a1'], null, shown(), null],
  ])('%s', (_, gone, leafId, lastShown, expected) => {
    expect(leafWithout(forest, new Set(gone), leafId, lastShown)).toBe(expected);
  });
});

describe('switching versions', () => {
  it.each(Array.from({ length: 40 }, (_, seed) => seed))(
    'reaches every message of a random tree, and every one again (seed %i)',
    (seed) => {
      const random = generator(seed + 1);
      const messages = randomTree(2 + random(60), random);
      const lastShown = new Map<string, string>();
      let leaf = leafBelow(messages, 'm0', lastShown);
      const show = (id: string) => {
        leaf = leafBelow(messages, id, lastShown);
        const path = pathTo(messages, leaf);
        for (const { id: child, parentId } of path) if (parentId !== null) lastShown.set(parentId, child);
      };
      // What somebody clicks before; it must not matter.
      for (let step = 0; step < 20; step += 1) clickAnywhere(messages, leaf, random, show);
      for (const target of messages) {
        switchTo(messages, target.id, () => leaf, show);
        expect(idsOf(pathTo(messages, leaf)).split(' ')).toContain(target.id);
      }
    },
  );

  it('comes back to the branch that was left', () => {
    const lastShown = shown('q1>a1');
    const back = leafBelow(forest, 'q1', lastShown);
    expect(idsOf(pathTo(forest, back))).toBe('q1 a1');
  });
});

/** Goes to `target` with the arrows alone: from its beginning down, each message of its path is switched to. */
function switchTo(messages: Link[], target: string, leaf: () => string, show: (id: string) => void): void {
  for (const wanted of pathTo(messages, target)) {
    const path = pathTo(messages, leaf());
    if (path.some(({ id }) => id === wanted.id)) continue;
    const onPath = path.find(({ parentId }) => parentId === wanted.parentId);
    expect(onPath, `a version of ${wanted.id} is shown`).toBeDefined();
    show(wanted.id);
  }
}

function clickAnywhere(messages: Link[], leaf: string, random: Random, show: (id: string) => void): void {
  const path = pathTo(messages, leaf);
  const at = path[random(path.length)];
  const versions = at ? siblingsOf(messages, at) : [];
  const chosen = versions[random(versions.length)];
  if (chosen) show(chosen.id);
}

type Random = (below: number) => number;

/** Whole numbers from a seed (a linear congruential generator), so that a failure can be seen again. */
function generator(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

function randomTree(size: number, random: Random): Link[] {
  return Array.from({ length: size }, (_, index) => {
    const isFirst = index === 0 || random(12) === 0;
    return { id: `m${String(index)}`, parentId: isFirst ? null : `m${String(random(index))}` };
  });
}
