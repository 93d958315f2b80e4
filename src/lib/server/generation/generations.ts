import type { Logger } from 'pino';
import { AppError } from '../../domain/errors';
import type { Generation } from '../../domain/generation';
import type { StartReplies } from '../../domain/requests';
import type { Cursor, StreamSource } from '../../domain/stream';
import type { ModelRegistry } from '../models/registry';
import type { Storage } from '../storage/storage';
import { Follower } from './follower';
import type { OwnerEvents } from './owner-events';
import { Runs } from './runs';
import { checkStart, hashOf, planStart, type PlannedStart } from './start';
import { foldRunning, readStored, type ConversationSnapshot } from './stored-source';

export interface GenerationsOptions {
  storage: Storage;
  models: ModelRegistry;
  ownerEvents: OwnerEvents;
  processId: string;
  log: Logger;
  /** Called when the first answers of a conversation begin that nobody has named. */
  onUntitled?: (owner: string, planned: PlannedStart) => void;
}

/** Runs, detached from requests. Callers cannot tell whether a run lives in this process or in another. */
export class Generations {
  private readonly runs: Runs;
  private readonly followers = new Set<Follower>();
  private isClosing = false;

  constructor(private readonly options: GenerationsOptions) {
    this.runs = new Runs(options.storage, options.log, (owner, { conversationId }) => {
      this.tellChanged(owner, conversationId);
    });
  }

  /** Starts runs, or finds those that the same request started before. */
  async start(owner: string, conversationId: string, request: StartReplies): Promise<Generation[]> {
    if (this.isClosing)
      throw new AppError('model-unavailable', 'The server is restarting. Try again in a moment.');
    const { storage, models, processId } = this.options;
    const [repeated, opened, defaults] = await Promise.all([
      this.findRepeated(owner, conversationId, request),
      storage.conversations.open(owner, conversationId),
      storage.settings.get(owner),
    ]);
    if (repeated) return repeated;
    const chosen = request.replies.map(({ modelId }) => models.offer(modelId, owner));
    // What is stored must be run, whatever happens to the list of models meanwhile.
    const releases = chosen.map((model) => model.hold());
    try {
      await checkStart(opened, request, { owner, defaults, models: chosen, files: storage.files });
      const planned = planStart(opened, request, { owner: defaults, processId, now: new Date() });
      const outcome = await storage.generations.begin(owner, planned.begin);
      // The same request came twice at once, and the other one was first.
      if (outcome === 'existing') return await this.getAll(owner, request);
      this.begin(owner, planned, chosen);
      return planned.begin.generations;
    } finally {
      for (const release of releases) release();
    }
  }

  /** Every entry after the cursors, once and in order, until all of these runs have ended or the signal aborts. */
  follow(owner: string, cursors: Cursor[], signal: AbortSignal): StreamSource {
    const follower = this.newFollower(signal, true);
    for (const cursor of cursors) this.attach(follower, owner, cursor, signal);
    return follower;
  }

  /**
   * The entries of every run of `conversationId` (those in `cursors` after their cursor, those that start later from
   * their beginning) and the changes of the owner's list, until the signal aborts.
   */
  events(owner: string, conversationId: string | null, cursors: Cursor[], signal: AbortSignal): StreamSource {
    const follower = this.newFollower(signal, false, () => unsubscribe());
    const unsubscribe = this.options.ownerEvents.subscribe(owner, {
      onOwnerEvent: (event) => follower.onOwnerEvent(event),
      onRun: (startedIn, log) => {
        if (startedIn === conversationId)
          follower.followLog(log, 0, this.storedFrom(owner, log.generationId, signal));
      },
    });
    for (const cursor of cursors) this.attach(follower, owner, cursor, signal);
    for (const run of this.runs.all()) {
      const isOurs = run.input.owner === owner && run.generation.conversationId === conversationId;
      if (isOurs) this.attach(follower, owner, { generationId: run.generation.id, seq: 0 }, signal);
    }
    return follower;
  }

  /** Ends a run with the text up to `throughSeq` (absent: all). One that has ended stays as it is. */
  async stop(owner: string, generationId: string, throughSeq: number | undefined): Promise<void> {
    const run = this.runs.get(generationId);
    if (run?.input.owner === owner)
      run.stop({ status: 'stopped', ...(throughSeq !== undefined && { throughSeq }) });
    // Also when it runs here: the flag is what a run in another process sees, and what the reaper goes by.
    await this.options.storage.generations.requestStop(owner, { generationId, throughSeq });
  }

  /** Obeys the flags that were left, in other processes too, for runs of this one. */
  async obeyStopRequests(): Promise<void> {
    if (this.runs.all().length === 0) return;
    const requests = await this.options.storage.generations.stopRequests(this.options.processId);
    for (const { generationId, throughSeq } of requests) {
      this.runs
        .get(generationId)
        ?.stop({ status: 'stopped', ...(throughSeq !== undefined && { throughSeq }) });
    }
  }

