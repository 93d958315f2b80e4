import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { counted, endToEndCounts, unitCounts } from './suites.mjs';

const folder = mkdtempSync(join(tmpdir(), 'parlance-suites-'));
const reportFile = join(folder, 'report.json');

afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('what a report of vitest counts', () => {
  const report = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 };
  const file = (status: string, tests: number) => ({ status, assertionResults: Array(tests).fill({}) });

  it.each([
    ['tests by their end', { numPassedTests: 5, numFailedTests: 2 }, [], [5, 2, 0]],
    [
      'skipped and planned ones as skipped',
      { numPassedTests: 1, numPendingTests: 2, numTodoTests: 3 },
      [],
      [1, 0, 5],
    ],
    ['a file that could not be loaded as a failure', { numPassedTests: 4 }, [file('failed', 0)], [4, 1, 0]],
    ['a file with failed tests by its tests alone', { numFailedTests: 3 }, [file('failed', 3)], [0, 3, 0]],
    ['good files not at all', { numPassedTests: 2 }, [file('passed', 2), file('passed', 0)], [2, 0, 0]],
  ])('%s', (_, numbers, testResults, [passed, failed, skipped]) => {
    expect(unitCounts({ ...report, ...numbers, testResults })).toEqual({ passed, failed, skipped });
  });
});

describe('what a report of Playwright counts', () => {
  const stats = { expected: 0, flaky: 0, unexpected: 0, skipped: 0 };

  it.each([
    ['journeys by their end', { expected: 7, unexpected: 2, skipped: 1 }, [], [7, 2, 1]],
    ['a second attempt that passed as passed', { expected: 3, flaky: 1 }, [], [4, 0, 0]],
    [
      'faults outside of journeys as failures',
      { expected: 3 },
      [{ message: 'a' }, { message: 'b' }],
      [3, 2, 0],
    ],
  ])('%s', (_, numbers, errors, [passed, failed, skipped]) => {
    expect(endToEndCounts({ stats: { ...stats, ...numbers }, errors })).toEqual({ passed, failed, skipped });
  });
});

describe('the outcome of a suite with a report', () => {
  const read = (counts: { passed: number; failed: number; skipped: number }) => counts;
  const words = 'what it printed';

  it.each([
    ['ended well', 0, [3, 0, 1], [3, 0, 1]],
    ['has failures', 1, [3, 2, 0], [3, 2, 0]],
    ['ended badly without one', 1, [3, 0, 0], [3, 1, 0]],
    ['was killed', null, [3, 0, 0], [3, 1, 0]],
    ['has failures but ended well', 0, [3, 2, 0], [3, 2, 0]],
  ])('that %s', (_, code, [passed, failed, skipped], [passes, failures, skips]) => {
    writeFileSync(reportFile, JSON.stringify({ passed, failed, skipped }));
    expect(counted(code, words, reportFile, read)).toEqual({
      passed: passes,
      failed: failures,
      skipped: skips,
      output: words,
    });
  });

  it('that ran nothing is a failure, which says so', () => {
    writeFileSync(reportFile, JSON.stringify({ passed: 0, failed: 0, skipped: 4 }));
    expect(counted(0, words, reportFile, read)).toEqual({
      passed: 0,
      failed: 1,
      skipped: 0,
      output: `${words}\nIt ran no tests.`,
    });
  });

  it('that left no report is a failure, which says so', () => {
    expect(counted(0, words, join(folder, 'none.json'), read)).toEqual({
      passed: 0,
      failed: 1,
      skipped: 0,
      output: `${words}\nIt left no report.`,
    });
  });
});
