import { AppError } from '../../../domain/errors';
import { decoded, LineSplitter, longestEvent } from './lines';

/**
 * The data of server-sent events (HTML standard, 9.2), as far as model servers use them and as loosely as they do: data
 * with or without a space after the colon, lines that end in LF, CR or CRLF, several data lines for one event, a last
 * event without a blank line. Comments, names and ids are left out. The field `error`, which old llama.cpp servers
 * wrote, becomes an event whose JSON has a member `error`. Throws `backend-protocol` when an event exceeds `longest`.
 */
export async function* readServerSentEvents(
  chunks: AsyncIterable<Uint8Array>,
  longest = longestEvent,
): AsyncGenerator<string> {
  const splitter = new LineSplitter(longest);
  const event = new EventData(longest);
  for await (const text of decoded(chunks)) {
    for (const line of splitter.push(text)) {
      const data = event.add(line);
      if (data !== undefined) yield data;
    }
  }
  const rest = event.add(splitter.take());
  const last = rest ?? event.add('');
  if (last !== undefined) yield last;
}

/** The non-empty lines of newline-delimited JSON; the last one may lack its end. */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array>,
  longest = longestEvent,
): AsyncGenerator<string> {
  const splitter = new LineSplitter(longest, /\n/gu);
  for await (const text of decoded(chunks)) {
    for (const line of splitter.push(text)) if (line.trim() !== '') yield line.trim();
  }
  const last = splitter.take().trim();
  if (last !== '') yield last;
}

/** Gathers the data lines of one event. */
class EventData {
  private lines: string[] = [];
  private length = 0;

  constructor(private readonly longest: number) {}

  /** Takes a line; a blank one ends the event and returns its data, when it has any. */
  add(line: string): string | undefined {
    if (line === '') return this.end();
    const colon = line.indexOf(':');
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + (line[colon + 1] === ' ' ? 2 : 1));
    if (field === 'data') this.keep(value);
    if (field === 'error') this.keep(`{"error":${value.startsWith('{') ? value : JSON.stringify(value)}}`);
    return undefined;
  }

  private keep(value: string): void {
    this.length += value.length;
    if (this.length > this.longest)
      throw new AppError('backend-protocol', "The model's server sent an event without end.");
    this.lines.push(value);
  }

  private end(): string | undefined {
    if (this.lines.length === 0) return undefined;
    const data = this.lines.join('\n');
    this.lines = [];
    this.length = 0;
    return data;
  }
}
