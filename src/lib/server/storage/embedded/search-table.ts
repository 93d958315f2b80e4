import { AppError } from '../../../domain/errors';
import type { Message } from '../../../domain/message';
import { textOf } from '../../../domain/parts';
import { excerptOf, markedText } from '../../../domain/search-excerpt';
import type { SearchHit } from '../../../domain/search-hit';
import type { SearchQuery } from '../../../domain/search-terms';
import type { SearchPage } from '../storage';
import { partsIn, titleIn } from './body';
import type { Database, Row, SqlValue } from './database';

const maxPage = 100;
/** What the owner may see: the index still has the terms of what is deleted until it is purged. */
const visible = 'c.owner = ? AND c.deleted_at IS NULL AND c.leaf_id IS NOT NULL';

/** A place in the order of the hits. */
type Place = { among: 'titles'; updatedAt: number; id: string } | { among: 'messages'; sequence: number };

interface PlacedHit {
  hit: SearchHit;
  /** The cursor of a page that ends with it. */
  place: string;
}

/** What can be found in the embedded database; see `SearchStore`. Runs in the worker, so nothing waits. */
export class SearchTable {
  constructor(private readonly database: Database) {}

  find(owner: string, query: SearchQuery, { before, limit }: { before?: string; limit: number }): SearchPage {
    const place = parsePlace(before);
    if (query.length === 0) return { hits: [], next: null };
    const size = Math.trunc(Math.min(Math.max(limit, 1), maxPage));
    const found = place.among === 'titles' ? this.titles(owner, query, place, size + 1) : [];
    const sequence = place.among === 'messages' ? place.sequence : Number.MAX_SAFE_INTEGER;
    if (found.length <= size) found.push(...this.messages(owner, query, sequence, size + 1 - found.length));
    const page = found.slice(0, size);
    return {
      hits: page.map(({ hit }) => hit),
      next: found.length > size ? (page.at(-1)?.place ?? null) : null,
    };
  }

  private titles(
    owner: string,
    query: SearchQuery,
    { updatedAt, id }: Extract<Place, { among: 'titles' }>,
    limit: number,
  ): PlacedHit[] {
    const rows = this.matches(
      `SELECT c.id, c.updated_at, c.body AS conversation_body
       FROM title_index i JOIN titles t ON t.number = i.rowid JOIN conversations c ON c.id = t.conversation_id
       WHERE title_index MATCH ? AND ${visible} AND (c.updated_at, c.id) < (?, ?)
       ORDER BY c.updated_at DESC, c.id DESC LIMIT ?`,
      owner,
      query,
      [updatedAt, id, limit],
    );
    return rows.map((row) => ({
      hit: { ...foundIn(row, query), message: null },
      place: `title_${String(row.updated_at)}_${String(row.id)}`,
    }));
  }

  private messages(owner: string, query: SearchQuery, sequence: number, limit: number): PlacedHit[] {
    // FTS5 itself walks down the rowids, so a page reads no more than what it shows, however much matches.
    const rows = this.matches(
      `SELECT c.id, c.updated_at, c.body AS conversation_body,
         m.id AS message_id, m.sequence, m.role, m.created_at, m.body
       FROM message_index i JOIN messages m ON m.sequence = i.rowid JOIN conversations c ON c.id = m.conversation_id
       WHERE message_index MATCH ? AND ${visible} AND m.deleted_at IS NULL AND i.rowid < ?
       ORDER BY i.rowid DESC LIMIT ?`,
      owner,
      query,
      [sequence, limit],
    );
    return rows.map((row) => ({
      hit: { ...foundIn(row, query), message: foundMessage(row, query) },
      place: `message_${String(row.sequence)}`,
    }));
  }

  private matches(sql: string, owner: string, query: SearchQuery, values: SqlValue[]): Row[] {
    // The owner is a term too: common words of others are not walked through.
    const match = `owner : "${Buffer.from(owner).toString('hex')}" AND terms : (${matchOf(query)})`;
    return this.database.all(sql, match, owner, ...values);
  }
}

/** In the language of FTS5. Terms have no quotes in them: see `searchTerms`. */
function matchOf(query: SearchQuery): string {
  return query.map(({ terms, isPrefix }) => `"${terms.join(' ')}"${isPrefix ? ' *' : ''}`).join(' AND ');
}

function foundIn(row: Row, query: SearchQuery): Omit<SearchHit, 'message'> {
  return {
    conversationId: String(row.id),
    title: markedText(titleIn(row.conversation_body), query),
    updatedAt: new Date(Number(row.updated_at)),
  };
}

function foundMessage(row: Row, query: SearchQuery): SearchHit['message'] {
  return {
    id: String(row.message_id),
    role: row.role as Message['role'],
    createdAt: new Date(Number(row.created_at)),
    excerpt: excerptOf(textOf(partsIn(row.body)), query),
  };
}

function parsePlace(cursor: string | undefined): Place {
  if (cursor === undefined) return { among: 'titles', updatedAt: Number.MAX_SAFE_INTEGER, id: '' };
  const [, updatedAt, id, sequence] =
    /^(?:title_(\d{1,16})_(.{1,100})|message_(\d{1,16}))$/u.exec(cursor) ?? [];
  if (sequence !== undefined) return { among: 'messages', sequence: Number(sequence) };
  if (updatedAt !== undefined && id !== undefined)
    return { among: 'titles', updatedAt: Number(updatedAt), id };
  throw new AppError('invalid-input', 'The cursor is not valid.');
}
