import type { Logger } from 'pino';
import type { EndStatus, Generation, PromptRecord } from '../../domain/generation';
import type { RunEnd } from '../../domain/generation-event';
import type { Backend } from '../backends/backend';
import type { FinishGeneration, Storage } from '../storage/storage';
import { Flusher } from './flusher';
import { Run, type RunInput } from './run';
import { Slots } from './slots';

/** How long the end of a run is tried to be stored before readers are told that it was not, in milliseconds. */
const storeEndForMs = 20_000;
const retryMs = 500;

/** The runs of this process, from their start until their end is stored. */
export class Runs {
  private readonly live = new Map<string, Run>();
  /** Of a model that changes while the server runs, the new backend has places of its own. */
  private readonly slots = new WeakMap<Backend, Slots>();
  private readonly flusher: Flusher;
  private readonly starting = new Set<string>();
  private readonly prompts: { generationId: string; prompt: PromptRecord }[] = [];
  private readonly finishing: FinishGeneration[] = [];
  private finishTask: Promise<void> | undefined;

  constructor(
    private readonly storage: Storage,
    private readonly log: Logger,
    /** Called when a run has ended for good. */
    private readonly onEnd: (owner: string, generation: Generation) => void,
  ) {
    this.flusher = new Flusher(storage.generations, log);
  }

  get(generationId: string): Run | undefined {
    return this.live.get(generationId);
  }

  all(): Run[] {
    return [...this.live.values()];
  }

  /** Starts a run, which waits for a free place of its model; it is live when this returns. */
  begin(input: Omit<RunInput, 'slots'>): Run {
    const run = new Run({ ...input, slots: this.slotsOf(input.model) });
    this.live.set(run.generation.id, run);
    this.flusher.add(run.log);
    // Another writer has ended this run (it was taken for dead): what we would still write can never be stored.
    run.log.subscribe(() => run.log.isLost && run.stop({ status: 'interrupted' }));
    const release = input.model.hold();
    void this.carryOut(run).finally(release);
    return run;
  }

  /** Resolves when no run is live any more. */
  async drained(): Promise<void> {
    while (this.live.size > 0) await new Promise((resolve) => setTimeout(resolve, 10));
    await this.finishTask;
  }

  private slotsOf({ backend }: RunInput['model']): Slots {
    const slots = this.slots.get(backend) ?? new Slots(backend.maxConcurrency);
    this.slots.set(backend, slots);
    return slots;
  }

  private async carryOut(run: Run): Promise<void> {
    const { id } = run.generation;
    const end = await run.execute({
      onRunning: () => this.markRunning(id),
      onPrompt: (prompt) => this.recordPrompt(id, prompt),
    });
    run.log.seal(end);
    const isStored = await this.storeEnd(run);
    if (!isStored && !run.log.isLost) run.log.endUnstored(storageFault(end));
    if (isStored) {
      await this.finish(run, end);
      run.log.tellEnd();
    }
    this.flusher.remove(run.log);
    this.live.delete(run.generation.id);
    this.onEnd(run.input.owner, run.generation);
  }

  private async storeEnd(run: Run): Promise<boolean> {
    const giveUpAtMs = performance.now() + storeEndForMs;
    for (;;) {
      await this.flusher.flush();
      if (run.log.isLost) return false;
      if (run.log.isEndStored) return true;
      if (performance.now() > giveUpAtMs) return false;
      await new Promise((resolve) => setTimeout(resolve, retryMs));
    }
  }

  /** Runs that end together are finished in one call. What fails here is completed by the reaper: the log is stored. */
  private async finish(run: Run, end: RunEnd): Promise<void> {
    const { generation } = run;
    this.finishing.push({ generationId: generation.id, end, messages: run.log.fold(), endedAt: new Date() });
    this.finishTask ??= Promise.resolve().then(async () => {
      this.finishTask = undefined;
      const finished = this.finishing.splice(0);
      await this.storage.generations.finish(finished).catch((thrown: unknown) => {
        this.log.error({ err: thrown, runs: finished.length }, 'ended runs could not be completed yet');
      });
    });
    await this.finishTask;
  }

  /** Runs that start together are marked in one call. Only the list's dot depends on it, so it is not waited for. */
  private markRunning(generationId: string): void {
    this.starting.add(generationId);
    if (this.starting.size > 1) return;
    setImmediate(() => {
      const ids = [...this.starting];
      this.starting.clear();
      this.storage.generations.markRunning(ids).catch((thrown: unknown) => {
        this.log.warn({ err: thrown }, 'runs could not be marked as running');
      });
    });
  }

  /** In one call for runs that start together. Not waited for: without it an answer only cannot show its prompt. */
  private recordPrompt(generationId: string, prompt: PromptRecord): void {
    if (this.prompts.push({ generationId, prompt }) > 1) return;
    setImmediate(() => {
      this.storage.generations.recordPrompts(this.prompts.splice(0)).catch((thrown: unknown) => {
        this.log.warn({ err: thrown }, 'prompts of runs could not be recorded');
      });
    });
  }
}

function storageFault(end: RunEnd): RunEnd {
  const status: EndStatus = 'failed';
  return {
    ...end,
    status,
    error: {
      code: 'storage-unavailable',
      message: 'The end of this answer could not be stored.',
      retryable: true,
    },
  };
}
