import { AppError } from '../../../domain/errors';
import type { FileInfo, StoredFile } from '../../../domain/files';
import { openBody, sealBody } from './body';
import type { Database, Row } from './database';

type FileBody = Pick<FileInfo, 'name' | 'mime' | 'width' | 'height'>;

/** Files that people attach in the embedded database; see `FileStore`. Runs in the worker, so nothing waits. */
export class FileTable {
  constructor(private readonly database: Database) {}

  put(owner: string, file: StoredFile): 'stored' | 'existing' {
    return putFile(this.database, owner, file);
  }

  get(owner: string, id: string): StoredFile {
    const row = this.database.get('SELECT * FROM files WHERE owner = ? AND id = ?', owner, id);
    if (!row) throw new AppError('not-found', 'This file is not there.');
    return { ...infoOf(row), bytes: row.bytes as Uint8Array };
  }

  info(owner: string, ids: string[]): FileInfo[] {
    return [...new Set(ids)].map((id) => {
      const row = this.database.get(
        'SELECT id, body, created_at FROM files WHERE owner = ? AND id = ?',
        owner,
        id,
      );
      if (!row) throw new AppError('not-found', 'A file of this message is not there.');
      return infoOf(row);
    });
  }

  purge(before: Date, limit: number): number {
    return this.database.run(
      `DELETE FROM files WHERE number IN
         (SELECT number FROM files WHERE unused_since < ? ORDER BY unused_since LIMIT ?)`,
      before.getTime(),
      limit,
    );
  }
}

/** Stores a file that no message shows yet; see `FileStore.put`. */
export function putFile(database: Database, owner: string, file: StoredFile): 'stored' | 'existing' {
  const { id, name, mime, width, height, createdAt, bytes } = file;
  const existing = database.get('SELECT bytes FROM files WHERE owner = ? AND id = ?', owner, id);
  if (existing) {
    if (Buffer.compare(existing.bytes as Uint8Array, bytes) === 0) return keepLonger(database, owner, file);
    throw new AppError('conflict', 'The id of a file is taken.');
  }
  const body: FileBody = {
    name,
    mime,
    ...(width !== undefined && { width }),
    ...(height !== undefined && { height }),
  };
  database.run(
    'INSERT INTO files (owner, id, created_at, unused_since, body, bytes) VALUES (?, ?, ?, ?, ?, ?)',
    owner,
    id,
    createdAt.getTime(),
    createdAt.getTime(),
    sealBody(body),
    bytes,
  );
  return 'stored';
}

/** Who sends a file again means to use it. */
function keepLonger(database: Database, owner: string, { id, createdAt }: StoredFile): 'existing' {
  database.run(
    'UPDATE files SET unused_since = max(unused_since, ?) WHERE owner = ? AND id = ? AND unused_since IS NOT NULL',
    createdAt.getTime(),
    owner,
    id,
  );
  return 'existing';
}

function infoOf(row: Row): FileInfo {
  return { id: String(row.id), ...openBody<FileBody>(row.body), createdAt: new Date(Number(row.created_at)) };
}
