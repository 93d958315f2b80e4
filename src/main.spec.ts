import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** In the place of Kit's handler: announces an app that tells when it is closed, and answers everything. */
const handler = `
  const { HOST: host, PORT: port } = process.env;
  const write = (words) => console.log(words);
  const log = { info() {}, warn() {}, error() {}, fatal: (_, words) => write(words) };
  const models = { defaultId: 'm', list: () => [{ id: 'm', name: 'The model' }] };
  const app = { log, models, close: async () => write('The app is closed.') };
  const env = { host, port: Number(port), dataDir: '/data', allowedOrigins: [], trustedProxies: [] };
  globalThis[Symbol.for('parlance.app')] = { app, env, access: { access: 'single' } };
  export const handler = (request, response) => response.end('hello');
`;

/** Starts the built `main.js` beside a handler of these words (absent: none). Resolves once it is ready or has ended. */
async function start(words: string | undefined, env: { HOST?: string; PORT?: string } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'parlance-main-'));
  folders.push(folder);
  mkdirSync(join(folder, 'web'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  cpSync(join(root, 'build/main.js'), join(folder, 'main.js'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  if (words !== undefined) writeFileSync(join(folder, 'web/handler.js'), words);
  const child = spawn(process.execPath, [join(folder, 'main.js')], {
    env: { PATH: process.env.PATH, HOST: '127.0.0.1', PORT: '0', ...env },
  });
  const output = { stdout: '', stderr: '' };
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const ready = new Promise<void>((resolve) =>
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output.stdout += text;
      if (output.stdout.includes('Data:')) resolve();
    }),
  );
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  await Promise.race([ready, ended]);
  return { child, output, ended };
}

describe('the process of the server', () => {
  it('says where it is, answers, and ends in order when it is told to', async () => {
    const { child, output, ended } = await start(handler);
    expect(output.stdout).toContain('The model');
    const [address = ''] = /http:\/\/localhost:\d+/u.exec(output.stdout) ?? [];
    const response = await fetch(address);
    expect(await response.text()).toBe('hello');
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(output).toMatchObject({ stdout: expect.stringContaining('The app is closed.'), stderr: '' });
  });

  it('says that the port is in use, what to do, and closes what it opened', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const { output, ended } = await start(handler, { PORT: String(port) });
    expect(await ended).toBe(1);
    other.close();
    expect(output.stderr).toBe(
      `\nParlance could not start.\nPort ${String(port)} is in use already. Stop what uses it, or choose another: PORT=${String(port + 1)} npm start\n`,
    );
    expect(output.stdout).toContain('The app is closed.');
  });

  it('says that an address is not of this machine', async () => {
    // Of the networks that are kept for documentation: no machine has it.
    const { output, ended } = await start(handler, { HOST: '192.0.2.1' });
    expect(await ended).toBe(1);
    expect(output.stderr).toContain('HOST=192.0.2.1 is not an address of this machine.');
  });

  it.each([
    ['something is not installed', "import 'no-such-package';", 'Run npm ci, then npm start.'],
    ['nothing is built', undefined, 'Run npm ci, then npm start.'],
    ['the start fails', "throw new Error('no such luck');", 'no such luck'],
  ])('says in words when %s', async (_, words, says) => {
    const { output, ended } = await start(words);
    expect(await ended).toBe(1);
    expect(output.stderr).toMatch(/^\nParlance could not start\.\n/u);
    expect(output.stderr).toContain(says);
  });

  it('outlives a promise that nobody looks after', async () => {
    const { child, output, ended } = await start(
      `${handler}\nsetTimeout(() => Promise.reject(new Error('x')));`,
    );
    const [address = ''] = /http:\/\/localhost:\d+/u.exec(output.stdout) ?? [];
    expect((await fetch(address)).status).toBe(200);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });

  it('ends in order, as failed, when something is thrown that nobody catches', async () => {
    const { output, ended } = await start(`${handler}\nsetTimeout(() => { throw new Error('x'); }, 300);`);
    expect(await ended).toBe(1);
    expect(output.stdout).toContain('The app is closed.');
  });
});
