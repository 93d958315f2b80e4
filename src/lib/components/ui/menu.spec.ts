import { expect, it } from 'vitest';
import { centredLeft, menuPlace, movedIndex } from './menu';

const view = { width: 400, height: 600 };
const menu = { width: 160, height: 200 };

it.each([
  [
    'below its button, ends aligned',
    { top: 100, bottom: 130, left: 300, right: 330 },
    { top: 134, left: 170 },
  ],
  [
    'above, where there is no room below',
    { top: 500, bottom: 530, left: 300, right: 330 },
    { top: 296, left: 170 },
  ],
  ['inside the window at its start', { top: 100, bottom: 130, left: 0, right: 30 }, { top: 134, left: 8 }],
  ['inside the window at its end', { top: 100, bottom: 130, left: 390, right: 420 }, { top: 134, left: 232 }],
])('a menu opens %s', (_, anchor, expected) => {
  expect(menuPlace(anchor, menu, view)).toEqual(expected);
});

it.each([
  ['over its button', { left: 180, right: 220 }, 120],
  ['at the start', { left: 0, right: 20 }, 8],
  ['at the end', { left: 380, right: 400 }, 232],
])('a panel stands %s', (_, anchor, left) => {
  expect(centredLeft(anchor, 160, 400)).toBe(left);
});

it('stays below when it fits nowhere', () => {
  const low = { width: 400, height: 150 };
  expect(menuPlace({ top: 60, bottom: 90, left: 0, right: 200 }, menu, low).top).toBe(94);
});

it.each([
  ['ArrowDown', 2, 0],
  ['ArrowDown', -1, 0],
  ['ArrowUp', 0, 2],
  ['ArrowUp', -1, 2],
  ['Home', 2, 0],
  ['End', 0, 2],
  ['a', 0, undefined],
])('%s from %i of three leads to %s', (key, at, expected) => {
  expect(movedIndex(key, at, 3)).toBe(expected);
  expect(movedIndex(key, at, 0)).toBeUndefined();
});
