import type { TokenInfo } from '../../../domain/generation-event';
import { StopSequences } from '../stop-sequences';
import type { Choice } from './sampling/token-chooser';
import { TokenDecoder, textOfTokens, type Vocabulary } from './token-decoder';

/** Turns the tokens of one answer into what is told: text as it becomes whole, never a stop sequence, and token details. */
export class AnswerText {
  private readonly decoder: TokenDecoder;
  private readonly stop: StopSequences;
  /** Details of tokens whose text was not told yet. */
  private untold: TokenInfo[] = [];

  constructor(
    private readonly vocabulary: Vocabulary,
    stop: readonly string[],
    private readonly tell: (text: string, tokens: TokenInfo[] | undefined) => void,
  ) {
    this.decoder = new TokenDecoder(vocabulary);
    this.stop = new StopSequences([...stop]);
  }

  get hasStopped(): boolean {
    return this.stop.hasStopped;
  }

  push({ token, logprob, top }: Choice): void {
    if (logprob !== undefined) {
      const others = top?.map((other) => ({
        text: textOfTokens(this.vocabulary, [other.token]),
        logprob: other.logprob,
      }));
      this.untold.push({
        text: textOfTokens(this.vocabulary, [token]),
        logprob,
        ...(others && { top: others }),
      });
    }
    this.pass(this.stop.push(this.decoder.push(token)));
  }

  /** What was held back, unless a stop sequence ended the answer. */
  end(): void {
    if (this.hasStopped) return;
    this.pass(this.stop.push(this.decoder.end()));
    if (!this.hasStopped) this.pass(this.stop.end());
  }

  private pass(text: string): void {
    if (text === '') return;
    const tokens = this.untold;
    this.untold = [];
    this.tell(text, tokens.length > 0 ? tokens : undefined);
  }
}
