import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DecoderGraph } from './bank';
import { BeamWriter } from './beam-writer';
import type { Job } from './job';
import { Lane } from './lane';
import { Pace } from './pace';
import type { Sequence } from './sequence';
import { SharedPrefixes } from './shared-prefixes';

export interface SchedulerOptions {
  graph: DecoderGraph;
  /** Answers that are written at once. */
  slots: number;
  /** Tokens that each of them has room for; a longer one moves to a lane of its own. */
  context: number;
  /** Tokens of one sequence at most. */
  contextLength: number;
  /** What one token of a prompt took when the model was loaded, in milliseconds. */
  readMs: number;
  /** Make the state of one answer, and of a beam search. Reject when the request cannot be followed. */
  createSequence(job: Job, choice: number): Promise<Sequence>;
  createBeams(job: Job, pace: Pace): Promise<BeamWriter>;
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
  private readonly lane: Lane;
  private longLane: Lane | undefined;
  private readonly shared: SharedPrefixes;
  /** Came, and have no row yet. */
  private readonly waiting: { job: Job; choice: number }[] = [];
  private readonly beams: BeamWriter[] = [];
  private reading: Task[] = [];
  private writing: Task[] = [];
  private isRunning = false;

  constructor(private readonly options: SchedulerOptions) {
    const { graph, slots, context, contextLength, readMs } = options;
    this.pace = new Pace(readMs);
    this.lane = new Lane(graph, slots, Math.min(context, contextLength));
    this.shared = new SharedPrefixes(graph);
  }

  /** Takes a job; its listener hears of it from now on. */
  add(job: Job): void {
    const choices = job.isBeamSearch ? 1 : job.choices;
    for (let choice = 0; choice < choices; choice += 1) this.waiting.push({ job, choice });
    if (this.isRunning) return;
    this.isRunning = true;
    void this.run().finally(() => (this.isRunning = false));
  }

  private async run(): Promise<void> {
    while (this.waiting.length + this.reading.length + this.writing.length + this.beams.length > 0) {
      this.drop();
      await this.admit();
      // Messages pass between two calls of the graph: new requests and stops come in, and what was written goes out.
      for (const call of [() => this.readPiece(), () => this.write(), () => this.beams[0]?.advance()]) {
        await call();
        await nextTurn();
      }
    }
    for (const lane of [this.lane, this.longLane]) lane?.bank.endDrafting();
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
    for (const list of [this.waiting, this.beams]) {
      for (let index = list.length - 1; index >= 0; index -= 1) {
        if (!list[index]?.job.isDone) continue;
        const [gone] = list.splice(index, 1);
        if (gone instanceof BeamWriter) gone.release();
      }
    }
  }

  /** Gives rows to those who came first. */
  private async admit(): Promise<void> {
    for (const entry of [...this.waiting]) {
      const { job, choice } = entry;
      // Its first answer reads the prompt; the others copy what it has read.
      const isBlocked = this.reading.some((task) => task.job === job);
      const lane = this.laneFor(job);
      if (!isBlocked && (job.isBeamSearch || lane)) {
        this.waiting.splice(this.waiting.indexOf(entry), 1);
        await this.guard([job], async () => {
          if (job.isBeamSearch) this.beams.push(await this.options.createBeams(job, this.pace));
          else if (lane)
            this.begin({ job, choice, sequence: await this.options.createSequence(job, choice) }, lane);
        });
      }
    }
  }

  private begin(task: Task, lane: Lane): void {
    const { prompt, parameters, scope, sharedPrefix } = task.job.request;
    const row = lane.take({ prompt, scope, onlyRead: parameters.seed !== undefined });
    task.sequence.place = { lane, row };
    this.shared.fill(sharedPrefix, lane, row);
    task.job.noteCached(row.tokens.length);
    this.reading.push(task);
  }

  /** The lane in which a job finds most of its beginning; `undefined` when it has to wait. */
  private laneFor({ request: { prompt, scope } }: Job): Lane | undefined {
    if (!this.lane.hasRoom && !this.longLane?.hasRoom) return undefined;
    const known = this.longLane?.hasRoom ? this.longLane.sharedWith(prompt, scope) : 0;
    if (known > this.lane.sharedWith(prompt, scope)) return this.longLane;
    if (prompt.length < this.lane.bank.capacity) return this.lane.hasRoom ? this.lane : undefined;
    return this.freeLongLane();
  }

  private freeLongLane(): Lane | undefined {
    const { graph, contextLength } = this.options;
    if (this.longLane && !this.longLane.hasRoom) return undefined;
    // A new one: the memory that the former conversation touched goes back to the system.
    this.longLane?.release();
    this.longLane = new Lane(graph, 1, contextLength);
    return this.longLane;
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
      this.shared.keep(job.request.sharedPrefix, lane, row);
      this.reading.splice(this.reading.indexOf(task), 1);
      sequence.begin(logits);
      this.writing.push(task);
    });
  }

  /** One step of everyone who writes: those of a lane together, or one alone with a draft. */
  private async write(): Promise<void> {
    const isGoingOn = ({ job, sequence }: Task) => sequence.reason === undefined && !job.isDone;
    const tasks = this.writing.filter(isGoingOn).filter((task) => this.hasRoomForNext(task));
    const [first] = tasks;
    if (first && tasks.length === 1 && this.reading.length === 0 && (await this.writeDraft(first))) return;
    for (const lane of [this.lane, this.longLane]) {
      const inLane = tasks.filter(({ sequence }) => sequence.place?.lane === lane);
      if (lane && inLane.length > 0) await this.step(lane, inLane);
    }
  }

  /** Whether its row has room for one more token; one that is full moves to the long lane as soon as that is free. */
  private hasRoomForNext({ sequence }: Task): boolean {
    const { place } = sequence;
    if (!place) return false;
    const { lane, row } = place;
    if (row.tokens.length < lane.bank.capacity) return true;
    const longLane = this.freeLongLane();
    if (!longLane) return false;
    const moved = longLane.take({ prompt: [], scope: row.scope, onlyRead: true });
    longLane.bank.copy(0, lane.bank, lane.placeOf(row), 0, row.tokens.length);
    [moved.tokens, moved.readLength] = [[...row.tokens], row.readLength];
    lane.giveBack(row);
    sequence.place = { lane: longLane, row: moved };
    return true;
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
