import { DatabaseSync } from '@photostructure/sqlite';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { programPath } from '../../programs';
import { beginRun, makeConversation, makeStart } from '../fixtures';
import { openStorage } from '../index';

const workerPath = programPath('storage-worker');
const script = fileURLToPath(new URL('./__fixtures__/appending-process.mjs', import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'parlance-data-'));
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(root, { recursive: true, force: true });
});

/** Only some systems say when a process started; elsewhere the number of the holder must do. */
const saysStarts = existsSync('/proc/self/stat');

let folders = 0;
const newFolder = () => join(root, 'deeper', String((folders += 1)));
const fileIn = (dataDir: string) => join(dataDir, 'parlance.db');
const open = (dataDir: string) => openStorage({ dataDir, workerPath });
const refused = (message: string) => ({
  code: 'config-invalid',
  message: expect.stringContaining(message) as unknown,
});

/** Another process that writes to the same file until it is killed. */
function startAppending(dataDir: string) {
  const conversation = makeConversation();
  const begin = makeStart(conversation.id);
  const generationId = begin.generations[0]?.id ?? '';
  const start = JSON.stringify({ owner: 'ann', conversation, begin, generationId });
  const child = spawn(process.execPath, [script, workerPath, fileIn(dataDir), start], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  return { child, generationId, lines: createInterface(child.stdout)[Symbol.asyncIterator]() };
}

describe('the data directory', () => {
  it('is made for its owner alone, and keeps its data when it is opened again', async () => {
    const dataDir = newFolder();
    const first = await open(dataDir);
    const { conversationId } = await beginRun(first, 'ann');
    const before = await first.conversations.open('ann', conversationId);
    await first.processes.beat('one');
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
    for (const end of ['', '-wal', '.lock']) {
      expect(statSync(`${fileIn(dataDir)}${end}`).mode & 0o777, end).toBe(0o600);
    }
    await first.close();
    for (const end of ['.lock', '-wal']) expect(existsSync(`${fileIn(dataDir)}${end}`), end).toBe(false);
    const second = await open(dataDir);
    expect(await second.conversations.open('ann', conversationId)).toEqual(before);
    expect(await second.processes.list(), 'processes of before are gone').toEqual([]);
    await second.close();
  });

  it('that cannot be made, or holds something else, is refused in one sentence', async () => {
    const dataDir = newFolder();
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(join(dataDir, 'file'), '');
    await expect(open(join(dataDir, 'file', 'below'))).rejects.toMatchObject(refused('cannot be written'));
    writeFileSync(fileIn(dataDir), 'no database '.repeat(1000));
    await expect(open(dataDir)).rejects.toMatchObject(refused('file is not a database'));
    expect(existsSync(`${fileIn(dataDir)}.lock`)).toBe(false);
  });

  it('of a newer version is refused by the name of what is not known', async () => {
    const dataDir = newFolder();
    await (await open(dataDir)).close();
    const database = new DatabaseSync(fileIn(dataDir));
    database.exec("INSERT INTO migrations (name, applied_at) VALUES ('9999-later', 0)");
    database.close();
    for (const _ of [1, 2]) await expect(open(dataDir)).rejects.toMatchObject(refused('9999-later'));
  });
});

describe('one process per database', () => {
  it.runIf(saysStarts)(
    'refuses a second one by the number of the first, and leaves the first alone',
    async () => {
      const dataDir = newFolder();
      const first = await open(dataDir);
      await expect(open(dataDir)).rejects.toMatchObject(refused(`process ${String(process.pid)}`));
      await expect(open(dataDir)).rejects.toMatchObject(refused(dataDir));
      await first.check();
      await first.close();
    },
  );

  it('refuses one that does not see the mark of the first, as in another container', async () => {
    const dataDir = newFolder();
    const first = await open(dataDir);
    rmSync(`${fileIn(dataDir)}.lock`);
    const { lines, child } = startAppending(dataDir);
    expect((await lines.next()).value).toContain('refused config-invalid Another process uses');
    child.kill();
    writeFileSync(`${fileIn(dataDir)}.lock`, 'the mark of another');
    await first.check();
    await first.close();
    expect(readFileSync(`${fileIn(dataDir)}.lock`, 'utf8'), 'is not ours to remove').toContain('another');
  });

  const stale: Record<string, unknown> = {
    'a process that is gone': { pid: 2 ** 30, startedAt: '', token: 'old' },
    'our own number from before': { pid: process.pid, startedAt: '', token: 'old' },
    'nobody that can be read': 'cut o',
    ...(saysStarts && {
      'a number that somebody else has now': { pid: process.ppid, startedAt: 'another boot/1', token: 'old' },
    }),
  };
  it.each(Object.keys(stale))('takes over the mark of %s', async (name) => {
    const dataDir = newFolder();
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(`${fileIn(dataDir)}.lock`, JSON.stringify(stale[name]));
    const storage = await open(dataDir);
    await storage.check();
    await storage.close();
    expect(existsSync(`${fileIn(dataDir)}.lock`)).toBe(false);
  });

  it('believes in a living holder when the system does not say more', async () => {
    const dataDir = newFolder();
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(`${fileIn(dataDir)}.lock`, JSON.stringify({ pid: process.ppid, startedAt: '' }));
    await expect(open(dataDir)).rejects.toMatchObject(refused(`process ${String(process.ppid)}`));
  });
});

describe('a process that is killed', () => {
  it('loses nothing that was acknowledged', async () => {
    const dataDir = newFolder();
    mkdirSync(dataDir, { recursive: true });
    const { child, generationId, lines } = startAppending(dataDir);
    let acknowledged = 0;
    while (acknowledged < 200) acknowledged = Number((await lines.next()).value);
    child.kill('SIGKILL');
    await once(child, 'exit');
    for (let next = await lines.next(); !next.done; next = await lines.next()) {
      acknowledged = Number(next.value);
    }
    const storage = await open(dataDir);
    const entries = await storage.generations.entries('ann', generationId, 0, acknowledged + 10);
    expect(entries.length).toBeGreaterThanOrEqual(acknowledged);
    // One more may have been committed than was said.
    expect(entries.length).toBeLessThanOrEqual(acknowledged + 1);
    expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1));
    expect(await storage.generations.orphans([], 9)).toMatchObject([{ generation: { id: generationId } }]);
    await storage.close();
  });
});
