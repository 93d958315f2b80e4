import { setTimeout as sleep } from 'node:timers/promises';
import type { BackendEvent, GenerateRequest } from '../backend';
import { learnFrom, mostRewordings, nothingLearned, type Learned } from '../openai/refusal';
import { isLoading } from '../openai/server-check';
import { wireRequest } from '../openai/request';
import { answerOnce, type ExchangeTiming } from './call';
import type { InferenceClientConfig } from './config';
import { dialectOf, withoutIdle } from './dialect';
import { clientFault } from './fault';
import { loadLibrary, type Library } from './library';
import type { Ways } from './ways';
import { wholeAnswer } from './whole-answer';

type Streamed = Exclude<GenerateRequest, { kind: 'text2text' }>;

/** Carries out requests through the client of Hugging Face, and remembers how a server wants to be asked. */
export class InferenceExchange {
  private learned: Learned = nothingLearned;

  constructor(
    private readonly config: InferenceClientConfig,
    private readonly ways: Ways,
    private readonly timing: ExchangeTiming,
  ) {}

  private get around() {
    return { config: this.config, ways: this.ways, graceMs: this.timing.graceMs };
  }

  /** Throws `AppError`, or whatever an abort throws. */
  async *answer(request: GenerateRequest): AsyncGenerator<BackendEvent> {
    const library = await loadLibrary();
    try {
      if (request.kind === 'text2text') yield* wholeAnswer(request, { ...this.around, library });
      else yield* this.streamed(withoutIdle(request), library);
    } catch (thrown) {
      throw clientFault(thrown, library);
    }
  }

  private async *streamed(request: Streamed, library: Library): AsyncGenerator<BackendEvent> {
    const { model, task = 'chat' } = this.config;
    const { pauseMs, loadingMs } = this.timing;
    const told = new Set<string>();
    const sinceMs = performance.now();
    let waits = false;
    for (let attempt = 0; ;) {
      const wire = await wireRequest(request, {
        dialect: dialectOf(task),
        learned: this.learned,
        model,
        hasGuidedFields: false,
        extra: {},
      });
      for (const { code, text } of wire.warnings) {
        if (!told.has(text)) yield { type: 'warning', code, text };
        told.add(text);
      }
      if (request.signal.aborted) return;
      const refused = yield* answerOnce(request, wire, { ...this.around, library });
      if (!refused) return;
      if (isLoading(refused.thrown) && performance.now() - sinceMs < loadingMs) {
        if (!waits) yield { type: 'progress', label: 'loading', fraction: 0 };
        waits = true;
        await sleep(pauseMs, undefined, { signal: request.signal });
        continue;
      }
      const { status, body: text } = refused.reply;
      const learned = learnFrom({ ...wire, status, text }, this.learned);
      if (!learned || attempt >= mostRewordings) throw refused.thrown;
      this.learned = learned;
      attempt += 1;
    }
  }
}
