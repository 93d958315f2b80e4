import { randomUUID } from 'node:crypto';
import { AppError } from '../../../domain/errors';
import type { FinishReason } from '../../../domain/message';
import type { TextKind } from '../../../domain/parts';
import type { BackendEvent, BackendUsage } from '../backend';
import { parseJson } from '../http/parse-json';
import { payloadError } from '../http/upstream-error';
import { StopSequences } from '../stop-sequences';
import { lineSchema, type OllamaLine, type OllamaToolCall } from './wire';

/** Turns the lines of the server into deltas, until one says that it is done. */
export class OllamaAnswer {
  /** Why it ended; absent while it has not. */
  reason: FinishReason | undefined;
  /** Absent where the server did not count. */
  usage: BackendUsage | undefined;
  private readonly stop: StopSequences;
  private hasSpoken = false;

  constructor(stop: readonly string[]) {
    this.stop = new StopSequences(stop);
  }

  /** What may be told with this line. Throws what the line says went wrong, and `backend-protocol` for nonsense. */
  push(text: string): BackendEvent[] {
    const line = readLine(text);
    const { message } = line;
    const thoughts = message?.thinking ?? line.thinking ?? '';
    const said = this.stop.push(message?.content ?? line.response ?? '');
    const events = [
      ...this.delta('reasoning', thoughts),
      ...this.delta('text', said),
      ...(message?.tool_calls ?? []).map((call) => this.call(call)),
    ];
    if (line.done) events.push(...this.end(line));
    else if (this.stop.hasStopped) this.reason = 'stop';
    return events;
  }

  private delta(kind: TextKind, text: string): BackendEvent[] {
    if (text === '') return [];
    this.hasSpoken = true;
    return [{ type: 'delta', choice: 0, kind, text }];
  }

  /** Each comes whole, with its arguments as an object. */
  private call({ id, function: { name, arguments: given } }: OllamaToolCall): BackendEvent {
    this.hasSpoken = true;
    const input = typeof given === 'string' ? given : JSON.stringify(given ?? {});
    // Servers that give ids give each only once; older ones give none.
    return { type: 'tool-call', choice: 0, id: id || `call_${randomUUID()}`, name, arguments: input };
  }

  private end(line: OllamaLine): BackendEvent[] {
    const rest = this.delta('text', this.stop.end());
    const { done_reason: reason, prompt_eval_count: promptTokens, eval_count: completionTokens } = line;
    // The server did something with the model instead of asking it; whoever stops or loads models did so just now.
    if ((reason === 'load' || reason === 'unload') && !this.hasSpoken)
      throw new AppError('model-unavailable', 'Ollama was loading or unloading the model. Try again.');
    this.reason = reason === 'length' && !this.stop.hasStopped ? 'length' : 'stop';
    if (typeof promptTokens === 'number' && typeof completionTokens === 'number')
      this.usage = { promptTokens, completionTokens };
    return rest;
  }
}

function readLine(text: string): OllamaLine {
  const parsed = parseJson(text);
  const fault = payloadError(parsed);
  if (fault) throw fault;
  const line = lineSchema.safeParse(parsed);
  if (!line.success) throw nonsense();
  return line.data;
}

function nonsense(): AppError {
  return new AppError('backend-protocol', 'What Ollama sent is not an answer.');
}
