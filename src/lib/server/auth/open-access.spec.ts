import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readEnv } from '../config/env';
import { findInstanceSecret } from '../config/instance-secret';
import { openAccess } from './open-access';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

function start(source: NodeJS.ProcessEnv) {
  const folder = mkdtempSync(join(tmpdir(), 'parlance-access-'));
  folders.push(folder);
  const env = readEnv({ DATA_DIR: join(folder, 'data'), ACCESS: 'anonymous', ...source });
  const told: unknown[] = [];
  const open = () =>
    openAccess(env, () => findInstanceSecret(env), { warn: (...words: unknown[]) => void told.push(words) });
  return { env, told, open };
}

it('makes a token for the administrator of a shared server, and keeps browsers signed in over a restart', async () => {
  const { env, told, open } = start({});
  const [first, second] = [await open(), await open()];
  expect(first.entrance?.token).toMatch(/^[\w-]{43}$/u);
  expect(readFileSync(join(env.dataDir, 'admin-token'), 'utf8')).toBe(`${String(first.entrance?.token)}\n`);
  expect(second.entrance?.token).toBe(first.entrance?.token);
  expect(second.entrance?.cookie).toBe(first.entrance?.cookie);
  expect(told).toEqual([]);
});

it.each([
  { ADMIN_TOKEN: 'correct-horse-battery' },
  { ACCESS: 'single', HOST: '0.0.0.0', ACCESS_TOKEN: 'correct-horse-battery' },
])(
  'takes the operator’s own, whose cookie nobody can make without the secret of the instance: %o',
  async (source) => {
    const accesses = await Promise.all([start(source).open(), start(source).open()]);
    for (const { entrance } of accesses) expect(entrance?.token).toBe('correct-horse-battery');
    expect(new Set(accesses.map(({ entrance }) => entrance?.cookie)).size).toBe(2);
  },
);

it('starts without an administrator where the token cannot be kept, and says so without it', async () => {
  const { env, told, open } = start({});
  writeFileSync(env.dataDir, 'a file where the folder should be');
  expect(await open()).toEqual({ access: 'anonymous', entrance: undefined });
  expect(told).toEqual([
    [{ err: expect.objectContaining({ code: 'config-invalid' }) }, 'nobody can sign in as administrator'],
  ]);
});

it('has an administrator whose token is set where nothing can be kept', async () => {
  const { env, told, open } = start({ ADMIN_TOKEN: 'correct-horse-battery' });
  writeFileSync(env.dataDir, 'a file where the folder should be');
  expect((await open()).entrance?.token).toBe('correct-horse-battery');
  expect(told).toHaveLength(1);
});

it('asks the one owner only where others could come', async () => {
  expect(await start({ ACCESS: 'single' }).open()).toEqual({ access: 'single', entrance: undefined });
  const { told, open } = start({ ACCESS: 'single', HOST: '0.0.0.0' });
  const [first, second] = [await open(), await open()];
  expect(first.entrance?.name).toBe('token');
  expect(second.entrance?.cookie).toBe(first.entrance?.cookie);
  expect(told).toEqual([]);
});
