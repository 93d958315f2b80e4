import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { missingPackages, readPackage, root } from './project.mjs';
import { suites } from './suites.mjs';

/**
 * `npm test`: all suites in order, or those that are named; the last line counts. Exit code 1 when anything failed.
 *
 * @param {string[]} names
 */
export async function runTests(names) {
  const unknown = names.filter((name) => !Object.hasOwn(suites, name));
  if (unknown.length > 0)
    giveUp(`There is no suite ${unknown.join(', ')}: ${Object.keys(suites).join(', ')}.`);
  const { dependencies, devDependencies } = readPackage();
  const missing = missingPackages({ ...dependencies, ...devDependencies });
  if (missing.length > 0) giveUp(`Packages are not installed (${missing.join(', ')}). Run npm ci first.`);
  mkdirSync(join(root, 'test-results'), { recursive: true });

  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const [name, suite] of Object.entries(suites)) {
    if (names.length > 0 && !names.includes(name)) continue;
    const counts = await runSuite(name, suite);
    total.passed += counts.passed;
    total.failed += counts.failed;
    total.skipped += counts.skipped;
  }
  console.log(wordsFor(total));
  process.exitCode = total.failed > 0 ? 1 : 0;
}

/**
 * A suite that breaks has failed, whatever it counted before.
 *
 * @param {string} name
 * @param {() => Promise<import('./suites.mjs').Outcome>} suite
 */
async function runSuite(name, suite) {
  const startedAt = performance.now();
  const { output, ...counts } = await suite().catch((thrown) => ({
    passed: 0,
    failed: 1,
    skipped: 0,
    output: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown),
  }));
  if (counts.failed > 0) console.log(`\n${output.trimEnd()}\n`);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`${name.padEnd(8)}${wordsFor(counts)} (${seconds} s)`);
  return counts;
}

/** @param {{ passed: number, failed: number, skipped: number }} counts */
function wordsFor({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/**
 * @param {string} sentence
 * @returns {never}
 */
function giveUp(sentence) {
  console.error(sentence);
  process.exit(1);
}
