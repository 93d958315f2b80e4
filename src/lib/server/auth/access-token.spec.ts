import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readEnv } from '../config/env';
import { findAccessToken, findAdminToken } from './access-token';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

function envOf(source: NodeJS.ProcessEnv) {
  const folder = mkdtempSync(join(tmpdir(), 'parlance-token-'));
  folders.push(folder);
  return readEnv({ DATA_DIR: join(folder, 'data'), ...source });
}

it('asks for nothing where nobody else can come, or where each browser is its own owner', async () => {
  for (const HOST of ['127.0.0.1', '127.1.2.3', 'localhost', '::1']) {
    expect(await findAccessToken(envOf({ HOST }))).toBeUndefined();
  }
  expect(await findAccessToken(envOf({ HOST: '0.0.0.0', ACCESS: 'anonymous' }))).toBeUndefined();
});

it.each([{ HOST: '0.0.0.0' }, { HOST: '::' }, { HOST: '192.168.0.2' }, { TRUSTED_PROXIES: '127.0.0.1' }])(
  'makes one for %o and keeps it for the next start, for the owner of the file alone',
  async (source) => {
    const env = envOf(source);
    const token = await findAccessToken(env);
    expect(token).toMatch(/^[\w-]{43}$/u);
    expect(await findAccessToken(env)).toBe(token);
    const file = join(env.dataDir, 'access-token');
    expect(readFileSync(file, 'utf8')).toBe(`${String(token)}\n`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  },
);

it('takes the operator’s own, and writes nothing', async () => {
  const env = envOf({ HOST: '0.0.0.0', ACCESS_TOKEN: 'correct-horse-battery' });
  expect(await findAccessToken(env)).toBe('correct-horse-battery');
  expect(() => statSync(env.dataDir)).toThrow('ENOENT');
});

it('does not open the door with an empty file', async () => {
  const env = envOf({ HOST: '0.0.0.0' });
  await findAccessToken(env);
  writeFileSync(join(env.dataDir, 'access-token'), '\n');
  await expect(findAccessToken(env)).rejects.toMatchObject({ code: 'config-invalid' });
});

it('says so when it cannot be kept', async () => {
  const env = envOf({ HOST: '0.0.0.0' });
  writeFileSync(env.dataDir, 'a file where the folder should be');
  await expect(findAccessToken(env)).rejects.toMatchObject({ code: 'config-invalid' });
});

it('makes one for the administrator of a shared server alone, and keeps it elsewhere', async () => {
  const env = envOf({ ACCESS: 'anonymous' });
  const token = await findAdminToken(env);
  expect(token).toMatch(/^[\w-]{43}$/u);
  expect(await findAdminToken(env)).toBe(token);
  expect(statSync(join(env.dataDir, 'admin-token')).mode & 0o777).toBe(0o600);
  expect(() => statSync(join(env.dataDir, 'access-token'))).toThrow('ENOENT');
  expect(await findAdminToken(envOf({ HOST: '0.0.0.0' }))).toBeUndefined();
  writeFileSync(join(env.dataDir, 'admin-token'), 'short\n');
  await expect(findAdminToken(env)).rejects.toMatchObject({
    message: expect.stringContaining('set ADMIN_TOKEN'),
  });
});
