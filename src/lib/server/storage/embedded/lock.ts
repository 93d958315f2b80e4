import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { AppError } from '../../../domain/errors';

interface Holder {
  pid: number;
  /** Tells a process from a later one with the same number; empty where the system does not say. */
  startedAt: string;
}

/**
 * Takes the file for this process alone: two servers on one database would end each other's runs. The lock of a
 * process that is gone is taken over. Throws `config-invalid` when another one lives. Returns what lets go of it.
 */
export function takeLock(file: string): () => void {
  const own = { pid: process.pid, startedAt: startOf(process.pid) } satisfies Holder;
  for (let attempt = 0; attempt < 3; attempt += 1) {
    try {
      writeFileSync(file, JSON.stringify(own), { flag: 'wx', mode: 0o600 });
      return () => rmSync(file, { force: true });
    } catch (thrown) {
      if (!isCode(thrown, 'EEXIST')) throw thrown;
    }
    const holder = readHolder(file);
    if (holder && isAlive(holder)) {
      throw new AppError(
        'config-invalid',
        `Another Parlance (process ${String(holder.pid)}) uses this data. Stop it, or give this one another DATA_DIR.`,
      );
    }
    rmSync(file, { force: true });
  }
  throw new AppError(
    'config-invalid',
    'Another Parlance is starting with this data. Give this one another DATA_DIR.',
  );
}

function readHolder(file: string): Holder | undefined {
  try {
    const holder = JSON.parse(readFileSync(file, 'utf8')) as Partial<Holder>;
    return typeof holder.pid === 'number'
      ? { pid: holder.pid, startedAt: holder.startedAt ?? '' }
      : undefined;
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
  return startOf(pid) === startedAt;
}

/** When a process started, in the system's own count, from Linux's `/proc/<pid>/stat`; empty elsewhere. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

function isCode(thrown: unknown, code: string): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === code;
}
