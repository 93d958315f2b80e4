import { z } from 'zod';
import { AppError } from '../../../domain/errors';
import { unknownParameters } from '../../../domain/known-parameters';
import {
  untilAborted,
  type Backend,
  type BackendDefinition,
  type BackendEvent,
  type BackendState,
  type GenerateRequest,
} from '../backend';
import { serverFields } from '../http/endpoint-config';
import { createTransport } from '../http/http-transport';
import { readLines } from '../http/sse';
import type { Transport } from '../http/transport';
import { errorOfReply } from '../http/upstream-error';
import { reasoningApart } from '../reasoning-events';
import { StopSequences } from '../stop-sequences';

const schema = z.strictObject({ type: z.literal('lines'), ...serverFields });
type LinesConfig = z.infer<typeof schema>;

/** Servers that take `POST /write` and answer in lines: `+" some text"` for a token, `.stop 12 34` at the end. */
export const linesBackend: BackendDefinition<LinesConfig> = {
  type: 'lines',
  schema,
  create: ({ type: _type, ...server }, context) =>
    new LinesBackend(createTransport(server, context), server.maxConcurrency),
};

class LinesBackend implements Backend {
  readonly type = 'lines';
  readonly accepts = ['prompt'] as const;
  readonly supportedParameters = ['max_new_tokens', 'temperature', 'seed', 'stop'] as const;
  readonly writesChoices = false;
  readonly maxConcurrency?: number;
  private known: BackendState = { state: 'ready' };

  constructor(
    private readonly transport: Transport,
    maxConcurrency: number | undefined,
  ) {
    if (maxConcurrency !== undefined) this.maxConcurrency = maxConcurrency;
  }

  generate(request: GenerateRequest): AsyncGenerator<BackendEvent> {
    return untilAborted(request.signal, reasoningApart(request, this.answer(request)), {
      redact: (text) => this.transport.redact(text),
      onFault: (thrown) => thrown,
    });
  }

  async warmUp(): Promise<BackendState> {
    try {
      const signal = AbortSignal.timeout(5000);
      const reply = await this.transport.send({ method: 'GET', path: '/health', signal });
      reply.close();
      this.known = reply.status === 200 ? { state: 'ready' } : unavailable(`status ${String(reply.status)}`);
    } catch (thrown) {
      this.known = unavailable(thrown instanceof AppError ? thrown.message : 'no answer in time');
    }
    return this.known;
  }

  state(): BackendState {
    return this.known;
  }

  close(): Promise<void> {
    return this.transport.close();
  }

  private async *answer(request: GenerateRequest): AsyncGenerator<BackendEvent> {
    const { parameters, signal } = request;
    for (const name of unknownParameters(parameters, this.supportedParameters))
      yield { type: 'warning', code: 'unknown-parameter', text: `The server does not know ${name}.` };
    if (request.kind !== 'prompt') throw new AppError('invalid-input', 'This model reads one text.');
    const { max_new_tokens: tokens, temperature, seed, stop = [] } = parameters;
    const body = { prompt: request.prompt, tokens, temperature, seed };
    const reply = await this.transport.send({ method: 'POST', path: '/write', body, signal });
    if (reply.status !== 200) throw await errorOfReply(reply);
    const stops = new StopSequences(stop);
    // Leaving this loop, however it happens, closes the connection: that is how the server learns of it.
    for await (const line of readLines(reply.chunks())) {
      const piece = line.startsWith('+') ? stops.push(textIn(line)) : '';
      if (piece !== '') yield { type: 'delta', choice: 0, kind: 'text', text: piece };
      if (line.startsWith('.') || stops.hasStopped) {
        const rest = stops.end();
        if (rest !== '') yield { type: 'delta', choice: 0, kind: 'text', text: rest };
        yield stops.hasStopped ? { type: 'finish', reason: 'stop' } : finishOf(line);
        return;
      }
    }
    throw new AppError('backend-protocol', "The model's server broke off its answer.");
  }
}

function textIn(line: string): string {
  try {
    return z.string().parse(JSON.parse(line.slice(1)));
  } catch (cause) {
    throw new AppError('backend-protocol', "The model's server sent what cannot be read.", { cause });
  }
}

/** `.length 12 34`: why it ended, then the tokens of the prompt and of the answer. */
function finishOf(line: string): BackendEvent {
  const [reason, prompt, answer] = line.slice(1).split(' ');
  const usage = { promptTokens: Number(prompt), completionTokens: Number(answer) };
  return { type: 'finish', reason: reason === 'length' ? 'length' : 'stop', usage };
}

function unavailable(what: string): BackendState {
  return {
    state: 'unavailable',
    reason: `The model's server is not well (${what}).`,
    remedy: 'Start it, or correct its url.',
  };
}
