import { createHash } from 'node:crypto';
import { AppError, type ErrorCode } from '../../domain/errors';
import type { Backend } from '../backends/backend';
import { Limiter } from './limiter';
import { piecesOf } from './text-pieces';
import { TokenEstimate } from './token-estimate';

const remembered = 20_000;
/** Texts that are counted at once: each is a request where a server counts. */
const atOnce = 8;

/** Counts the tokens of a text. */
export type Count = (text: string) => Promise<number>;

/** Who counts: a tokenizer that the configuration names, otherwise the backend. */
export type TokenSource = Pick<Backend, 'countTokens'>;

/** Faults of a server that is asked for a count; an answer needs none, so the estimate stands in. */
const passedOver = new Set<ErrorCode>([
  'backend-unreachable',
  'backend-rejected',
  'backend-protocol',
  'rate-limited',
]);

/**
 * Counts tokens with a tokenizer where there is one, and remembers: messages do not change, and each turn asks again.
 * Otherwise it estimates, and learns from what the server says that it read.
 */
export class TokenCounter {
  private readonly counts = new Map<string, number>();
  private readonly estimate = new TokenEstimate();
  private readonly limiter = new Limiter(atOnce);
  private isRefused = false;

  constructor(private readonly source: TokenSource) {}

  /** Whether somebody counts; otherwise lengths stand for it. */
  get isExact(): boolean {
    return this.source.countTokens !== undefined && !this.isRefused;
  }

  async count(text: string): Promise<number> {
    if (text === '') return 0;
    const key = keyOf(text);
    const known = this.counts.get(key);
    if (known !== undefined) return known;
    const count = await this.ask(text);
    this.isRefused = count === undefined;
    if (count === undefined) return this.estimate.of(text);
    const oldest = this.counts.size >= remembered && this.counts.keys().next().value;
    if (typeof oldest === 'string') this.counts.delete(oldest);
    this.counts.set(key, count);
    return count;
  }

  /**
   * As `count`, but a very long text that is not known is counted in pieces, one after the other: a change at its end
   * costs one piece, and the engine can write in between. `onPieces` is told, since a cut may split a token.
   */
  async countInPieces(text: string, onPieces: () => void): Promise<number> {
    const pieces = piecesOf(text);
    if (pieces.length < 2 || this.counts.has(keyOf(text))) return this.count(text);
    onPieces();
    let sum = 0;
    for (const piece of pieces) sum += await this.count(piece);
    return sum;
  }

  /** The server read `texts` as so many tokens together; what is counted needs no such hint. */
  learn(texts: readonly string[], tokens: number): void {
    if (!this.isExact) this.estimate.learn(texts, tokens);
  }

  private async ask(text: string): Promise<number | undefined> {
    const { source } = this;
    if (!source.countTokens) return undefined;
    return this.limiter.run(async () => {
      try {
        return await source.countTokens?.(text);
      } catch (thrown) {
        if (thrown instanceof AppError && passedOver.has(thrown.code)) return undefined;
        throw thrown;
      }
    });
  }
}

function keyOf(text: string): string {
  return text.length < 64 ? text : createHash('sha1').update(text).digest('base64');
}
