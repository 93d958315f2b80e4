/** Code between fences, as far as it is written. The object stays the same while the text grows at its end. */
export interface FencedCode {
  /** What stands behind the opening fence. */
  readonly info: string;
  text: string;
  isClosed: boolean;
}

/**
 * Reads a fence at the outer level of a text that grows. Each character is looked at once, however long the code is:
 * the general parser would read all of it again with every token.
 */
export class FenceReader {
  readonly code: FencedCode;
  /** Where the line begins that was not complete when it was last looked at. */
  private lineStart: number;
  private readonly closing: RegExp;
  private readonly partialClosing: RegExp;

  private constructor(
    private readonly codeStart: number,
    info: string,
    marker: string,
    /** Spaces before the opening fence, which the lines of code lose too. */
    private readonly indent: number,
  ) {
    this.code = { info, text: '', isClosed: false };
    this.lineStart = codeStart;
    const sign = marker.startsWith('~') ? '~' : '`';
    this.closing = new RegExp(`^ {0,3}${sign}{${String(marker.length)},} *$`, 'u');
    this.partialClosing = new RegExp(`^ {0,3}${sign}* *$`, 'u');
  }

  /** A reader when `source` has a fence at `offset`, blank lines aside, whose first line is complete. */
  static at(source: string, offset: number): FenceReader | undefined {
    const opening = /(?:[ \t]*\n)*( {0,3})(?:(`{3,})([^`\n]*)|(~{3,})([^\n]*))\n/uy;
    opening.lastIndex = offset;
    const found = opening.exec(source);
    if (!found) return undefined;
    const [, indent = '', backticks, info, tildes, otherInfo] = found;
    const marker = backticks ?? tildes ?? '';
    return new FenceReader(opening.lastIndex, (info ?? otherInfo ?? '').trim(), marker, indent.length);
  }

  /** Reads what is new of `source`. Returns where the text goes on after the closing fence; absent: not closed yet. */
  read(source: string, isComplete: boolean): number | undefined {
    for (;;) {
      const lineEnd = source.indexOf('\n', this.lineStart);
      const isLast = lineEnd === -1;
      const line = isLast ? source.slice(this.lineStart) : source.slice(this.lineStart, lineEnd);
      if (isLast && !isComplete) return this.keep(source, line);
      if (this.closing.test(line))
        return this.close(source, this.lineStart, isLast ? source.length : lineEnd + 1);
      if (isLast) return this.close(source, source.length, source.length);
      this.lineStart = lineEnd + 1;
    }
  }

  /** The last line is shown too, unless it may become the closing fence. */
  private keep(source: string, line: string): undefined {
    const end = this.partialClosing.test(line) ? this.lineStart : source.length;
    this.code.text = this.textUntil(source, end);
    return undefined;
  }

  private close(source: string, end: number, after: number): number {
    this.code.text = this.textUntil(source, end);
    this.code.isClosed = true;
    return after;
  }

  private textUntil(source: string, end: number): string {
    const stop = end > this.codeStart && source.charAt(end - 1) === '\n' ? end - 1 : end;
    const text = source.slice(this.codeStart, Math.max(stop, this.codeStart));
    return this.indent === 0 ? text : text.replace(new RegExp(`^ {1,${String(this.indent)}}`, 'gmu'), '');
  }
}
