import { expect, it } from 'vitest';
import type { Message } from '../domain/message';
import { Branches } from './branches.svelte';

/** `a>b` is message b under a; `b` alone begins the conversation. */
function messages(...links: string[]): Message[] {
  return links.map((link) => {
    const [first = '', second] = link.split('>');
    return {
      id: second ?? first,
      parentId: second === undefined ? null : first,
      conversationId: 'conversation',
      role: 'user',
      parts: [],
      origin: 'user',
      status: 'complete',
      createdAt: new Date(0),
    };
  });
}

const pathOf = (branches: Branches) => branches.path.map(({ id }) => id).join(' ');

function branchesWith(leafId: string | null, ...links: string[]): Branches {
  const branches = new Branches();
  branches.reset(messages(...links), leafId);
  return branches;
}

it('comes back to what was last shown below each version', () => {
  const branches = branchesWith('c1', 'q', 'q>a1', 'q>a2', 'a1>b', 'b>c1', 'b>c2');
  expect(pathOf(branches)).toBe('q a1 b c1');
  branches.show('a2');
  expect(pathOf(branches)).toBe('q a2');
  branches.show('a1');
  expect(pathOf(branches)).toBe('q a1 b c1');
});

it('goes down to the end when the server names a message above it', () => {
  expect(pathOf(branchesWith('q', 'q', 'q>a1', 'q>a2'))).toBe('q a2');
});

it.each([
  ['stays where the reader is', 'a1', 'a2', 'q a1'],
  ['goes on with what was added below', 'a1', 'b', 'q a1 b'],
  ['goes on although the server shows another branch', 'a1', 'a2', 'q a1 b', 'a1>b'],
])('a reset %s', (_, own, server, path, ...more) => {
  const branches = branchesWith(own, 'q', 'q>a1', 'q>a2');
  branches.reset(messages('q', 'q>a1', 'q>a2', ...(server === 'b' ? ['a1>b'] : more)), server);
  expect(pathOf(branches)).toBe(path);
});

it('shows what the server shows when the own branch is gone', () => {
  const branches = branchesWith('a1', 'q', 'q>a1', 'q>a2');
  branches.reset(messages('q', 'q>a2'), 'a2');
  expect(pathOf(branches)).toBe('q a2');
});

it('counts versions in the order of the server, once it is known', () => {
  const branches = branchesWith('a1', 'q', 'q>a1');
  const [own, other] = messages('q>own', 'q>other');
  if (!own || !other) throw new Error('The fixture has no messages.');
  branches.add([own]);
  branches.add([other]);
  branches.add([{ ...own, status: 'running' }]);
  expect(branches.versionsOf(own)).toEqual(['a1', 'other', 'own']);
  expect(branches.messages.at(-1), 'it keeps what is known of it').toBe(own);
});

it('counts what hangs from a message', () => {
  const branches = branchesWith('a1', 'q', 'q>a1', 'q>a2', 'a2>b');
  expect(['q', 'a1', 'a2', 'b'].map((id) => branches.countBelow(id))).toEqual([4, 1, 2, 1]);
});

it.each([
  ['the branch beside it', ['a1'], undefined, 'q a2'],
  ['where it was before', ['a1'], 'q', 'q a2'],
  ['the same branch when another one goes', ['a2'], undefined, 'q a1'],
  ['nothing when all goes', ['q', 'a1', 'a2'], undefined, ''],
  ['the same when nothing of it is there', ['gone'], undefined, 'q a1'],
])('without a message it shows %s', (_, ids, fallback, path) => {
  const branches = branchesWith('a1', 'q', 'q>a1', 'q>a2');
  branches.remove(ids, fallback);
  expect(pathOf(branches)).toBe(path);
});
