import { parentPort, workerData } from 'node:worker_threads';
import type { CompiledGrammar, Grammar, GrammarMatcher } from '@mlc-ai/web-xgrammar';
import { CompletionFinder } from './grammar-completion';
import { loadLibrary, type LoadedLibrary } from './grammar-library';
import {
  failed,
  sharedLayout,
  type GrammarCommand,
  type GrammarReport,
  type GrammarTask,
} from './grammar-protocol';
import type { GrammarSource } from './grammar-source';

/** A grammar that needs longer at its first place would hold up everybody's answers at each token. */
const firstMaskLimitMs = 500;

type Xgrammar = LoadedLibrary['xgrammar'];

/** JSON is written in one line, as it stands in most text: free white space could go on without an end. */
const inOneLine = { anyWhitespace: false, indent: -1 };

async function read({ Grammar }: Xgrammar, { language, text }: GrammarSource): Promise<Grammar> {
  if (language === 'json-schema')
    return Grammar.fromJSONSchema(text, inOneLine.anyWhitespace, inOneLine.indent);
  if (language === 'ebnf') return Grammar.fromEBNF(text);
  return Grammar.fromStructuralTag({ type: 'structural_tag', format: { type: 'regex', pattern: text } });
}

async function compile(
  xgrammar: Xgrammar,
  { source, pieces, eosTokenIds }: GrammarTask,
): Promise<CompiledGrammar> {
  // What is wrong with a grammar is found without the vocabulary, which takes longer.
  const grammar = await read(xgrammar, source);
  const info = await xgrammar.TokenizerInfo.createTokenizerInfo(
    // Declared as strings; it takes bytes as well, and a token may hold a part of a character.
    pieces as unknown as string[],
    'raw',
    false,
    pieces.length,
    [...eosTokenIds],
  );
  const compiler = await xgrammar.GrammarCompiler.createGrammarCompiler(info, false);
  return compiler.compileGrammar(grammar);
}

interface Sequence {
  matcher: GrammarMatcher;
  shared: Int32Array;
}

/** Follows the commands one after the other. */
class Sequences {
  private readonly open = new Map<number, Sequence>();

  private finder: CompletionFinder | undefined;

  constructor(
    private readonly xgrammar: Xgrammar,
    private readonly compiled: CompiledGrammar,
    private readonly task: GrammarTask,
  ) {}

  async follow(command: GrammarCommand): Promise<void> {
    if (command.type === 'open') {
      const matcher = await this.xgrammar.GrammarMatcher.createGrammarMatcher(this.compiled);
      this.open.set(command.id, { matcher, shared: new Int32Array(command.shared) });
      return;
    }
    const sequence = this.open.get(command.id);
    if (command.type === 'close') {
      sequence?.matcher.dispose();
      this.open.delete(command.id);
    } else if (sequence) await answer(sequence, command.turn, () => this.write(sequence, command));
  }

  /** Whether the sequence could do what it was told. */
  private async write(
    { matcher, shared }: Sequence,
    command: Extract<GrammarCommand, { type: 'move' | 'complete' }>,
  ): Promise<boolean> {
    if (command.type === 'complete') {
      const { pieces, eosTokenIds, source } = this.task;
      this.finder ??= new CompletionFinder(pieces, eosTokenIds);
      const tokens = await this.finder.find(matcher, source.language === 'json-schema');
      shared[sharedLayout.count] = tokens?.length ?? -1;
      shared.set(tokens ?? [], sharedLayout.completion);
      return true;
    }
    if (command.back > 0) matcher.rollBack(command.back);
    const areAllowed = command.tokens.every((token) => matcher.acceptToken(token));
    shared.set(await matcher.getNextTokenBitmask(), sharedLayout.mask);
    return areAllowed;
  }
}

async function answer({ shared }: Sequence, turn: number, write: () => Promise<boolean>): Promise<void> {
  // The library ends itself at a fault: this command and all that follow fail, and whoever waits is told.
  const isDone = await write().catch(() => false);
  Atomics.store(shared, sharedLayout.turn, isDone ? turn : failed);
  Atomics.notify(shared, sharedLayout.turn);
}

function report(message: GrammarReport): void {
  parentPort?.postMessage(message);
}

/** Finding out what may come first takes about as long as at any other place, and shows whether anything may. */
async function firstFault(
  { GrammarMatcher }: Xgrammar,
  compiled: CompiledGrammar,
): Promise<string | undefined> {
  const matcher = await GrammarMatcher.createGrammarMatcher(compiled);
  const began = performance.now();
  const mask = await matcher.getNextTokenBitmask();
  matcher.dispose();
  if (performance.now() - began > firstMaskLimitMs) return 'what may follow takes too long to find';
  return mask.every((bits) => bits === 0) ? 'no text fits it' : undefined;
}

async function start(task: GrammarTask): Promise<void> {
  const { xgrammar, lastWords } = await loadLibrary();
  try {
    const compiled = await compile(xgrammar, task);
    const reason = await firstFault(xgrammar, compiled);
    if (reason !== undefined) return report({ type: 'refused', reason });
    const sequences = new Sequences(xgrammar, compiled, task);
    let before = Promise.resolve();
    parentPort?.on('message', (command: GrammarCommand) => {
      before = before.then(() => sequences.follow(command));
    });
    report({ type: 'ready' });
  } catch {
    // The library has ended itself. Its own words name the place in its sources first.
    report({ type: 'refused', reason: lastWords().replace(/^\[FATAL\] \S+:\d+: /u, '') });
  }
}

await start(workerData as GrammarTask);
