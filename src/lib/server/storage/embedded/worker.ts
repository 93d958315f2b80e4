import { parentPort, workerData } from 'node:worker_threads';
import { AppError } from '../../../domain/errors';
import { ConversationTable } from './conversation-table';
import { Database } from './database';
import { GenerationTable } from './generation-table';
import { ProcessTable } from './process-table';
import type { Call, CallFault, Reply, WorkerInput, WorkerMessage } from './protocol';

/** The thread that has the database. Calls that arrive together are one transaction, each with a savepoint of its own. */
function main(): void {
  const port = parentPort;
  if (!port) throw new Error('This program is a worker thread.');
  const say = (message: WorkerMessage) => port.postMessage(message);
  let database: Database;
  try {
    database = Database.open((workerData as WorkerInput).file);
  } catch (thrown) {
    say({ type: 'refused', fault: faultOf(thrown) });
    return;
  }
  const stores: Record<string, object> = {
    conversations: new ConversationTable(database),
    generations: new GenerationTable(database),
    processes: new ProcessTable(database),
  };
  port.on('message', (calls: Call[] | 'close') => {
    if (calls !== 'close') return say({ type: 'replies', replies: carryOut(database, stores, calls) });
    database.close();
    port.close();
  });
  say({ type: 'open' });
}

function carryOut(database: Database, stores: Record<string, object>, calls: Call[]): Reply[] {
  try {
    database.exec('BEGIN IMMEDIATE');
    const replies = calls.map((call) => carryOutOne(database, stores, call));
    database.exec('COMMIT');
    return replies;
  } catch (thrown) {
    // The group as a whole failed (disk full, say): nothing of it is stored, and each caller is told.
    rollBack(database);
    return calls.map(({ id }) => ({ id, fault: faultOf(thrown) }));
  }
}

function carryOutOne(database: Database, stores: Record<string, object>, { id, method, args }: Call): Reply {
  database.exec('SAVEPOINT call');
  try {
    const [store = '', name = ''] = method.split('.');
    const target = stores[store] as
      Record<string, ((...values: unknown[]) => unknown) | undefined> | undefined;
    if (!target?.[name]) throw new Error(`No method ${method}.`);
    const result = target[name](...args);
    database.exec('RELEASE call');
    return { id, result };
  } catch (thrown) {
    database.exec('ROLLBACK TO call');
    database.exec('RELEASE call');
    return { id, fault: faultOf(thrown) };
  }
}

function rollBack(database: Database): void {
  try {
    database.exec('ROLLBACK');
  } catch {
    // SQLite rolls back by itself after some faults; then there is no transaction to end.
  }
}

function faultOf(thrown: unknown): CallFault {
  if (thrown instanceof AppError) {
    return { code: thrown.code, message: thrown.message, details: thrown.details };
  }
  const cause = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  return { code: 'storage-unavailable', message: 'The database cannot be used at the moment.', cause };
}

main();
