import { afterEach, describe, expect, it, vi } from 'vitest';
import { readPackage } from './project.mjs';
import { hasGoodNode } from './require-node.mjs';

afterEach(() => {
  vi.restoreAllMocks();
});

/** Whether `version` is in a range of the two forms that package.json uses, `^a.b.c` and `>=a.b.c`. */
function isIn(range: string, version: string): boolean {
  return range.split('||').some((part) => {
    const [, sign, least = ''] = /^\s*(\^|>=)(\d+\.\d+\.\d+)\s*$/u.exec(part) ?? [];
    if (sign === undefined) throw new Error(`This test cannot read ${part}.`);
    const isEnough = version.localeCompare(least, 'en', { numeric: true }) >= 0;
    return isEnough && (sign === '>=' || version.split('.')[0] === least.split('.')[0]);
  });
}

describe('the version of Node', () => {
  it.each([
    ['16.20.2', false],
    ['18.20.8', false],
    ['20.9.0', false],
    ['20.18.3', false],
    ['20.19.0', true],
    ['20.20.2', true],
    ['21.7.3', false],
    ['22.11.0', false],
    ['22.12.0', true],
    ['24.0.0', true],
    ['26.1.0', true],
  ])('%s is good enough: %s, as package.json says', (version, isGood) => {
    const told = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    expect(hasGoodNode(version)).toBe(isGood);
    expect(isIn(String(readPackage().engines.node), version)).toBe(isGood);
    const sentence = `Parlance needs Node 20.19, 22.12 or newer, and this is ${version}. Install one from https://nodejs.org.`;
    expect(told.mock.calls).toEqual(isGood ? [] : [[sentence]]);
  });
});
