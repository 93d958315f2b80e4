import { AppError } from '../../../domain/errors';

/** Longest line, or event, in UTF-16 units: an image or a long reply in one piece fits, and memory has an end. */
export const longestEvent = 32 * 1024 * 1024;

/**
 * Cuts streamed text into lines at LF, CR and CRLF, also when a CRLF is split over two reads. What is looked at once is
 * not looked at again, so a line that comes in many pieces costs no more than its length.
 */
export class LineSplitter {
  private pieces: string[] = [];
  private length = 0;
  private endedWithReturn = false;

  constructor(
    private readonly longest = longestEvent,
    private readonly ends: RegExp = /\r\n?|\n/gu,
  ) {}

  /** The lines that are complete with this piece. Throws `backend-protocol` when a line grows beyond all bounds. */
  push(piece: string): string[] {
    if (piece === '') return [];
    // The LF of a CRLF whose CR ended a line already.
    const text = this.endedWithReturn && piece.startsWith('\n') ? piece.slice(1) : piece;
    const lines: string[] = [];
    let from = 0;
    for (const end of text.matchAll(this.ends)) {
      this.keep(text.slice(from, end.index));
      lines.push(this.take());
      from = end.index + end[0].length;
    }
    this.keep(text.slice(from));
    this.endedWithReturn =
      text === '' ? false : lines.length > 0 && from === text.length && text.endsWith('\r');
    return lines;
  }

  /** What stands after the last line end. */
  take(): string {
    const line = this.pieces.join('');
    this.pieces = [];
    this.length = 0;
    return line;
  }

  private keep(piece: string): void {
    this.length += piece.length;
    if (this.length > this.longest)
      throw new AppError('backend-protocol', "The model's server sent a line without end.");
    if (piece !== '') this.pieces.push(piece);
  }
}

/**
 * Text as it comes, from UTF-8 that may be split anywhere, without the byte order mark that some proxies put before
 * everything. Half a character at the end becomes U+FFFD.
 */
export async function* decoded(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  for await (const chunk of chunks) yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}
