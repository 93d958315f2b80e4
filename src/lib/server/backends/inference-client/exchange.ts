import type { BackendEvent, GenerateRequest } from '../backend';
import { learnFrom, nothingLearned, type Learned } from '../openai/refusal';
import { wireRequest, type WireRequest } from '../openai/request';
import { StopSequences } from '../stop-sequences';
import { Call, readEvents, readerFor } from './call';
import { streamFrom, textFrom } from './client-calls';
import type { InferenceClientConfig } from './config';
import { dialectOf, withoutIdle } from './dialect';
import { clientFault } from './fault';
import { loadLibrary, type Library } from './library';
import type { Ways } from './ways';

type Streamed = Exclude<GenerateRequest, { kind: 'text2text' }>;
type Whole = Extract<GenerateRequest, { kind: 'text2text' }>;

/** Most times that one request is said in another way. */
const mostRewordings = 6;

/** Carries out requests through the client of Hugging Face, and remembers how a server wants to be asked. */
export class InferenceExchange {
  private learned: Learned = nothingLearned;

  constructor(
    private readonly config: InferenceClientConfig,
    private readonly ways: Ways,
    private readonly redact: (text: string) => string,
    private readonly graceMs?: number,
  ) {}

  /** Throws `AppError`, or whatever an abort throws. */
  async *answer(request: GenerateRequest): AsyncGenerator<BackendEvent> {
    const library = await loadLibrary();
    try {
      if (request.kind === 'text2text') yield* this.whole(request, library);
      else yield* this.streamed(withoutIdle(request), library);
    } catch (thrown) {
      throw clientFault(thrown, library, this.redact);
    }
  }

  private async *streamed(request: Streamed, library: Library): AsyncGenerator<BackendEvent> {
    const { model, task = 'chat' } = this.config;
    const told = new Set<string>();
    for (let attempt = 0; ; attempt += 1) {
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
      const refused = yield* this.once(request, wire, library);
      if (!refused) return;
      const { status, body: text } = refused.reply;
      const learned = learnFrom({ ...wire, status, text }, this.learned);
      if (!learned || attempt >= mostRewordings) throw refused.thrown;
      this.learned = learned;
    }
  }

  /** Asks once and reads the answer. Returns the refusal when there was one; any other fault is thrown. */
  private async *once(request: Streamed, wire: WireRequest, library: Library) {
    const reader = readerFor(wire, request);
    const call = new Call(request.signal, reader);
    const options = call.options(this.config, this.ways);
    try {
      const stream = streamFrom(library, this.config, wire, options);
      yield* readEvents(stream[Symbol.asyncIterator](), reader, this.graceMs);
      return undefined;
    } catch (thrown) {
      if (!call.refused) throw thrown;
      return { thrown, reply: call.refused };
    } finally {
      call.end();
    }
  }

  private async *whole(request: Whole, library: Library): AsyncGenerator<BackendEvent> {
    const call = new Call(request.signal);
    try {
      const said = await textFrom(library, this.config, request, call.options(this.config, this.ways));
      const stop = new StopSequences(request.parameters.stop ?? []);
      const text = stop.push(said) + stop.end();
      if (text !== '') yield { type: 'delta', choice: 0, kind: 'text', text };
      yield { type: 'finish', reason: 'stop' };
    } finally {
      call.end();
    }
  }
}
