import { describe, expect, it } from 'vitest';
import { EchoFilter } from './echo-filter';

function filtered(given: string, pieces: string[]): string {
  const filter = new EchoFilter(given);
  return pieces.map((piece) => filter.push(piece)).join('') + filter.end();
}

describe('what a model goes on from', () => {
  it.each([
    ['is taken away', 'Once upon', ['Once upon a time'], ' a time'],
    ['is taken away where it comes in pieces', 'Once upon', ['On', 'ce', ' upon a', ' time'], ' a time'],
    ['is taken away with the space at its end', 'Once upon ', ['Once upon a time'], 'a time'],
    ['is taken away where that space was left out', 'The year ', ['The year2', '0'], '20'],
    ['is taken away with a line at its end', 'One:\n', ['One:\n- a'], '- a'],
    ['stays where it does not come again', 'Once upon', [' a', ' time'], ' a time'],
    ['stays where only its beginning comes', 'Once upon', ['Once', ' more'], 'Once more'],
    ['stays where the answer is over before', 'Once upon', ['Once'], 'Once'],
    ['is looked for at the beginning alone', 'a', ['b', 'a'], 'ba'],
    ['is nothing', '', ['Once'], 'Once'],
    ['is space', ' \n', [' \nOnce'], ' \nOnce'],
  ])('%s', (_, given, pieces, expected) => {
    expect(filtered(given, pieces)).toBe(expected);
  });

  it('costs no more than its length, whatever space it has inside', () => {
    const given = `One${' '.repeat(200_000)}two`;
    expect(filtered(given, [`${given} three`])).toBe(' three');
  }, 2000);
});
