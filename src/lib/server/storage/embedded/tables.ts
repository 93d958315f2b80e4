import { CollectionTable } from './collection-table';
import { ConnectionTable } from './connection-table';
import { ConversationTable } from './conversation-table';
import type { Database } from './database';
import { FileTable } from './file-table';
import { GenerationTable } from './generation-table';
import { MessageTable } from './message-table';
import { ProcessTable } from './process-table';
import { SearchTable } from './search-table';
import { SettingsTable } from './settings-table';

/** What carries out the calls to each store, by its name. */
export type Tables = Record<string, object>;

/** The stores of an open database. */
export function tablesOf(database: Database): Tables {
  return {
    conversations: new ConversationTable(database),
    generations: new GenerationTable(database),
    collection: new CollectionTable(database),
    files: new FileTable(database),
    settings: new SettingsTable(database),
    messages: new MessageTable(database),
    search: new SearchTable(database),
    processes: new ProcessTable(database),
    connections: new ConnectionTable(database),
  };
}
