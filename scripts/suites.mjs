import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildAll, isUpToDate } from './build-all.mjs';
import { root, runTool } from './project.mjs';

/** @typedef {{ passed: number, failed: number, skipped: number, output: string }} Outcome */

/**
 * The suites of `npm test` in order; each resolves to its counts and what it printed.
 *
 * @type {Record<string, () => Promise<Outcome>>}
 */
export const suites = {
  format: () => check('prettier/bin/prettier.cjs', ['--check', '.']),
  lint: () => check('eslint/bin/eslint.js', ['.', '--max-warnings', '0']),
  types: checkTypes,
  unit: runUnit,
  build: checkBuild,
  e2e: runEndToEnd,
};

/**
 * A tool that is content or not counts as one test.
 *
 * @param {string} script
 * @param {string[]} args
 */
async function check(script, args) {
  const { code, output } = await runTool(script, args);
  return one(code === 0, output);
}

async function checkTypes() {
  const sync = await runTool('@sveltejs/kit/svelte-kit.js', ['sync']);
  if (sync.code !== 0) return one(false, sync.output);
  return check('svelte-check/bin/svelte-check', ['--tsconfig', './tsconfig.json', '--fail-on-warnings']);
}

async function checkBuild() {
  await buildAll();
  return one(true, '');
}

async function runUnit() {
  const report = freshReport('unit.json');
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const { code, output } = await runTool('vitest/vitest.mjs', args, { limitMs: 10 * 60_000 });
  return counted(code, output, report, unitCounts);
}

async function runEndToEnd() {
  const config = 'e2e/playwright.config.ts';
  if (!existsSync(join(root, config))) {
    return one(false, `${config} is missing: the journeys in a browser were not tested.`);
  }
  if (!isUpToDate()) await buildAll();
  // Where its configuration has the report written.
  const report = freshReport('e2e.json');
  const args = ['test', '--config', config];
  const { code, output } = await runTool('@playwright/test/cli.js', args, {
    env: { CI: '1' },
    limitMs: 12 * 60_000,
  });
  return counted(code, output, report, endToEndCounts);
}

/** @typedef {Omit<Outcome, 'output'>} Counts */

/**
 * @param {any} report of vitest
 * @returns {Counts}
 */
export function unitCounts({ numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults }) {
  // A file that cannot even be loaded has no tests that could fail.
  const broken = testResults.filter(
    (/** @type {any} */ file) => file.status === 'failed' && file.assertionResults.length === 0,
  );
  return {
    passed: numPassedTests,
    failed: numFailedTests + broken.length,
    skipped: numPendingTests + numTodoTests,
  };
}

/**
 * @param {any} report of Playwright
 * @returns {Counts}
 */
export function endToEndCounts({ stats, errors }) {
  // One that passed at a second attempt did pass; the report names it.
  return {
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected + errors.length,
    skipped: stats.skipped,
  };
}

/**
 * @param {boolean} isGood
 * @param {string} output
 * @returns {Outcome}
 */
function one(isGood, output) {
  return { passed: isGood ? 1 : 0, failed: isGood ? 0 : 1, skipped: 0, output };
}

/**
 * Where a run leaves its report; the one of a former run is gone, so that it cannot be taken for this one's.
 *
 * @param {string} name
 */
function freshReport(name) {
  const file = join(root, 'test-results', name);
  rmSync(file, { force: true });
  return file;
}

/**
 * What the report counts. A run without a report or without tests, or that ended badly without a failed test, failed.
 *
 * @param {number | null} code
 * @param {string} output
 * @param {string} file
 * @param {(report: any) => Counts} read
 * @returns {Outcome}
 */
export function counted(code, output, file, read) {
  if (!existsSync(file)) return one(false, `${output}\nIt left no report.`);
  const counts = read(JSON.parse(readFileSync(file, 'utf8')));
  if (counts.passed + counts.failed === 0) return one(false, `${output}\nIt ran no tests.`);
  const hasCrashed = code !== 0 && counts.failed === 0;
  return { ...counts, failed: hasCrashed ? 1 : counts.failed, output };
}
