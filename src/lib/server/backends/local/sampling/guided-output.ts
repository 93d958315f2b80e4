import { AppError } from '../../../../domain/errors';
import type { Grammar } from '../../../../domain/parameters';
import type { ChooserOptions } from './chooser-options';
import { sourceOf } from './grammar-source';
import { GrammarThread, type GrammarSequence } from './grammar-thread';
import type { Guide } from './guide';
import type { TokenText } from './token-text';

/** Compiled grammars that are kept for each model: each has a thread and some tens of megabytes. */
const keptGrammars = 3;

const threads = new WeakMap<TokenText, Map<string, Promise<GrammarThread>>>();

type Model = Pick<ChooserOptions, 'text' | 'vocabulary' | 'eosTokenIds'>;

/**
 * What makes an answer JSON of a schema, a text that a regular expression matches as a whole, or one of some texts. The
 * library for it is loaded when the first grammar is asked for, and a grammar that is used again is not compiled again.
 * An answer that ends otherwise than by itself (`max_new_tokens`, a stop string) may be cut and then does not parse.
 * Throws `invalid-input`, with words that say why, for a grammar that cannot be followed.
 */
export async function guideFor(grammar: Grammar, model: Model): Promise<Guide> {
  const thread = await threadFor(grammar, model);
  return new GrammarGuide(thread.open(), model.eosTokenIds, []);
}

/** Ends the threads of a model that is not used any more. */
export function forgetGrammars(text: TokenText): void {
  for (const thread of threads.get(text)?.values() ?? []) abandon(thread);
  threads.delete(text);
}

async function threadFor(grammar: Grammar, { text, vocabulary, eosTokenIds }: Model): Promise<GrammarThread> {
  const known = threads.get(text) ?? new Map<string, Promise<GrammarThread>>();
  threads.set(text, known);
  const source = sourceOf(grammar);
  const key = `${source.language} ${source.text}`;
  const pieces = () => Array.from({ length: vocabulary }, (_, token) => text.bytesOf(token) ?? noBytes);
  const thread = known.get(key) ?? GrammarThread.start({ source, pieces: pieces(), eosTokenIds });
  known.delete(key);
  known.set(key, thread);
  const [oldest] = known.keys();
  if (known.size > keptGrammars && oldest !== undefined) {
    abandon(known.get(oldest));
    known.delete(oldest);
  }
  return thread.catch((thrown: unknown) => {
    known.delete(key);
    throw thrown;
  });
}

const noBytes = new Uint8Array();

function abandon(thread: Promise<GrammarThread> | undefined): void {
  // Whoever started it hears of a refusal.
  thread?.then(
    (started) => started.abandon(),
    () => undefined,
  );
}

/** A sequence in a grammar. Copies share the place in the grammar and move it to where they are. */
class GrammarGuide implements Guide {
  private hasEnded = false;

  constructor(
    private readonly sequence: GrammarSequence,
    private readonly eosTokenIds: readonly number[],
    private readonly path: number[],
  ) {}

  get isFinished(): boolean {
    if (this.hasEnded) return true;
    const others = this.allowed().slice();
    for (const token of this.eosTokenIds)
      others[token >> 5] = (others[token >> 5] ?? 0) & ~(1 << (token & 31));
    return others.every((bits) => bits === 0);
  }

  mask(logits: Float32Array): boolean {
    const allowed = this.allowed();
    let isAnyLeft = false;
    for (let token = 0; token < logits.length; token += 1) {
      if (((allowed[token >> 5] ?? 0) & (1 << (token & 31))) === 0) logits[token] = -Infinity;
      else if (logits[token] !== -Infinity) isAnyLeft = true;
    }
    return isAnyLeft;
  }

  private allowed(): Int32Array {
    this.sequence.moveTo(this.path);
    const allowed = this.sequence.mask();
    if (allowed.some((bits) => bits !== 0)) return allowed;
    throw new AppError('invalid-input', 'No text fits what the guided output asks for.');
  }

  accept(token: number): void {
    if (this.eosTokenIds.includes(token)) {
      this.hasEnded = true;
      return;
    }
    this.path.push(token);
    // The thread finds what may follow while the model reads the token.
    this.sequence.moveTo(this.path);
  }

  fork(): GrammarGuide {
    return new GrammarGuide(this.sequence, this.eosTokenIds, [...this.path]);
  }

  release(): void {
    this.sequence.close();
  }
}
