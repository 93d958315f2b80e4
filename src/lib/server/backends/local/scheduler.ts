import { setImmediate as nextTurn } from 'node:timers/promises';
import { BeamWriter } from './beam-writer';
import type { Job } from './job';
import type { Lane } from './lane';
import { Lanes, type LanesOptions } from './lanes';
import { Pace } from './pace';
import type { Sequence } from './sequence';

export interface SchedulerOptions extends LanesOptions {
  /** What one token of a prompt took when the model was loaded, in milliseconds. */
  readMs: number;
  /** Make the state of one answer, and of a beam search. Reject when the request cannot be followed. */
  createSequence(job: Job, choice: number): Promise<Sequence>;
  createBeams(job: Job, pace: Pace): Promise<BeamWriter>;
  /** Nothing has been asked for a moment. */
  onRest?(): void;
}

/** How long an engine that has nothing to do keeps what the next answer may need, and the conversation in the long lane. */
const restMs = 2_000;
const keepLongLaneMs = 60_000;

/** One answer, or one beam search, that has no row yet. Its state may take a while to make: a grammar is compiled. */
interface Waiting {
  job: Job;
  choice: number;
  made?: Sequence | BeamWriter;
}

interface Task {
  job: Job;
  choice: number;
  sequence: Sequence;
}

/**
 * Continuous batching: all answers that are being written take their next token in one run of the graph; a newcomer is
 * read in pieces between two such runs, and an answer that ends makes room at once. A long conversation outgrows the
 * common lane and moves to a lane with one row for the whole context, of which there is one.
 */
export class Scheduler {
  private readonly pace: Pace;
  private readonly lanes: Lanes;
  private waiting: Waiting[] = [];
  private beams: BeamWriter[] = [];
  private reading: Task[] = [];
  private writing: Task[] = [];
  private isRunning = false;
  private timers: NodeJS.Timeout[] = [];

  constructor(private readonly options: SchedulerOptions) {
    this.pace = new Pace(options.readMs);
    this.lanes = new Lanes(options);
  }

  /** Takes a job; its listener hears of it from now on. */
  add(job: Job): void {
    const choices = job.isBeamSearch ? 1 : job.choices;
    for (let choice = 0; choice < choices; choice += 1) {
      const entry: Waiting = { job, choice };
      this.waiting.push(entry);
      void this.make(entry);
    }
  }

  /** Others go on meanwhile. */
  private async make(entry: Waiting): Promise<void> {
    const { job, choice } = entry;
    const { createSequence, createBeams } = this.options;
    await this.guard([job], async () => {
      const made = await (job.isBeamSearch ? createBeams(job, this.pace) : createSequence(job, choice));
      // Stopped meanwhile: nobody else will let go of it.
      if (job.isDone) made.release();
      else entry.made = made;
    });
    await this.run();
  }

  private get hasWork(): boolean {
    const isReady = ({ job, made }: Waiting) => made !== undefined || job.isDone;
    return this.reading.length + this.writing.length + this.beams.length > 0 || this.waiting.some(isReady);
  }

  /** Goes on until there is nothing to do. Between the last look for work and its end nothing else can happen. */
  private async run(): Promise<void> {
    if (this.isRunning) return;
    this.isRunning = true;
    for (const timer of this.timers) clearTimeout(timer);
    while (this.hasWork) {
      this.drop();
      this.admit();
      // Messages pass between two calls of the graph: new requests and stops come in, and what was written goes out.
      for (const call of [() => this.readPiece(), () => this.write(), () => this.beams[0]?.advance()]) {
        await call();
        await nextTurn();
      }
    }
    this.isRunning = false;
    this.rest();
  }

  /** Gives back what the next answer makes again soon enough. */
  private rest(): void {
    this.timers = [
      setTimeout(() => {
        this.lanes.endDrafting();
        this.options.onRest?.();
      }, restMs).unref(),
      setTimeout(() => this.lanes.releaseLong(), keepLongLaneMs).unref(),
    ];
  }

  /** Lets go of what was aborted, has failed or is complete. */
  private drop(): void {
    const isLeft = (task: Task): boolean => {
      const { reason, place } = task.sequence;
      if (reason !== undefined) task.job.endChoice(task.choice, reason, task.sequence.count);
      if (reason === undefined && !task.job.isDone) return true;
      if (place) place.lane.giveBack(place.row);
      task.sequence.release();
      return false;
    };
    this.reading = this.reading.filter(isLeft);
    this.writing = this.writing.filter(isLeft);
    const isWanted = ({ job }: { job: Job }): boolean => !job.isDone;
    for (const { made } of this.waiting.filter((entry) => !isWanted(entry))) made?.release();
    for (const beams of this.beams.filter((one) => !isWanted(one))) beams.release();
    this.waiting = this.waiting.filter(isWanted);
    this.beams = this.beams.filter(isWanted);
  }

