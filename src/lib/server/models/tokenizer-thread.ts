import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { AppError } from '../../domain/errors';
import { programPath } from '../programs';
import type { TokenizerReport, TokenizerTask } from './tokenizer-protocol';

const hasEnded = 'its thread has ended';

type Waiting = { resolve: (tokens: number) => void; reject: (fault: AppError) => void };

/**
 * Counts tokens as a model does whose `tokenizer.json` is at hand, in a thread of its own: to read one takes up to a second,
 * and a long text some hundredths.
 */
export class TokenizerThread {
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;
  private endedBecause: string | undefined;

  private constructor(
    private readonly worker: Worker,
    private readonly onEnd: () => void,
  ) {
    worker.on('message', (report: TokenizerReport) => {
      if (report.type !== 'count') return;
      this.waiting.get(report.id)?.resolve(report.tokens);
      this.forget(report.id);
    });
    worker.on('error', (fault) => this.end(fault.message));
    worker.on('exit', () => this.end(hasEnded));
  }

  /**
   * `path` is a `tokenizer.json` or the folder that has one. `onEnd` is called when the thread ends without having been
   * closed. Throws `model-unavailable` with a remedy when it cannot be read.
   */
  static async start(path: string, onEnd = (): void => undefined): Promise<TokenizerThread> {
    const isFolder = await stat(path).then(
      (found) => found.isDirectory(),
      (thrown: unknown) => {
        throw unreadable(path, thrown instanceof Error ? thrown.message : String(thrown));
      },
    );
    const task: TokenizerTask = { path: isFolder ? join(path, 'tokenizer.json') : path };
    const worker = new Worker(programPath('tokenizer-worker'), { name: 'tokenizer', workerData: task });
    // It listens from the beginning: a thread may end right after its first word.
    const thread = new TokenizerThread(worker, onEnd);
    const first = await firstReport(worker);
    if (first.type === 'ready') {
      worker.unref();
      return thread;
    }
    await thread.close();
    throw unreadable(path, first.type === 'failed' ? first.reason : 'it does not begin as it should');
  }

  /** Tokens of `text` as it stands, without added special tokens. Throws `backend-unreachable` when the thread has ended. */
  countTokens(text: string): Promise<number> {
    if (this.endedBecause !== undefined) return Promise.reject(uncounted(this.endedBecause));
    this.lastId += 1;
    const id = this.lastId;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      // While somebody waits for a count, the process does not end without it.
      this.worker.ref();
      this.worker.postMessage({ id, text });
    });
  }

  async close(): Promise<void> {
    this.endedBecause ??= hasEnded;
    await this.worker.terminate();
  }

  private forget(id: number): void {
    this.waiting.delete(id);
    if (this.waiting.size === 0) this.worker.unref();
  }

  private end(reason: string): void {
    if (this.endedBecause === undefined) this.onEnd();
    this.endedBecause ??= reason;
    for (const [id, { reject }] of this.waiting) {
      this.forget(id);
      reject(uncounted(reason));
    }
  }
}

function firstReport(worker: Worker): Promise<TokenizerReport> {
  return new Promise((resolve) => {
    worker.once('message', resolve);
    worker.once('error', ({ message }) => resolve({ type: 'failed', reason: message }));
    worker.once('exit', () => resolve({ type: 'failed', reason: hasEnded }));
  });
}

function uncounted(reason: string): AppError {
  return new AppError('backend-unreachable', `Tokens cannot be counted: ${reason}.`);
}

function unreadable(path: string, reason: string): AppError {
  return new AppError('model-unavailable', `The tokenizer ${path} cannot be read.`, {
    details: { remedy: 'Set `tokenizer` of this model to a tokenizer.json, or to the folder that has one.' },
    cause: reason,
  });
}
