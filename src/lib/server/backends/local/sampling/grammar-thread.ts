import { Worker } from 'node:worker_threads';
import { AppError } from '../../../../domain/errors';
import { programPath } from '../../../programs';
import {
  failed,
  maskLength,
  sharedLayout,
  type GrammarCommand,
  type GrammarReport,
  type GrammarTask,
} from './grammar-protocol';

/** Longest time that a grammar may take to be read. */
const compileLimitMs = 20_000;
/** Longest time that everything else may wait for one grammar: at once, and in one answer, besides so much each time. */
const waitLimitMs = 2_000;
const answerWaitLimitMs = 5_000;
const usualWaitMs = 20;

/**
 * One compiled grammar, in a thread of its own: compiling takes up to seconds, and a grammar that the library cannot
 * read ends the library. Sequences are opened in it; the thread ends with the last of them once nobody keeps it.
 */
export class GrammarThread {
  private readonly used = new Set<number>();
  private isKept = true;
  private hasFailed = false;
  private lastId = 0;

  private constructor(
    private readonly worker: Worker,
    private readonly vocabulary: number,
    private readonly onFailure: () => void,
  ) {}

  /**
   * `onFailure` is called once when the thread can be used no more. Throws `invalid-input`, with words that say why, for a
   * grammar that cannot be followed or takes longer than `limitMs` to read.
   */
  static async start(
    task: GrammarTask,
    onFailure: () => void,
    limitMs = compileLimitMs,
  ): Promise<GrammarThread> {
    const worker = new Worker(programPath('grammar-worker'), { name: 'grammar', workerData: task });
    // A thread that breaks later is noticed by whoever waits for it; without a listener it would end the process.
    worker.on('error', () => undefined);
    const refusal = await firstReport(worker, limitMs);
    if (refusal === undefined) {
      worker.unref();
      return new GrammarThread(worker, task.pieces.length, onFailure);
    }
    await worker.terminate();
    throw new AppError('invalid-input', refusal);
  }

  open(): GrammarSequence {
    this.lastId += 1;
    const id = this.lastId;
    const shared = new SharedArrayBuffer(4 * (sharedLayout.mask + maskLength(this.vocabulary)));
    this.used.add(id);
    const thread = {
      tell: (command: GrammarCommand) => this.worker.postMessage(command),
      hasFailed: () => this.hasFailed,
      fail: () => this.fail(),
      onClose: () => {
        this.used.delete(id);
        this.endUnused();
      },
    };
    thread.tell({ type: 'open', id, shared });
    return new GrammarSequence(id, new Int32Array(shared), thread);
  }

  private fail(): void {
    if (this.hasFailed) return;
    this.hasFailed = true;
    this.onFailure();
    void this.worker.terminate();
  }

  /** No sequence is opened any more. */
  abandon(): void {
    this.isKept = false;
    this.endUnused();
  }

  private endUnused(): void {
    if (!this.isKept && this.used.size === 0) void this.worker.terminate();
  }
}

/** Why a grammar was refused; `undefined` when it is ready. */
async function firstReport(worker: Worker, limitMs: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve('This guided output takes too long to prepare.'), limitMs);
    const end = (refusal?: string) => {
      clearTimeout(timer);
      resolve(refusal);
    };
    worker.once('message', (report: GrammarReport) =>
      end(report.type === 'ready' ? undefined : refusalWords(report.reason)),
    );
    worker.once('error', () => end(refusalWords('')));
  });
}

function refusalWords(reason: string): string {
  const words = reason.trim().replace(/\.$/u, '');
  return words === ''
    ? 'This guided output cannot be followed: it is too large or too deep.'
    : `This guided output cannot be followed: ${words}.`;
}

/**
 * A place in a grammar that moves with a sequence and, since the library can take tokens back, also between sequences
 * that have a beginning in common. Moves are made by the thread while this one goes on; only asking for a mask waits.
 */
export class GrammarSequence {
  private readonly path: number[] = [];
  private turn = 0;
  /** Beyond what is usual. */
  private waitedMs = 0;

  constructor(
    private readonly id: number,
    private readonly shared: Int32Array,
    private readonly thread: {
      tell(command: GrammarCommand): void;
      hasFailed(): boolean;
      fail(): void;
      onClose(): void;
    },
  ) {}

  /** Goes to where these tokens lead. */
  moveTo(path: readonly number[]): void {
    let same = 0;
    while (same < path.length && this.path[same] === path[same]) same += 1;
    const back = this.path.length - same;
    const tokens = path.slice(same);
    if (back === 0 && tokens.length === 0 && this.turn > 0) return;
    this.path.length = same;
    this.path.push(...tokens);
    this.turn += 1;
    this.thread.tell({ type: 'move', id: this.id, back, tokens, turn: this.turn });
  }

  /**
   * One bit for each token, set when it may follow; valid until the next move. Waits for the thread: some tenths of a
   * millisecond when the move was just asked for.
   */
  mask(): Int32Array {
    this.wait();
    return this.shared.subarray(sharedLayout.mask);
  }

  /** Tokens that make the answer whole from where it is, few but not always the fewest; `undefined`: none were found. */
  completion(): readonly number[] | undefined {
    this.turn += 1;
    this.thread.tell({ type: 'complete', id: this.id, turn: this.turn });
    this.wait();
    const count = this.shared[sharedLayout.count] ?? -1;
    const { completion } = sharedLayout;
    return count < 0 ? undefined : [...this.shared.subarray(completion, completion + count)];
  }

  private wait(): void {
    const began = performance.now();
    const limit = Math.min(waitLimitMs, answerWaitLimitMs - this.waitedMs);
    while (!this.isAnswered()) {
      const left = limit - (performance.now() - began);
      const turn = Atomics.load(this.shared, sharedLayout.turn);
      if (this.thread.hasFailed() || turn === failed || left <= 0) {
        this.thread.fail();
        throw new AppError('backend-rejected', 'The guided output could not be followed any further.');
      }
      if (turn !== this.turn) Atomics.wait(this.shared, sharedLayout.turn, turn, left);
    }
    this.waitedMs = Math.max(0, this.waitedMs + performance.now() - began - usualWaitMs);
  }

  private isAnswered(): boolean {
    return Atomics.load(this.shared, sharedLayout.turn) === this.turn;
  }

  close(): void {
    this.thread.tell({ type: 'close', id: this.id });
    this.thread.onClose();
  }
}
