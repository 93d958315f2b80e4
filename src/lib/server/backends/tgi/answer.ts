import type { FinishReason } from '../../../domain/message';
import type { TokenInfo } from '../../../domain/token-info';
import type { BackendEvent } from '../backend';
import { StopSequences } from '../stop-sequences';
import type { TgiEvent, TgiToken } from './wire';

export interface AnswerOptions {
  stop: readonly string[];
  /** Alternatives of each token that are told; absent: nothing is told of tokens. */
  alternatives: number | undefined;
}

/** What is known of the size of an answer once it is over. */
export interface AnswerSize {
  completionTokens: number;
  /** Absent: the server did not say. */
  promptTokens?: number;
}

/** Turns events of the server into deltas, without special tokens and never with a stop sequence. */
export class Answer {
  /** Why it ended; absent while it has not. */
  reason: FinishReason | undefined;
  private readonly stop: StopSequences;
  /** The text of the tokens so far, as the server wrote it. */
  private seen = '';
  private tokenCount = 0;
  private details: TgiEvent['details'];
  /** Of text that was not told yet. */
  private untold: TokenInfo[] = [];

  constructor(private readonly options: AnswerOptions) {
    this.stop = new StopSequences(options.stop);
  }

  get size(): AnswerSize {
    const { generated_tokens, input_length } = this.details ?? {};
    return {
      completionTokens: generated_tokens ?? this.tokenCount,
      ...(typeof input_length === 'number' && { promptTokens: input_length }),
    };
  }

  /** What may be told with this event; the answer may be over with it. */
  push(event: TgiEvent): BackendEvent[] {
    const { token, generated_text: whole } = event;
    if (token) this.note(token, event.top_tokens);
    const text = token && token.special !== true ? token.text : '';
    const isLast = typeof whole === 'string';
    const piece = isLast ? (restOf(whole, this.seen) ?? text) : text;
    this.seen += piece;
    let told = this.stop.push(piece);
    if (isLast) told += this.stop.end();
    if (event.details) this.details = event.details;
    if (this.stop.hasStopped) this.reason = 'stop';
    else if (isLast) this.reason = event.details?.finish_reason === 'length' ? 'length' : 'stop';
    return [...promptOf(event), ...(told === '' ? [] : [this.delta(told)])];
  }

  private note({ text, logprob, special }: TgiToken, top: TgiEvent['top_tokens']): void {
    this.tokenCount += 1;
    const { alternatives } = this.options;
    if (alternatives === undefined || special === true || typeof logprob !== 'number') return;
    this.untold.push({
      text,
      logprob,
      ...(alternatives > 0 && top && { top: likeliest(top, alternatives) }),
    });
  }

  private delta(text: string): BackendEvent {
    const tokens = this.untold;
    this.untold = [];
    return { type: 'delta', choice: 0, kind: 'text', text, ...(tokens.length > 0 && { tokens }) };
  }
}

/**
 * What the whole text has beyond what was seen of it: the tokens of a character come empty until its last, and the text of
 * the last token is in it unless that was a special one. `undefined` when the two do not belong together.
 */
function restOf(whole: string, seen: string): string | undefined {
  if (whole.startsWith(seen)) return whole.slice(seen.length);
  // Decoders differ in whether a text begins with the space of its first token.
  const [bare, bareSeen] = [whole.trimStart(), seen.trimStart()];
  return bare.startsWith(bareSeen) ? bare.slice(bareSeen.length) : undefined;
}

function promptOf({ prefill }: TgiEvent): BackendEvent[] {
  if (!prefill || prefill.length === 0) return [];
  const tokens = prefill.map(({ text, logprob }) => ({
    text,
    ...(typeof logprob === 'number' && { logprob }),
  }));
  return [{ type: 'prompt-logprobs', choice: 0, tokens }];
}

function likeliest(tokens: readonly TgiToken[], count: number): { text: string; logprob: number }[] {
  return tokens
    .flatMap(({ text, logprob }) => (typeof logprob === 'number' ? { text, logprob } : []))
    .sort((a, b) => b.logprob - a.logprob)
    .slice(0, count);
}
