import { describe, expect, it } from 'vitest';
import { Slots } from './slots';

const live = new AbortController().signal;
const noPosition = () => undefined;
/** What has become of a promise by now. */
const soon = async <T>(promise: Promise<T>): Promise<T | 'waits'> => {
  const turn = new Promise<'waits'>((resolve) => setTimeout(() => resolve('waits'), 1));
  return Promise.race([promise, turn]);
};

describe('work that nobody waits for', () => {
  it('gets a free place, and the next one when that is given back', async () => {
    const slots = new Slots(1);
    const first = await slots.acquireIdle(live);
    const second = slots.acquireIdle(live);
    expect(await soon(second)).toBe('waits');
    first?.release();
    first?.release();
    const place = await second;
    expect(place?.wanted.aborted).toBe(false);
    expect(await soon(slots.acquireIdle(live))).toBe('waits');
  });

  it('comes after everybody in the line', async () => {
    const slots = new Slots(1);
    const running = await slots.acquire(live, noPosition);
    const idle = slots.acquireIdle(live);
    const person = slots.acquire(live, noPosition);
    running?.();
    const release = await person;
    expect(await soon(idle)).toBe('waits');
    release?.();
    expect(await idle).toBeDefined();
  });

  it('is asked for its place by who comes later, one place for each', async () => {
    const slots = new Slots(2);
    const [one, two] = [await slots.acquireIdle(live), await slots.acquireIdle(live)];
    const person = slots.acquire(live, noPosition);
    expect([one?.wanted.aborted, two?.wanted.aborted]).toEqual([true, false]);
    one?.release();
    expect(await soon(person)).not.toBe('waits');
    void slots.acquire(live, noPosition);
    expect(two?.wanted.aborted).toBe(true);
  });

  it('takes no place once it was given up, before or while it waits', async () => {
    const slots = new Slots(1);
    expect(await slots.acquireIdle(AbortSignal.abort())).toBeUndefined();
    const running = await slots.acquire(live, noPosition);
    const controller = new AbortController();
    const idle = slots.acquireIdle(controller.signal);
    controller.abort();
    // In the same turn: the place must not go to who has left.
    running?.();
    expect(await idle).toBeUndefined();
    expect(await soon(slots.acquire(live, noPosition))).not.toBe('waits');
  });
});
