import { randomUUID } from 'node:crypto';
import { AppError } from '../../../domain/errors';
import type { FinishReason } from '../../../domain/message';
import type { TextKind } from '../../../domain/parts';
import type { TokenInfo } from '../../../domain/token-info';
import type { BackendEvent, BackendUsage } from '../backend';
import { EchoFilter } from '../echo-filter';
import { tokensOf } from '../openai/logprobs';
import { StopSequences } from '../stop-sequences';
import { readLine } from './read-line';
import type { OllamaLine, OllamaToolCall } from './wire';

/** Turns the lines of the server into deltas, until one says that it is done. */
export class OllamaAnswer {
  /** Why it ended; absent while it has not. */
  reason: FinishReason | undefined;
  /** Absent where the server did not count. */
  usage: BackendUsage | undefined;
  private readonly stop: StopSequences;
  private readonly echo: EchoFilter;
  /** Whether anything was said, thought or called. */
  hasSpoken = false;
  /** Whether tokens came with their log probabilities. */
  hasTokens = false;
  private readonly tokens: TokenInfo[] = [];

  /** `start`: what the answer goes on from, which the llama.cpp of the server may send again. */
  constructor(stop: readonly string[], start = '') {
    this.stop = new StopSequences(stop);
    this.echo = new EchoFilter(start);
  }

  /** What may be told with this line. Throws what the line says went wrong, and `backend-protocol` for nonsense. */
  push(text: string): BackendEvent[] {
    const line = readLine(text);
    const { message } = line;
    this.tokens.push(...tokensOf({ content: line.logprobs }));
    this.hasTokens ||= this.tokens.length > 0;
    const thoughts = message?.thinking ?? line.thinking ?? '';
    const said = this.stop.push(this.echo.push(message?.content ?? line.response ?? ''));
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
    const tokens = this.tokens.splice(0);
    return [{ type: 'delta', choice: 0, kind, text, ...(tokens.length > 0 && { tokens }) }];
  }

  /** Each comes whole, with its arguments as an object. */
  private call({ id, function: { name, arguments: given } }: OllamaToolCall): BackendEvent {
    this.hasSpoken = true;
    const input = typeof given === 'string' ? given : JSON.stringify(given ?? {});
    // Servers that give ids give each only once; older ones give none.
    return { type: 'tool-call', choice: 0, id: id || `call_${randomUUID()}`, name, arguments: input };
  }

  private end(line: OllamaLine): BackendEvent[] {
    const rest = this.delta('text', this.stop.push(this.echo.end()) + this.stop.end());
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
