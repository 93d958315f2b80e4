import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppError } from '../../../domain/errors';

interface Holder {
  pid: number;
  /** Tells a process from a later one with the same number; empty where the system does not say. */
  startedAt: string;
  /** Tells this lock from the next one of the same process. */
  token: string;
}

/**
 * Marks the data as this process's own: two servers on one database would end each other's runs. The mark of a process
 * that is gone is taken over. It is there to name the other process; what excludes it for certain, also when two take
 * over the same stale mark at once or live in different containers, is SQLite's own lock (`Database.open`).
 * Throws `config-invalid` when another process lives. Returns what lets go of it.
 */
export function takeLock(file: string): () => void {
  const own: Holder = { pid: process.pid, startedAt: startOf(process.pid), token: randomUUID() };
  for (let attempt = 0; attempt < 3; attempt += 1) {
    try {
      writeFileSync(file, JSON.stringify(own), { flag: 'wx', mode: 0o600 });
      return () => release(file, own);
    } catch (thrown) {
      if (!isCode(thrown, 'EEXIST')) throw thrown;
    }
    const holder = readHolder(file);
    if (holder && isAlive(holder)) throw taken(file, `process ${String(holder.pid)}`);
    rmSync(file, { force: true });
  }
  throw taken(file, 'starting now');
}

function taken(file: string, who: string): AppError {
  const folder = dirname(file);
  return new AppError(
    'config-invalid',
    `Another Parlance (${who}) uses the data in ${folder}. Stop it, or give this one another DATA_DIR.`,
  );
}

/** Removes the mark, unless another process has taken it over. */
function release(file: string, { token }: Holder): void {
  if (readHolder(file)?.token === token) rmSync(file, { force: true });
}

function readHolder(file: string): Holder | undefined {
  try {
    const { pid, startedAt = '', token = '' } = JSON.parse(readFileSync(file, 'utf8')) as Partial<Holder>;
    return typeof pid === 'number' ? { pid, startedAt, token } : undefined;
  } catch {
    // Gone in the meantime, or cut off while it was written: nobody holds it.
    return undefined;
  }
}

function isAlive({ pid, startedAt }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (thrown) {
    // EPERM: it lives, and belongs to somebody else.
    if (!isCode(thrown, 'EPERM')) return false;
  }
  const start = startOf(pid);
  // Where the system does not say, the number must do; our own number was then somebody else's before.
  if (start === '' || startedAt === '') return pid !== process.pid;
  return start === startedAt;
}

/** When a process started: Linux's boot and the count since then (`/proc/<pid>/stat`); empty elsewhere. */
function startOf(pid: number): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    return ticks === undefined ? '' : `${boot}/${ticks}`;
  } catch {
    // No such files on this system, or no right to read them.
    return '';
  }
}

function isCode(thrown: unknown, code: string): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === code;
}
