import { expect, it } from 'vitest';
import { hiddenAfterMore, hiddenAtFirst, hiddenToShow } from './message-window';

it.each([
  [0, 0],
  [60, 0],
  [61, 21],
  [500, 460],
])('of %i messages %i are hidden at first', (length, hidden) => expect(hiddenAtFirst(length)).toBe(hidden));

it('shows all after going up often enough', () => {
  let hidden = hiddenAtFirst(500);
  for (let steps = 0; hidden > 0; steps += 1) {
    expect(steps).toBeLessThan(13);
    hidden = hiddenAfterMore(hidden);
  }
  expect(hidden).toBe(0);
});

it.each([
  ['one that is drawn', 480, 460, 460],
  ['one further up', 100, 460, 95],
  ['the first', 0, 460, 0],
])('draws %s', (_, index, hidden, expected) => expect(hiddenToShow(index, hidden)).toBe(expected));
