import { utimesSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { TemporaryProject } from './fixtures';

const projects: TemporaryProject[] = [];

afterEach(() => {
  for (const project of projects.splice(0)) project.remove('');
});

function makeProject(): TemporaryProject {
  const project = new TemporaryProject();
  projects.push(project);
  return project;
}

async function makeBuilt(): Promise<TemporaryProject> {
  const project = makeProject();
  await project.run('start.mjs');
  expect(project.builds).toBe(1);
  return project;
}

describe('npm start', () => {
  it('builds what was never built, says so, and starts for production', async () => {
    const project = makeProject();
    const { code, stdout, stderr } = await project.run('start.mjs');
    expect({ code, stderr, builds: project.builds }).toEqual({ code: 0, stderr: '', builds: 1 });
    expect(stdout).toMatch(/^Building Parlance .*\nStarted\. production/u);
  });

  it('does not build a second time', async () => {
    const project = await makeBuilt();
    const { stdout } = await project.run('start.mjs');
    expect(stdout).toMatch(/^Started\./u);
    expect(project.builds).toBe(1);
  });

  it.each([
    'src/main.ts',
    'src/lib/domain/new.ts',
    'src/app.css',
    'migrations/0002-more.ts',
    'static/icon.svg',
    'package-lock.json',
    'svelte.config.js',
    'vite.config.ts',
  ])('builds again when %s is new or other', async (path) => {
    const project = await makeBuilt();
    project.write(path, '/* changed */');
    await project.run('start.mjs');
    expect(project.builds).toBe(2);
  });

  it.each(['src/main.spec.ts', 'docs/api.md', 'data/parlance.db', '.env'])(
    'does not build again for %s',
    async (path) => {
      const project = await makeBuilt();
      project.write(path, '# changed');
      await project.run('start.mjs');
      expect(project.builds).toBe(1);
    },
  );

  it('goes by what is in the files, not by their dates', async () => {
    const project = await makeBuilt();
    const later = new Date(Date.now() + 60_000);
    utimesSync(join(project.folder, 'src/main.ts'), later, later);
    await project.run('start.mjs');
    expect(project.builds).toBe(1);
  });

  it.each([
    'build/main.js',
    'build/engine.js',
    'build/text2text-engine.js',
    'build/storage-worker.js',
    'build/grammar-worker.js',
    'build/tokenizer-worker.js',
    'build/cli.js',
    'build/web/handler.js',
    'build/.stamp',
  ])('builds again when %s is gone', async (path) => {
    const project = await makeBuilt();
    project.remove(path);
    const { code } = await project.run('start.mjs');
    expect({ code, builds: project.builds }).toEqual({ code: 0, builds: 2 });
  });

  it('tells why a build failed, and tries again at the next start', async () => {
    const project = await makeBuilt();
    project.write('src/main.ts', 'broken');
    project.write('fail-build', '');
    const failed = await project.run('start.mjs');
    expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining('a fault in the sources') });
    expect(failed.stdout).not.toContain('Started.');
    project.remove('fail-build');
    project.write('src/main.ts', 'export {};\n');
    const { code } = await project.run('start.mjs');
    expect({ code, builds: project.builds }).toEqual({ code: 0, builds: 3 });
  });

  it('names packages that are missing or of another version, before anything is built', async () => {
    const project = makeProject();
    project.install('library', '1.0.1');
    const { code, stderr } = await project.run('start.mjs');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'Packages are not installed (library). Run npm ci first.\n',
    });
    expect(project.builds).toBe(0);
  });

  it('names the build tools that are missing when there is no build', async () => {
    const project = makeProject();
    project.remove('node_modules/vite');
    project.remove('node_modules/svelte');
    const { code, stderr } = await project.run('start.mjs');
    expect(code).toBe(1);
    expect(stderr).toBe(
      'Parlance is not built yet, and vite, svelte, which that takes, is not installed. Run npm ci, without --omit=dev, first.\n',
    );
  });

  it('starts an older build when the tools for a new one are missing', async () => {
    const project = await makeBuilt();
    project.write('src/main.ts', 'changed');
    project.remove('node_modules/vite');
    const { code, stdout } = await project.run('start.mjs');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Started\./u);
  });

  it('starts where only the build is, without sources and tools', async () => {
    const project = await makeBuilt();
    for (const path of ['src', 'node_modules/vite', 'node_modules/rolldown', 'build/.stamp'])
      project.remove(path);
    const { code, stdout } = await project.run('start.mjs');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Started\./u);
  });

  it('reads .env beside package.json wherever it is called, and the environment wins', async () => {
    const project = await makeBuilt();
    project.write('.env', 'GREETING=from-file\n');
    const fromFile = await project.run('start.mjs', { cwd: tmpdir() });
    expect(fromFile.stdout).toContain(`from-file ${project.folder}`);
    const fromEnvironment = await project.run('start.mjs', { env: { GREETING: 'from-outside' } });
    expect(fromEnvironment.stdout).toContain('from-outside');
  });

  it('says that the port is in use, and what to do, before a minute of building', async () => {
    const project = makeProject();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const { code, stderr } = await project.run('start.mjs', { env: { PORT: String(port) } });
    server.close();
    expect(code).toBe(1);
    expect(stderr).toBe(
      `Port ${String(port)} is in use already. Stop what uses it, or choose another: PORT=${String(port + 1)} npm start\n`,
    );
    expect(project.builds).toBe(0);
  });
});

describe('npm run build', () => {
  it('builds, always', async () => {
    const project = await makeBuilt();
    const { code, stdout } = await project.run('build.mjs');
    expect({ code, stdout, builds: project.builds }).toEqual({ code: 0, stdout: 'Built.\n', builds: 2 });
  });

  it('says which tools are missing', async () => {
    const project = makeProject();
    project.remove('node_modules/rolldown');
    const { code, stderr } = await project.run('build.mjs');
    expect({ code, stderr }).toEqual({ code: 1, stderr: 'rolldown is not installed. Run npm ci first.\n' });
  });

  it('fails with what the tools printed', async () => {
    const project = makeProject();
    project.write('fail-build', '');
    const { code, stderr } = await project.run('build.mjs');
    expect(code).toBe(1);
    expect(stderr).toContain('The build failed.\n\na fault in the sources');
  });
});
