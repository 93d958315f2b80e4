import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { AppError } from '../../../domain/errors';
import type { ConnectionStore } from '../connection-store';
import type { FileStore } from '../file-store';
import type {
  CollectionStore,
  ConversationStore,
  GenerationStore,
  MessageStore,
  ProcessStore,
  SearchStore,
  SettingsStore,
  Storage,
} from '../storage';
import { takeLock } from './lock';
import type { Call, CallFault, Reply, WorkerInput, WorkerMessage, WorkerRequest } from './protocol';

export interface EmbeddedOptions {
  /** The database file, or `:memory:`. */
  file: string;
  /** The built worker program. */
  workerPath: string | URL;
}

interface Waiting {
  resolve: (result: unknown) => void;
  reject: (fault: AppError) => void;
}

/**
 * SQLite in one worker thread. Calls of the same turn of the event loop travel, and are committed, together.
 * Throws `config-invalid` when the data cannot be used: no right to write, another process, a newer version.
 */
export async function openEmbeddedStorage({ file, workerPath }: EmbeddedOptions): Promise<Storage> {
  const unlock = file === ':memory:' ? () => undefined : claim(file);
  let worker: Worker | undefined;
  try {
    worker = new Worker(workerPath, { name: 'storage', workerData: { file } satisfies WorkerInput });
    await opened(worker);
    return storageOver(new WorkerCalls(worker), unlock);
  } catch (thrown) {
    // Until the thread is gone it may still hold the file.
    await worker?.terminate();
    unlock();
    throw thrown;
  }
}

function claim(file: string): () => void {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const unlock = takeLock(`${file}.lock`);
    // Made here for its mode, which SQLite gives to the files beside it too: conversations are nobody else's to read.
    closeSync(openSync(file, 'a', 0o600));
    return unlock;
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    throw new AppError('config-invalid', `DATA_DIR ${dirname(file)} cannot be written (${reason}).`, {
      cause,
    });
  }
}

function opened(worker: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.once('message', (message: WorkerMessage) => {
      if (message.type === 'refused') reject(errorOf(message.fault));
      else resolve();
    });
    worker.once('error', (cause) => reject(stopped(cause)));
    worker.once('exit', () => reject(stopped(undefined)));
  });
}

const conversationMethods = [
  'create',
  'get',
  'open',
  'list',
  'summary',
  'update',
  'retitle',
  'markRead',
  'delete',
  'restore',
  'purge',
] as const satisfies (keyof ConversationStore)[];
const generationMethods = [
  'begin',
  'get',
  'messages',
  'markRunning',
  'recordPrompts',
  'append',
  'entries',
  'finish',
  'requestStop',
  'stopRequests',
  'orphans',
  'expireEntries',
] as const satisfies (keyof GenerationStore)[];
const collectionMethods = [
  'count',
  'ids',
  'whole',
  'import',
  'deleteAll',
  'restoreAll',
] as const satisfies (keyof CollectionStore)[];
const fileMethods = ['put', 'get', 'info', 'purge'] as const satisfies (keyof FileStore)[];
const settingsMethods = ['get', 'update', 'purge'] as const satisfies (keyof SettingsStore)[];
const messageMethods = [
  'add',
  'delete',
  'restore',
  'fork',
  'purge',
] as const satisfies (keyof MessageStore)[];
const searchMethods = ['find'] as const satisfies (keyof SearchStore)[];
const processMethods = ['beat', 'list', 'remove'] as const satisfies (keyof ProcessStore)[];
const connectionMethods = ['list', 'put', 'delete'] as const satisfies (keyof ConnectionStore)[];

function storageOver(calls: WorkerCalls, unlock: () => void): Storage {
  let closing: Promise<void> | undefined;
  return {
    conversations: storeOver<ConversationStore>(calls, 'conversations', conversationMethods),
    generations: storeOver<GenerationStore>(calls, 'generations', generationMethods),
    collection: storeOver<CollectionStore>(calls, 'collection', collectionMethods),
    files: storeOver<FileStore>(calls, 'files', fileMethods),
    settings: storeOver<SettingsStore>(calls, 'settings', settingsMethods),
    messages: storeOver<MessageStore>(calls, 'messages', messageMethods),
    search: storeOver<SearchStore>(calls, 'search', searchMethods),
    processes: storeOver<ProcessStore>(calls, 'processes', processMethods),
    connections: storeOver<ConnectionStore>(calls, 'connections', connectionMethods),
    check: async () => void (await calls.call('processes.check', [])),
    close: () => (closing ??= calls.close().finally(unlock)),
  };
}

/** A store whose methods are calls to the worker, by the same names. */
function storeOver<Store>(
  calls: WorkerCalls,
  store: string,
  methods: readonly (keyof Store & string)[],
): Store {
  const entries = methods.map((name) => [name, (...args: unknown[]) => calls.call(`${store}.${name}`, args)]);
  return Object.fromEntries(entries) as Store;
}

/** Sends calls to the worker and matches its replies. */
class WorkerCalls {
  private readonly waiting = new Map<number, Waiting>();
  private queue: Call[] = [];
  private lastId = 0;
  private fault: AppError | undefined;
  private readonly exited: Promise<void>;

  constructor(private readonly worker: Worker) {
    worker.on('message', (message: WorkerMessage) => {
      if (message.type === 'replies') for (const reply of message.replies) this.settle(reply);
    });
    worker.on('error', (cause) => this.fail(stopped(cause)));
    this.exited = new Promise((resolve) =>
      worker.once('exit', () => {
        this.fail(stopped(undefined));
        resolve();
      }),
    );
  }

  call(method: string, args: unknown[]): Promise<unknown> {
    if (this.fault) return Promise.reject(this.fault);
    return new Promise((resolve, reject) => {
      this.lastId += 1;
      this.waiting.set(this.lastId, { resolve, reject });
      if (this.queue.push({ id: this.lastId, method, args }) === 1) setImmediate(() => this.send());
    });
  }

  async close(): Promise<void> {
    this.send();
    this.fault ??= stopped(undefined);
    this.worker.postMessage('close' satisfies WorkerRequest);
    await this.exited;
  }

  private send(): void {
    if (this.queue.length === 0) return;
    const calls = this.queue;
    this.queue = [];
    try {
      this.worker.postMessage(calls satisfies WorkerRequest);
    } catch (cause) {
      // Something among the arguments cannot be copied, which is a fault of a caller; none of them may wait for ever.
      const fault = new AppError('internal', 'The database was given something that cannot be stored.', {
        cause,
      });
      for (const { id } of calls) this.take(id)?.reject(fault);
    }
  }

  private take(id: number): Waiting | undefined {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    return waiting;
  }

  private settle(reply: Reply): void {
    const waiting = this.take(reply.id);
    if ('fault' in reply) waiting?.reject(errorOf(reply.fault));
    else waiting?.resolve(reply.result);
  }

  private fail(fault: AppError): void {
    this.fault ??= fault;
    const waiting = [...this.waiting.values()];
    this.waiting.clear();
    for (const { reject } of waiting) reject(fault);
  }
}

function errorOf({ code, message, details, cause }: CallFault): AppError {
  return new AppError(code, message, { ...(details && { details }), ...(cause !== undefined && { cause }) });
}

function stopped(cause: unknown): AppError {
  return new AppError(
    'storage-unavailable',
    'The database has stopped.',
    cause === undefined ? {} : { cause },
  );
}
