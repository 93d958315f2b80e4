import type { Logger } from 'pino';
import { AppError } from '../../domain/errors';
import type { Message } from '../../domain/message';
import { unlessAborted } from '../../domain/unless-aborted';
import type { Model, PrepareInput } from '../models/model';
import type { Storage } from '../storage/storage';
import type { IdlePlace } from './slots';
import { titleIn, titleParameters, titlePrompt } from './title';

/** How long a title may take, with the wait for a place, in milliseconds: later nobody misses it. */
const longestMs = 120_000;
/** Titles that may be under way; of more, the first words stay. */
const mostAtOnce = 100;

export interface TitlesOptions {
  storage: Pick<Storage, 'conversations'>;
  /** The model that gives titles, while there is one. */
  findModel: () => Model | undefined;
  /** A place of the model once nobody else wants it; `undefined` when the signal aborted first. */
  place: (model: Model, signal: AbortSignal) => Promise<IdlePlace | undefined>;
  onChanged: (owner: string, conversationId: string) => void;
  log: Logger;
}

/** A conversation that has just got its first question. */
export interface Untitled {
  owner: string;
  conversationId: string;
  /** Its first words, which stand for a title; only while they do is another one given. */
  title: string;
  path: readonly Message[];
}

/**
 * Gives new conversations titles, made by a model, beside the answers and waited for by nobody. A title that a person sets
 * meanwhile stays. Where it fails, the first words stay.
 */
export class Titles {
  private readonly closing = new AbortController();
  private readonly underWay = new Set<Promise<void>>();

  constructor(private readonly options: TitlesOptions) {}

  /** Returns at once. */
  suggest(untitled: Untitled): void {
    if (this.closing.signal.aborted || this.underWay.size >= mostAtOnce) return;
    const model = this.options.findModel();
    if (!model) return;
    const work = this.give(untitled, model).finally(() => this.underWay.delete(work));
    this.underWay.add(work);
  }

  /** Stops what is under way; resolves when nothing is left of it. */
  async close(): Promise<void> {
    this.closing.abort();
    await Promise.all(this.underWay);
  }

  private async give({ owner, conversationId, title, path }: Untitled, model: Model): Promise<void> {
    const { storage, onChanged, log } = this.options;
    try {
      const made = await this.make(owner, path, model).finally(model.hold());
      if (made === undefined || made === title || this.closing.signal.aborted) return;
      const titles = { from: title, to: made };
      const hasChanged = await storage.conversations
        .retitle(owner, conversationId, titles)
        .catch(goneIsFalse);
      if (hasChanged) onChanged(owner, conversationId);
    } catch (thrown) {
      if (this.closing.signal.aborted) return;
      log.warn(
        { err: thrown, conversationId, modelId: model.id },
        'a conversation got no title from the model',
      );
    }
  }

  private async make(owner: string, path: readonly Message[], model: Model): Promise<string | undefined> {
    const prompt = titlePrompt(path);
    if (!prompt) return undefined;
    const signal = AbortSignal.any([this.closing.signal, AbortSignal.timeout(longestMs)]);
    for (;;) {
      const place = await this.options.place(model, signal);
      if (!place) throw new AppError('model-unavailable', 'The model for titles had no time.');
      const text = await this.ask(model, { prompt, owner }, AbortSignal.any([signal, place.wanted]))
        .catch((thrown: unknown) => {
          // Somebody who waits has got the place: once more, when nobody does.
          if (place.wanted.aborted && !signal.aborted) return undefined;
          throw thrown;
        })
        .finally(place.release);
      if (text === undefined) continue;
      const made = titleIn(text);
      if (made !== undefined) return made;
      throw new AppError('backend-protocol', 'The model for titles wrote none.');
    }
  }

  private async ask(
    model: Model,
    { prompt, owner }: { prompt: PrepareInput; owner: string },
    signal: AbortSignal,
  ): Promise<string> {
    await unlessAborted(
      model.makeReady(() => undefined),
      signal,
    );
    const prepared = await unlessAborted(model.prepare(prompt), signal);
    let text = '';
    const request = { ...prepared.input, parameters: titleParameters(prepared), signal };
    for await (const event of model.backend.generate({ ...request, cache: { scope: `${owner}/titles` } })) {
      if (event.type === 'delta' && event.kind === 'text') text += event.text;
    }
    signal.throwIfAborted();
    return text;
  }
}

/** What is deleted needs no title. */
function goneIsFalse(thrown: unknown): false {
  if (thrown instanceof AppError && thrown.code === 'not-found') return false;
  throw thrown;
}
