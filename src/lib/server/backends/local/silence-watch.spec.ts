import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { SilenceWatch } from './silence-watch';

it('tells of silence once, and of none where none counts', async () => {
  let count = 0;
  const watch = new SilenceWatch(() => (count += 1));
  watch.heard(20);
  await delay(80);
  expect(count).toBe(1);
  watch.heard(20);
  watch.heard(undefined);
  await delay(80);
  expect(count).toBe(1);
});

it('hears first what was said while its own loop stood still', async () => {
  let count = 0;
  const watch = new SilenceWatch(() => (count += 1));
  watch.heard(20);
  const until = performance.now() + 60;
  // As a message that waits to be read: it is handled after the timers, before the watch decides.
  setTimeout(() => watch.heard(undefined), 0);
  while (performance.now() < until);
  await delay(40);
  expect(count).toBe(0);
});