  /** Stops what runs in a conversation, here and elsewhere. */
  async stopAllIn(owner: string, conversationId: string): Promise<void> {
    const { generations } = await this.options.storage.conversations.open(owner, conversationId);
    await Promise.all(generations.map(({ id }) => this.stop(owner, id, undefined)));
  }

  /** The runs in this process of a conversation that is hidden already; absent: of all that the owner has. */
  stopLocal(owner: string, conversationId?: string): void {
    for (const run of this.runs.all()) {
      const isIn = conversationId === undefined || run.generation.conversationId === conversationId;
      if (run.input.owner === owner && isIn) run.stop({ status: 'stopped' });
    }
  }

  /** A conversation as a page needs it: running answers with their text so far. */
  async snapshot(owner: string, conversationId: string): Promise<ConversationSnapshot> {
    const { storage } = this.options;
    const opened = await storage.conversations.open(owner, conversationId);
    return foldRunning(storage.generations, owner, opened, (id) => this.runs.get(id)?.log);
  }

  /** Whether a run lives in this process; the reaper leaves those alone. */
  isLive(generationId: string): boolean {
    return this.runs.get(generationId) !== undefined;
  }

  /** A place of a model for work that nobody waits for; see `Slots.acquireIdle`. */
  idlePlace(...asked: Parameters<Runs['idlePlace']>): ReturnType<Runs['idlePlace']> {
    return this.runs.idlePlace(...asked);
  }

  /** Tells the owner's pages how the list's row looks now. Nobody waits for it, and a deleted one is not told. */
  tellChanged(owner: string, conversationId: string): void {
    const { storage, ownerEvents, log } = this.options;
    storage.conversations
      .summary(owner, conversationId)
      .then((conversation) => ownerEvents.publish(owner, { type: 'conversation-changed', conversation }))
      .catch((thrown: unknown) => {
        if (thrown instanceof AppError && thrown.code === 'not-found') return;
        log.warn({ err: thrown, conversationId }, 'a changed conversation could not be told');
      });
  }

  /** Refuses new runs and ends the others with what they have; then ends the streams of all readers. */
  async close(): Promise<void> {
    this.isClosing = true;
    for (const run of this.runs.all()) run.stop({ status: 'interrupted' });
    await this.runs.drained();
    for (const follower of this.followers) follower.close();
  }

  private begin(owner: string, planned: PlannedStart, chosen: ReturnType<ModelRegistry['offer']>[]): void {
    const { begin, path, settings, isUntitled } = planned;
    const { ownerEvents, models, log, storage } = this.options;
    const { conversationId, leafId, messages } = begin;
    ownerEvents.publish(owner, { type: 'messages-added', conversationId, leafId, messages });
    for (const [index, generation] of begin.generations.entries()) {
      const run = this.runs.begin({
        owner,
        generation,
        messages: messages.filter(({ generationId }) => generationId === generation.id),
        model: chosen[index] ?? models.get(generation.modelId),
        prepare: { path, settings: settings[index] ?? {}, prefix: generation.prefix },
        readFile: async (id) => (await storage.files.get(owner, id)).bytes,
        log,
      });
      ownerEvents.announceRun(owner, conversationId, run.log);
    }
    this.tellChanged(owner, conversationId);
    // After the runs: theirs are the first places.
    if (isUntitled) this.options.onUntitled?.(owner, planned);
  }

  /** The generations of a request that was made before; a conflict when the ids are taken by another. */
  private async findRepeated(
    owner: string,
    conversationId: string,
    request: StartReplies,
  ): Promise<Generation[] | undefined> {
    const first = request.replies[0];
    if (!first) return undefined;
    const found = await this.options.storage.generations
      .get(owner, first.generationId)
      .catch((thrown: unknown) => {
        if (thrown instanceof AppError && thrown.code === 'not-found') return undefined;
        throw thrown;
      });
    if (!found) return undefined;
    if (found.requestHash !== hashOf(conversationId, request)) {
      throw new AppError('conflict', 'Another request has used these ids.');
    }
    return this.getAll(owner, request);
  }

  private getAll(owner: string, request: StartReplies): Promise<Generation[]> {
    const { generations } = this.options.storage;
    return Promise.all(request.replies.map(({ generationId }) => generations.get(owner, generationId)));
  }

  private attach(
    follower: Follower,
    owner: string,
    { generationId, seq }: Cursor,
    signal: AbortSignal,
  ): void {
    const run = this.runs.get(generationId);
    const stored = this.storedFrom(owner, generationId, signal);
    if (run?.input.owner === owner) follower.followLog(run.log, seq, stored);
    else follower.followPages(generationId, stored(seq));
  }

  private storedFrom(owner: string, generationId: string, signal: AbortSignal) {
    const store = this.options.storage.generations;
    return (seq: number) => readStored(store, owner, { generationId, seq }, signal);
  }

  private newFollower(signal: AbortSignal, untilEnded: boolean, onEnd?: () => void): Follower {
    const follower: Follower = new Follower({
      signal,
      untilEnded,
      onEnd: () => {
        this.followers.delete(follower);
        onEnd?.();
      },
    });
    this.followers.add(follower);
    return follower;
  }
}
