import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { textOf } from '../../../domain/parts';
import { searchTerms } from '../../../domain/search-terms';
import { partsIn, titleIn } from './body';

/** What the triggers of the index call: the terms of a body, with spaces between them. */
export function defineSearchFunctions(sqlite: DatabaseSyncInstance): void {
  const define = (name: string, text: (body: unknown) => string) =>
    sqlite.function(name, { deterministic: true }, (body: unknown) => searchTerms(text(body)).join(' '));
  define('title_terms', titleIn);
  define('message_terms', (body) => textOf(partsIn(body)));
}
