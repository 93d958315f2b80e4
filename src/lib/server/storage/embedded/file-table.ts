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
    const row = this.database.get(
      `SELECT id, body, created_at, bytes FROM files JOIN file_bytes ON file_number = number
       WHERE owner = ? AND id = ?`,
      owner,
      id,
    );
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
  const existing = bytesOf(database, owner, id);
  if (existing) {
    if (Buffer.compare(existing, bytes) === 0) return keepLonger(database, owner, file);
    throw new AppError('conflict', 'The id of a file is taken.');
  }
  const body: FileBody = {
    name,
    mime,
    ...(width !== undefined && { width }),
    ...(height !== undefined && { height }),
  };
  database.run(
    'INSERT INTO files (owner, id, created_at, unused_since, body) VALUES (?, ?, ?, ?, ?)',
    owner,
    id,
    createdAt.getTime(),
    createdAt.getTime(),
    sealBody(body),
  );
  database.run(
    'INSERT INTO file_bytes (file_number, bytes) SELECT number, ? FROM files WHERE owner = ? AND id = ?',
    bytes,
    owner,
    id,
  );
  return 'stored';
}

/** Whether the owner has another file under this id. */
export function hasOther(database: Database, owner: string, { id, bytes }: StoredFile): boolean {
  const existing = bytesOf(database, owner, id);
  return existing !== undefined && Buffer.compare(existing, bytes) !== 0;
}

function bytesOf(database: Database, owner: string, id: string): Uint8Array | undefined {
  const row = database.get(
    'SELECT bytes FROM files JOIN file_bytes ON file_number = number WHERE owner = ? AND id = ?',
    owner,
    id,
  );
  return row?.bytes as Uint8Array | undefined;
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