  /** Gives rows to those who came first. */
  private admit(): void {
    for (const entry of [...this.waiting])
      if (this.place(entry)) this.waiting.splice(this.waiting.indexOf(entry), 1);
  }

  /** Whether there is a row for it; a beam search brings its own. */
  private place({ job, choice, made }: Waiting): boolean {
    if (made instanceof BeamWriter) {
      this.beams.push(made);
      return true;
    }
    // Its first answer reads the prompt; the others copy what it has read.
    const isBlocked = this.reading.some((task) => task.job === job);
    const place = made && !isBlocked ? this.lanes.take(job.request) : undefined;
    if (!made || !place) return false;
    made.place = place;
    job.noteCached(place.row.tokens.length);
    this.reading.push({ job, choice, sequence: made });
    return true;
  }

  /** Reads one piece of one prompt; whoever reads takes turns. */
  private async readPiece(): Promise<void> {
    const task = this.reading.shift();
    const place = task?.sequence.place;
    if (!task || !place) return;
    const { job, sequence } = task;
    const { lane, row } = place;
    const count = this.pace.pieceOf(sequence.unread, this.writing.length > 0);
    const piece = sequence.prompt.slice(row.tokens.length, row.tokens.length + count);
    this.reading.push(task);
    await this.guard([job], async () => {
      const startedAtMs = performance.now();
      const logits = await lane.bank.read(lane.placeOf(row), piece, row.tokens.length);
      this.pace.noteRead(count, performance.now() - startedAtMs);
      row.tokens.push(...piece);
      row.readLength = row.tokens.length;
      if (sequence.unread > 0) {
        job.progress('reading', 1 - sequence.unread / sequence.prompt.length);
        return;
      }
      this.lanes.keepShared(job.request.sharedPrefix, place);
      this.reading.splice(this.reading.indexOf(task), 1);
      if (this.reading.length === 0) lane.bank.endReading();
      sequence.begin(logits);
      this.writing.push(task);
    });
  }

  /** One step of everyone who writes: those of a lane together, or one alone with a draft. */
  private async write(): Promise<void> {
    const isGoingOn = ({ job, sequence }: Task) => sequence.reason === undefined && !job.isDone;
    const tasks = this.writing.filter(isGoingOn).filter(({ sequence }) => this.lanes.makeRoom(sequence));
    const [first] = tasks;
    if (first && tasks.length === 1 && this.reading.length === 0 && (await this.writeDraft(first))) return;
    for (const lane of this.lanes.all) {
      const inLane = tasks.filter(({ sequence }) => sequence.place?.lane === lane);
      if (inLane.length > 0) await this.step(lane, inLane);
    }
  }

  private async step(lane: Lane, tasks: Task[]): Promise<void> {
    await this.guard(
      tasks.map(({ job }) => job),
      async () => {
        const first = lane.gather(tasks.flatMap(({ sequence: { place } }) => place?.row ?? []));
        const ordered = tasks
          .map(({ sequence }) => sequence)
          .sort((a, b) => placeIn(lane, a) - placeIn(lane, b));
        const startedAtMs = performance.now();
        const logits = await lane.bank.step(
          first,
          ordered.map(({ next }) => next.token),
          ordered.map(({ next }) => next.position),
        );
        if (tasks.length === 1) this.pace.noteStep(performance.now() - startedAtMs);
        for (const [index, sequence] of ordered.entries()) {
          const row = logits[index];
          if (row) sequence.advance([row]);
        }
      },
    );
  }

  /** Verifies a draft of somebody who writes alone; `false` when there is none. */
  private async writeDraft({ job, sequence }: Task): Promise<boolean> {
    const { place } = sequence;
    if (!place) return false;
    const { lane, row } = place;
    const room = Math.min(lane.bank.longestVerify, lane.bank.capacity - row.tokens.length) - 1;
    const guesses = sequence.draft(this.pace.rowCost, room);
    if (guesses.length === 0) return false;
    await this.guard([job], async () => {
      const { token, position } = sequence.next;
      const startedAtMs = performance.now();
      const logits = await lane.bank.verify(lane.placeOf(row), [token, ...guesses], position);
      this.pace.noteVerified(logits.length, performance.now() - startedAtMs);
      sequence.advance(logits, guesses);
    });
    return true;
  }

  /** A fault costs the jobs that it happened to, and nobody else. */
  private async guard(jobs: readonly Job[], work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      for (const job of jobs) job.fail(thrown);
    }
  }
}

function placeIn(lane: Lane, { place }: Sequence): number {
  return place ? lane.placeOf(place.row) : -1;
}
