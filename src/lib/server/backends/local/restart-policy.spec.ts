import { describe, expect, it } from 'vitest';
import { crashWindowMs, maxCrashes, RestartPolicy } from './restart-policy';

describe('RestartPolicy', () => {
  it('starts at once after one crash and waits longer after each more', () => {
    const policy = new RestartPolicy();
    const waits = [0, 1, 2, 3].map((at) => {
      policy.crashed(at);
      return policy.waitMs(at);
    });
    expect(waits).toEqual([0, 250, 500, 1000]);
  });

  it('stays closed after too many, until the first is a minute ago', () => {
    const policy = new RestartPolicy();
    for (let at = 0; at < maxCrashes; at += 1) {
      expect(policy.closedForMs(at)).toBe(0);
      policy.crashed(at);
    }
    expect(policy.closedForMs(10)).toBe(crashWindowMs - 10);
    expect(policy.closedForMs(crashWindowMs)).toBe(0);
  });

  it('forgets crashes of long ago', () => {
    const policy = new RestartPolicy();
    policy.crashed(0);
    policy.crashed(1);
    expect(policy.waitMs(crashWindowMs + 1)).toBe(0);
  });
});
