import { describe, expect, it } from 'vitest';
import { Attempts, networkOf } from './attempts';

const limits = { free: 3, firstWaitMs: 1000, longestWaitMs: 5000, forgetAfterMs: 60_000, maxPlaces: 3 };

function attemptsAt(now = { ms: 1_000_000 }) {
  const attempts = new Attempts(limits, () => now.ms);
  const wrong = (place: string, times: number) => {
    for (let count = 0; count < times; count += 1) attempts.note(place);
  };
  return { attempts, now, wrong };
}

describe('whoever is wrong', () => {
  it('waits longer each time, up to a bound, and nobody else does', () => {
    const { attempts, now, wrong } = attemptsAt();
    wrong('a', 2);
    expect(attempts.waitMs('a')).toBe(0);
    const waits = [1, 2, 3, 4, 5].map(() => {
      attempts.note('a');
      return attempts.waitMs('a');
    });
    expect(waits).toEqual([1000, 2000, 4000, 5000, 5000]);
    expect(attempts.waitMs('b')).toBe(0);
    now.ms += 4999;
    expect(attempts.waitMs('a')).toBe(1);
    now.ms += 1;
    expect(attempts.waitMs('a')).toBe(0);
  });

  it('begins anew after a while, and after being right', () => {
    const { attempts, now, wrong } = attemptsAt();
    wrong('a', 9);
    attempts.forget('a');
    attempts.note('a');
    expect(attempts.waitMs('a')).toBe(0);
    wrong('a', 9);
    now.ms += 60_000;
    attempts.note('a');
    expect(attempts.waitMs('a')).toBe(0);
  });

  it('is forgotten when there are too many, those that were quiet the longest first', () => {
    const { attempts, wrong } = attemptsAt();
    wrong('a', 3);
    wrong('b', 3);
    wrong('c', 3);
    attempts.note('a');
    attempts.note('d');
    expect(['a', 'b', 'c'].map((place) => attempts.waitMs(place) > 0)).toEqual([true, false, true]);
  });
});

it.each([
  ['10.1.2.3', '10.1.2.3'],
  ['::ffff:10.1.2.3', '10.1.2.3'],
  ['2001:db8:0:7:1::9', '2001:db8:0:7'],
  ['2001:0DB8::7:8:9', '2001:db8:0:0'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
  ['::1', '0:0:0:0'],
  ['1:2:3::', '1:2:3:0'],
  ['not an address', 'not an address'],
])('counts %s as %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});
