import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fakeServer, type FakeServer } from '../src/lib/server/backends/__fixtures__/fake-server';
import { writeLines } from '../src/lib/server/backends/__fixtures__/lines-server';
import { buildPrograms } from './build-programs.mjs';
import { runNode, type Ended } from './fixtures';
import { root } from './project.mjs';

/** A file that the document shows whole, after its path. */
function fileIn(document: string, path: string): string {
  const start = `\`${path}\`:\n\n\`\`\`ts\n`;
  const at = document.indexOf(start) + start.length;
  return document.includes(start) ? document.slice(at, document.indexOf('```\n', at)) : '';
}

const path = 'src/lib/server/backends/lines.backend.ts';
const driver = fileIn(readFileSync(join(root, 'docs/add-a-backend.md'), 'utf8'), path);

describe('the driver of docs/add-a-backend.md', () => {
  it('is the one under test, one folder further up', () => {
    const fixture = path.replace('backends/', 'backends/__fixtures__/');
    const inPlace = readFileSync(join(root, fixture), 'utf8')
      .replaceAll("'../../../", "'../../")
      .replaceAll(/'\.\.\/(?!\.\.)/gu, "'./");
    expect(driver).toBe(inPlace);
  });

  describe('in its place, and nothing else changed', () => {
    const folder = mkdtempSync(join(tmpdir(), 'parlance-backend-'));
    let server: FakeServer;
    beforeAll(async () => {
      server = await fakeServer({ '/health': {}, '/write': (request) => writeLines(request) });
      for (const part of ['src', 'package.json'])
        cpSync(join(root, part), join(folder, part), { recursive: true });
      symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
      writeFileSync(join(folder, path), driver);
      await buildPrograms(['cli'], folder);
    }, 60_000);
    afterAll(async () => {
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    });

    const parlance = (words: string[], settings: object): Promise<Ended> => {
      const models = JSON.stringify([{ id: 'lines', backend: { type: 'lines', ...settings } }]);
      return runNode([join(folder, 'build/cli.js'), 'models', ...words], { MODELS: models }, folder);
    };

    it('is found: its settings are checked', async () => {
      const { code, stderr } = await parlance(['check'], { url: server.url, urll: 1 });
      expect(stderr).toContain('MODELS: 0.backend.urll: unknown key; did you mean "url"?');
      expect(code).toBe(1);
    });

    it('answers', async () => {
      const { code, stdout, stderr } = await parlance(['test', 'lines'], { url: server.url });
      expect(stderr).toBe('');
      expect(stdout).toMatch(/^ok +lines {2}"The"/u);
      expect(code).toBe(0);
      expect(server.requests.at(-1)).toMatchObject({ path: '/write', body: { tokens: 1 } });
    });
  });
});
