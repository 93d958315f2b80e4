import { parentPort, receiveMessageOnPort, workerData, type MessagePort } from 'node:worker_threads';
import { AppError } from '../../../domain/errors';
import { Database } from './database';
import { tablesOf, type Tables } from './tables';
import type { Call, CallFault, Reply, WorkerInput, WorkerMessage, WorkerRequest } from './protocol';

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
  const stores = tablesOf(database);
  port.on('message', (first: WorkerRequest) => {
    const requests = [first, ...waitingAt(port)];
    const calls = requests.flatMap((request) => (request === 'close' ? [] : request));
    if (calls.length > 0) say({ type: 'replies', replies: carryOut(database, stores, calls) });
    if (!requests.includes('close')) return;
    database.close();
    port.close();
  });
  say({ type: 'open' });
}

/** What came in while the last group was carried out: it shares the next transaction. */
function waitingAt(port: MessagePort): WorkerRequest[] {
  const requests: WorkerRequest[] = [];
  for (let next = receiveMessageOnPort(port); next; next = receiveMessageOnPort(port)) {
    requests.push((next as { message: WorkerRequest }).message);
  }
  return requests;
}

function carryOut(database: Database, stores: Tables, calls: Call[]): Reply[] {
  try {
    database.exec('BEGIN IMMEDIATE');
    const replies = calls.map((call) => carryOutOne(database, stores, call));
    database.exec('COMMIT');
    return replies;
  } catch (thrown) {
    // The group as a whole failed (disk full, say): nothing of it is stored, and each caller is told.
    if (database.isInTransaction) database.exec('ROLLBACK');
    return calls.map(({ id }) => ({ id, fault: faultOf(thrown) }));
  }
}

function carryOutOne(database: Database, stores: Tables, { id, method, args }: Call): Reply {
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
    // SQLite has rolled back the whole group by itself: the others failed with this call.
    if (!database.isInTransaction) throw thrown;
    database.exec('ROLLBACK TO call');
    database.exec('RELEASE call');
    return { id, fault: faultOf(thrown) };
  }
}

function faultOf(thrown: unknown): CallFault {
  if (thrown instanceof AppError) {
    const { code, message, details, cause } = thrown;
    return { code, message, details, ...(cause !== undefined && { cause: wordsOf(cause) }) };
  }
  return {
    code: 'storage-unavailable',
    message: 'The database cannot be used at the moment.',
    cause: wordsOf(thrown),
  };
}

function wordsOf(thrown: unknown): string {
  return thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
}

main();
