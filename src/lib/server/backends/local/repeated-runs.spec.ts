import { describe, expect, it } from 'vitest';
import { RepeatedRuns } from './repeated-runs';

function runsOf(tokens: readonly number[], farthest = 8): RepeatedRuns {
  const runs = new RepeatedRuns(1000, farthest);
  for (const token of tokens) runs.add(token);
  return runs;
}

describe('the longest run that was there before', () => {
  it.each([
    ['of two tokens', [1, 2, 5, 6, 1, 2], { place: 2, run: 2 }],
    ['is the latest of equal ones', [1, 2, 5, 1, 2, 6, 1, 2], { place: 5, run: 2 }],
    ['goes before a later one that is shorter', [9, 1, 2, 5, 8, 1, 2, 6, 9, 1, 2], { place: 3, run: 3 }],
    ['may overlap itself', [4, 4, 4], { place: 2, run: 2 }],
    ['is none for one token', [1, 2, 3, 1], undefined],
    ['is none at the beginning', [1], undefined],
    ['is none in nothing', [], undefined],
  ])('%s', (_name, tokens, expected) => {
    expect(runsOf(tokens).longest()).toEqual(expected);
  });

  it('is followed back so far and not farther', () => {
    const line = Array.from({ length: 20 }, (_, index) => index + 1);
    expect(runsOf([...line, ...line], 5).longest()).toEqual({ place: 20, run: 5 });
  });

  it('takes the largest numbers of a vocabulary for different pairs', () => {
    const runs = new RepeatedRuns(2 ** 24, 8);
    const most = 2 ** 24 - 1;
    for (const token of [most, most - 1, 5, most - 1, most, most, 5, most, most - 1]) runs.add(token);
    expect(runs.longest()).toEqual({ place: 2, run: 2 });
  });

  it('costs no more the oftener it was there', () => {
    const runs = runsOf(Array.from({ length: 5000 }, (_, index) => (index % 7 < 2 ? index % 7 : 10 + index)));
    let looks = 0;
    runs.runBefore = () => (looks += 1);
    runs.longest();
    expect(looks).toBeLessThan(20);
  });
});
