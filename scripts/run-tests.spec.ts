import { afterEach, describe, expect, it } from 'vitest';
import { TemporaryProject } from './fixtures';

let project: TemporaryProject | undefined;

afterEach(() => {
  project?.remove('');
});

/** A project whose Prettier and ESLint print a word and end so. */
function makeProject(prettierCode: number, eslintCode: number): TemporaryProject {
  project = new TemporaryProject();
  project.write('node_modules/prettier/bin/prettier.cjs', endsWith(prettierCode));
  project.write('node_modules/eslint/bin/eslint.js', endsWith(eslintCode));
  return project;
}

const endsWith = (code: number) => `console.log('its words'); process.exitCode = ${String(code)};`;
const lastLine = (text: string) => text.trimEnd().split('\n').at(-1);

describe('npm test', () => {
  it('runs the suites that are named, counts in its last line, and hides what good ones print', async () => {
    const { code, stdout } = await makeProject(0, 0).run('test.mjs', { args: ['format', 'lint'] });
    expect({ code, last: lastLine(stdout) }).toEqual({ code: 0, last: '2 passed, 0 failed' });
    expect(stdout).toMatch(/^format +1 passed, 0 failed \(.*\)\nlint +1 passed, 0 failed/u);
    expect(stdout).not.toContain('its words');
  });

  it('goes on after a failure, shows what it printed, and fails', async () => {
    const { code, stdout } = await makeProject(1, 0).run('test.mjs', { args: ['format', 'lint'] });
    expect({ code, last: lastLine(stdout) }).toEqual({ code: 1, last: '1 passed, 1 failed' });
    expect(stdout).toContain('its words');
  });

  it('does not pass without the journeys in a browser', async () => {
    const { code, stdout } = await makeProject(0, 0).run('test.mjs', { args: ['e2e'] });
    expect({ code, last: lastLine(stdout) }).toEqual({ code: 1, last: '0 passed, 1 failed' });
    expect(stdout).toContain('e2e/playwright.config.ts is missing');
  });

  it('counts a build that fails', async () => {
    const broken = makeProject(0, 0);
    broken.write('fail-build', '');
    const { code, stdout } = await broken.run('test.mjs', { args: ['build'] });
    expect({ code, last: lastLine(stdout) }).toEqual({ code: 1, last: '0 passed, 1 failed' });
    expect(stdout).toContain('a fault in the sources');
  });

  it('refuses a suite that there is not', async () => {
    const { code, stderr } = await makeProject(0, 0).run('test.mjs', { args: ['units'] });
    expect(code).toBe(1);
    expect(stderr).toBe('There is no suite units: format, lint, types, unit, build, e2e.\n');
  });

  it('says which packages are missing, tools among them', async () => {
    const incomplete = makeProject(0, 0);
    incomplete.remove('node_modules/library');
    incomplete.remove('node_modules/vite');
    const { code, stderr } = await incomplete.run('test.mjs', { args: ['format'] });
    expect(code).toBe(1);
    expect(stderr).toBe('Packages are not installed (library, vite). Run npm ci first.\n');
  });
});
