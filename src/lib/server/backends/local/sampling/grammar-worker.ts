import { parentPort, workerData } from 'node:worker_threads';
import type { CompiledGrammar, Grammar, GrammarMatcher } from '@mlc-ai/web-xgrammar';
import { loadLibrary, type LoadedLibrary } from './grammar-library';
import {
  failed,
  sharedLayout,
  type GrammarCommand,
  type GrammarReport,
  type GrammarTask,
} from './grammar-protocol';
import type { GrammarSource } from './grammar-source';

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

  constructor(
    private readonly xgrammar: Xgrammar,
    private readonly compiled: CompiledGrammar,
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
    } else if (sequence) await move(sequence, command);
  }
}

async function move(
  { matcher, shared }: Sequence,
  { back, tokens, turn }: Extract<GrammarCommand, { type: 'move' }>,
): Promise<void> {
  let answer: number = failed;
  try {
    if (back > 0) matcher.rollBack(back);
    const areAllowed = tokens.every((token) => matcher.acceptToken(token));
    shared.set(await matcher.getNextTokenBitmask(), sharedLayout.mask);
    if (areAllowed) answer = turn;
  } catch {
    // The library has ended itself; this move and all that follow fail, and whoever waits is told.
  }
  Atomics.store(shared, sharedLayout.turn, answer);
  Atomics.notify(shared, sharedLayout.turn);
}

function report(message: GrammarReport): void {
  parentPort?.postMessage(message);
}

async function start(task: GrammarTask): Promise<void> {
  const { xgrammar, lastWords } = await loadLibrary();
  try {
    const sequences = new Sequences(xgrammar, await compile(xgrammar, task));
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
