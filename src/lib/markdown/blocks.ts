import { FenceReader, type FencedCode } from './fence';
import { Footnotes } from './footnotes';
import { lex, type MarkdownToken, type References } from './lexer';
import { ReferenceIndex } from './reference-index';
import { renderBlocks } from './render';
import type { RenderContext } from './render-context';
import { escapeHtml } from './links';
import { splitLarge } from './split-large';
import { finishedCount, isBlank } from './stable';
import { lexUnfinished } from './unfinished';

/**
 * One block of an answer, as HTML or, for a fence at the outer level, as code that grows. `isContinued`: it belongs to
 * the list or table before it, which was divided.
 */
export type Block = { html: string; isContinued: boolean; code?: undefined } | { code: FencedCode };

/** What is to be drawn: blocks by their place, how many are finished, and how many there are. */
export interface Changes {
  blocks: Map<number, Block>;
  finished: number;
  count: number;
}

/** Characters that are parsed at once, at first. */
const usualWindow = 8192;
/** A block that is longer, and cannot be divided, is shown as plain text. */
const largestWindow = 32_768;

/**
 * The blocks of a growing text. Only what follows the last finished block is parsed again, so the cost of a token does
 * not depend on the length of the answer. A finished block never changes, with two exceptions: a reference whose
 * address is defined further down becomes a link then, and a footnote that never gets a text is shown as it was written.
 */
export class BlockSplitter {
  readonly footnotes: Footnotes;
  private readonly context: RenderContext;
  private source = '';
  private isRunning = true;
  /** Everything before this is in finished blocks. */
  private offset = 0;
  private finished = 0;
  private count = 0;
  private window = usualWindow;
  /** The head of a table that was divided: what follows are its further rows. */
  private tableHead = '';
  private isContinued = false;
  private fence: FenceReader | undefined;
  private isDone = true;
  private changes = new Map<number, Block>();
  private references: References = {};
  private readonly index = new ReferenceIndex();
  private forgetOpen: () => void;

  /** `scope` goes into ids: no two texts on a page may share it. */
  constructor(scope: string) {
    this.footnotes = new Footnotes(scope);
    this.context = { footnotes: this.footnotes };
    this.forgetOpen = this.footnotes.mark();
  }

  /** Whether `text` goes on from what there is; for any other a new splitter is needed. */
  canTake(text: string): boolean {
    return (this.isRunning || text.length === this.source.length) && unified(text).startsWith(this.source);
  }

  /** Takes the text as it is now. `isRunning`: more may come, so that its end is shown as what it will become. */
  update(text: string, isRunning: boolean): void {
    const source = unified(text);
    if (source === this.source && isRunning === this.isRunning) return;
    this.source = source;
    this.isRunning = isRunning;
    this.isDone = false;
  }

  /** Parses a piece; true when everything is parsed. */
  advance(): boolean {
    if (this.isDone) return true;
    this.forgetOpen();
    this.forgetOpen = this.footnotes.mark();
    this.count = this.finished;
    this.fence ??= FenceReader.at(this.source, this.offset);
    if (this.fence) this.readFence(this.fence);
    else this.parse();
    return this.isDone;
  }

  /** What has changed since the last call. */
  takeChanges(): Changes {
    const { changes: blocks, finished, count } = this;
    this.changes = new Map();
    return { blocks, finished, count };
  }

  private readFence(fence: FenceReader): void {
    const end = fence.read(this.source, !this.isRunning);
    this.changes.set(this.finished, { code: fence.code });
    this.count = this.finished + 1;
    this.isDone = end === undefined || end >= this.source.length;
    if (end === undefined) return;
    this.finished += 1;
    this.fence = undefined;
    this.offset = end;
  }

  private parse(): void {
    const rest = this.source.length - this.offset;
    const isWhole = rest <= this.window;
    const text = this.tableHead + this.source.slice(this.offset, this.offset + this.window);
    const tokens = lex(text, this.references);
    const count = isWhole && !this.isRunning ? tokens.length : finishedCount(tokens, text);
    if (count === 0 && !isWhole) this.widen(tokens, text);
    else {
      for (const token of tokens.slice(0, count)) this.finish(token);
      if (!isWhole) this.window = usualWindow;
      // A fence that begins here has a reader of its own.
      else if (count === 0 || !FenceReader.at(this.source, this.offset)) this.showOpen();
    }
  }

  private finish(token: MarkdownToken): void {
    this.offset += token.raw.length - this.tableHead.length;
    this.tableHead = '';
    if (isBlank(token)) return;
    if (token.type === 'def') this.define(token);
    const html = renderBlocks([token], this.context);
    this.forgetOpen = this.footnotes.mark();
    if (html === '') return;
    this.index.add(this.finished, token.raw);
    this.changes.set(this.finished, { html, isContinued: this.isContinued });
    this.isContinued = false;
    this.finished += 1;
    this.count = this.finished;
  }

  /** Shows what is not finished. Its tokens are lexed once more, so that its end looks like what it will become. */
  private showOpen(): void {
    const text = this.tableHead + this.source.slice(this.offset);
    const tokens = this.isRunning ? lexUnfinished(text, this.references) : [];
    for (const token of tokens) {
      const html = renderBlocks([token], this.context);
      if (html === '') continue;
      this.changes.set(this.count, { html, isContinued: this.isContinued && this.count === this.finished });
      this.count += 1;
    }
    this.isDone = true;
  }

  /** Nothing in the window is finished: a long list or table is divided, a long paragraph gets a larger window. */
  private widen(tokens: MarkdownToken[], text: string): void {
    const first = tokens.findIndex((token) => !isBlank(token));
    const split = splitLarge(tokens[first]);
    if (split) {
      for (const token of [...tokens.slice(0, first), split.token]) this.finish(token);
      this.tableHead = split.tableHead;
      this.isContinued = true;
    } else if (this.window < largestWindow) this.window *= 2;
    else this.finishPlain(text);
  }

  private finishPlain(text: string): void {
    const end = text.lastIndexOf('\n') + 1 || text.length;
    this.tableHead = '';
    const html = `<p class="raw">${escapeHtml(text.slice(0, end))}</p>`;
    this.changes.set(this.finished, { html, isContinued: this.isContinued });
    this.isContinued = true;
    this.finished += 1;
    this.count = this.finished;
    this.offset += end;
    this.window = usualWindow;
  }

  private define({ tag, href, title }: Extract<MarkdownToken, { type: 'def' }>): void {
    if (tag in this.references) return;
    this.references = { ...this.references, [tag]: { href, title } };
    for (const [index, raw] of this.index.blocksWith(tag)) {
      // Footnotes of these blocks were counted when they were finished.
      const restore = this.footnotes.mark();
      const html = renderBlocks(lex(raw, this.references), this.context);
      this.changes.set(index, { html, isContinued: false });
      restore();
    }
  }
}

function unified(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/gu, '\n') : text;
}
