import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../domain/errors';

export interface SecretPlace {
  /** `SECRET_KEY`; absent: one is made, and kept. */
  secretKey?: string | undefined;
  /** Absent: nothing is kept, and neither is what it seals. */
  dataDir: string | undefined;
}

/**
 * The secret of this instance, under which keys of model servers are sealed. One that is made here lies in the data
 * folder, for its owner alone; a copy of the database without that file gives no key away. Throws `config-invalid` when
 * it cannot be kept or read: a new one would silently lock out all that the old one has sealed.
 */
export async function findInstanceSecret({ secretKey, dataDir }: SecretPlace): Promise<string> {
  if (secretKey !== undefined) return secretKey;
  const made = randomBytes(32).toString('base64url');
  if (dataDir === undefined) return made;
  const file = join(dataDir, 'secret-key');
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    // `wx`: what is there already is never replaced.
    await writeFile(file, `${made}\n`, { flag: 'wx', mode: 0o600 });
    return made;
  } catch (thrown) {
    const isThere = thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST';
    if (!isThere) throw unusable(file, thrown);
  }
  const kept = await readFile(file, 'utf8').catch((thrown: unknown) => {
    throw unusable(file, thrown);
  });
  if (kept.trim().length < 32) throw unusable(file);
  return kept.trim();
}

function unusable(file: string, cause?: unknown): AppError {
  const reason = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
  const words = `The secret in ${file} cannot be used${reason}. Delete the file and give the keys of model servers again, or set SECRET_KEY.`;
  return new AppError('config-invalid', words, { cause });
}
