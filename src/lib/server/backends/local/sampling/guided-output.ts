import { AppError } from '../../../../domain/errors';
import type { Grammar } from '../../../../domain/parameters';
import type { ChooserOptions } from './chooser-options';
import { isAllowed } from './grammar-protocol';
import { sourceOf } from './grammar-source';
import { GrammarThread, type GrammarSequence } from './grammar-thread';
import type { Guide } from './guide';
import type { TokenText } from './token-text';

/** Compiled grammars that are kept for each model: each has a thread and some tens of megabytes. */
const keptGrammars = 3;

/** With so many tokens to spare before the end, or fewer, every token is looked at. */
const watchedRoom = 32;

const threads = new WeakMap<TokenText, Map<string, Promise<GrammarThread>>>();

/** Grammars are compiled one after the other, however many are asked for: each may take much time and memory. */
let lastStart: Promise<unknown> = Promise.resolve();

type Model = Pick<ChooserOptions, 'text' | 'vocabulary' | 'eosTokenIds'>;

/**
 * What makes an answer JSON of a schema, a text that a regular expression matches as a whole, or one of some texts. The
 * library for it is loaded when the first grammar is asked for, and a grammar that is used again is not compiled again.
 * Before `max_new_tokens` the answer is led to its end, so that it is whole where that many tokens suffice at all and an
 * end is found; what ends it otherwise (a stop string, `max_time`) may cut it, and so may beams, which are not led.
 * Throws `invalid-input`, with words that say why, for a grammar that cannot be followed.
 */
export async function guideFor(grammar: Grammar, model: Model): Promise<Guide> {
  return new GrammarGuide(await openSequence(grammar, model), model.eosTokenIds, []);
}

/** Ends the threads of a model that is not used any more. */
export function forgetGrammars(text: TokenText): void {
  for (const thread of threads.get(text)?.values() ?? []) abandon(thread);
  threads.delete(text);
}

function openSequence(grammar: Grammar, { text, vocabulary, eosTokenIds }: Model): Promise<GrammarSequence> {
  const known = threads.get(text) ?? new Map<string, Promise<GrammarThread>>();
  threads.set(text, known);
  const source = sourceOf(grammar);
  const key = `${source.language} ${source.text}`;
  const forget = () => {
    if (known.get(key) === thread) known.delete(key);
  };
  const start = () => {
    const pieces = Array.from({ length: vocabulary }, (_, token) => text.bytesOf(token) ?? noBytes);
    const started = lastStart.then(() => GrammarThread.start({ source, pieces, eosTokenIds }, forget));
    lastStart = started.catch(forget);
    return started;
  };
  const thread = known.get(key) ?? start();
  known.delete(key);
  known.set(key, thread);
  // Before anybody can give up the thread, it has a sequence.
  const sequence = thread.then((started) => started.open());
  const [oldest] = known.keys();
  if (known.size > keptGrammars && oldest !== undefined) {
    abandon(known.get(oldest));
    known.delete(oldest);
  }
  return sequence;
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
  /** The end is not looked for before so little room is left. */
  private dueRoom = Infinity;

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
      if (!isAllowed(allowed, token)) logits[token] = -Infinity;
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

  steer(token: number, room: number): number {
    if (room > this.dueRoom || this.eosTokenIds.includes(token)) return token;
    const rest = this.completion([...this.path, token]);
    if (rest && rest.length < room) {
      // One token rarely opens more than a few others close: with much room left, the next look can wait.
      this.dueRoom = room - 1 - Math.max(0, Math.floor((room - rest.length - watchedRoom) / 4));
      return token;
    }
    const other = this.completion(this.path);
    if (other && other.length <= room) return other[0] ?? this.eosTokenIds[0] ?? token;
    this.dueRoom = -1;
    return token;
  }

  private completion(path: readonly number[]): readonly number[] | undefined {
    this.sequence.moveTo(path);
    return this.sequence.completion();
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
    const copy = new GrammarGuide(this.sequence, this.eosTokenIds, [...this.path]);
    copy.dueRoom = this.dueRoom;
    return copy;
  }

  release(): void {
    this.sequence.close();
  }
}
