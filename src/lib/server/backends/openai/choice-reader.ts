import type { FinishReason } from '../../../domain/message';
import type { TextKind } from '../../../domain/parts';
import type { TokenInfo } from '../../../domain/token-info';
import type { AnswerStart } from '../answer-start';
import type { BackendEvent } from '../backend';
import { EchoFilter } from '../echo-filter';
import { StopSequences } from '../stop-sequences';
import { ThinkSplitter, type Piece } from '../think-splitter';
import { tokensOf } from './logprobs';
import type { WireChoice } from './payload';
import { ToolCalls } from './tool-calls';

export interface ChoiceOptions {
  stop: readonly string[];
  /** Where it begins: its reasoning may be inside the text, in tags. */
  start: AnswerStart;
  /** A start that the model was asked to go on from, and may write again. */
  echo: string;
  /** Most alternatives of a token that are of interest; absent: all that come. */
  mostTop?: number | undefined;
}

/** Reads one answer: reasoning, text, tool calls, and how it ends. */
export class ChoiceReader {
  finish: FinishReason | undefined;
  /** The server held back what it found unsuitable. */
  wasFiltered = false;
  readonly calls = new ToolCalls();
  private readonly stop: StopSequences;
  private readonly splitter: ThinkSplitter;
  private readonly echo: EchoFilter;
  private readonly mostTop: number | undefined;
  private readonly tokens: TokenInfo[] = [];
  /** The first half of a character that JSON has in two escapes, when they came apart. */
  private half = '';

  constructor(
    private readonly choice: number,
    { stop, start, echo, mostTop }: ChoiceOptions,
  ) {
    this.mostTop = mostTop;
    this.stop = new StopSequences(stop);
    this.splitter = new ThinkSplitter(start);
    this.echo = new EchoFilter(echo);
  }

  get hasStopped(): boolean {
    return this.stop.hasStopped;
  }

  push({ text, reasoning, toolCalls, finishReason, logprobs }: WireChoice): BackendEvent[] {
    if (this.hasStopped) return [];
    this.tokens.push(...tokensOf(logprobs, this.mostTop));
    for (const call of toolCalls) this.calls.push(call);
    const pieces: Piece[] = reasoning === '' ? [] : [{ kind: 'reasoning', text: reasoning }];
    pieces.push(...this.splitter.push(this.whole(text)));
    const events = this.show(pieces);
    if (this.hasStopped) this.finish = 'stop';
    else if (finishReason !== undefined) {
      this.finish = finishReason === 'length' ? 'length' : 'stop';
      this.wasFiltered = finishReason === 'content_filter';
    }
    return events;
  }

  /** What was held back, and the tool calls. */
  end(): BackendEvent[] {
    if (this.hasStopped) return [];
    const pieces = this.splitter.push(this.half);
    this.half = '';
    const events = this.show([...pieces, ...this.splitter.end()]);
    const rest = this.stop.push(this.echo.end()) + this.stop.end();
    return [
      ...events,
      ...this.delta('text', rest),
      ...this.calls.all().map((call) => ({ ...call, choice: this.choice })),
    ];
  }

  private whole(text: string): string {
    const joined = this.half + text;
    this.half = /[\uD800-\uDBFF]$/u.exec(joined)?.[0] ?? '';
    return joined.slice(0, joined.length - this.half.length);
  }

  private show(pieces: Piece[]): BackendEvent[] {
    return pieces.flatMap(({ kind, text }) =>
      this.delta(kind, kind === 'text' ? this.stop.push(this.echo.push(text)) : text),
    );
  }

  private delta(kind: TextKind, text: string): BackendEvent[] {
    if (text === '') return [];
    const tokens = this.tokens.splice(0);
    return [{ type: 'delta', choice: this.choice, kind, text, ...(tokens.length > 0 && { tokens }) }];
  }
}
