import { describe, expect, it } from 'vitest';
import { canBecome, hasEnded, messageStatusOf, type GenerationStatus } from './generation';

const statuses: GenerationStatus[] = ['queued', 'running', 'completed', 'stopped', 'failed', 'interrupted'];
const ends: GenerationStatus[] = ['completed', 'stopped', 'failed', 'interrupted'];

describe('a generation', () => {
  const allowed: Record<GenerationStatus, GenerationStatus[]> = {
    // A run that never began has nothing to complete.
    queued: ['running', 'stopped', 'failed', 'interrupted'],
    running: ends,
    completed: [],
    stopped: [],
    failed: [],
    interrupted: [],
  };

  it.each(statuses.flatMap((from) => statuses.map((to) => [from, to] as const)))(
    'that is %s may become %s only by the table',
    (from, to) => {
      expect(canBecome(from, to)).toBe(allowed[from].includes(to));
    },
  );

  it.each(statuses)('that is %s has ended or not', (status) => {
    expect(hasEnded(status)).toBe(ends.includes(status));
  });

  it.each([
    ['queued', 'running'],
    ['running', 'running'],
    ['completed', 'complete'],
    ['stopped', 'stopped'],
    ['failed', 'failed'],
    ['interrupted', 'interrupted'],
  ] as const)('that is %s has messages that are %s', (status, expected) => {
    expect(messageStatusOf(status)).toBe(expected);
  });
});
