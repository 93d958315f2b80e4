import { portableFormat, portableVersion } from '../domain/portable';

/** A file that cannot be read on; the message is for people. */
export class DamagedFile extends Error {
  override readonly name = 'DamagedFile';
}

const notOurs = 'This is not a file that Parlance exported.';
const [quote, backslash, comma] = [34, 92, 44];
const openings = new Set([91, 123]);
const closings = new Set([93, 125]);

/**
 * Takes an exported document apart as its text comes: the members of its one list, the conversations, each as text, and
 * what stands around them. So a file of any size is read without ever being in memory as a whole.
 */
export class FileSplitter {
  /** What stands around the list, which is empty there: the document without its conversations. */
  private around = '';
  private member = '';
  private depth = 0;
  private isInList = false;
  private isInString = false;
  private isEscaped = false;
  private hasHead = false;

  /** `checkHead` sees the document as far as the beginning of its list, before any member; it throws to refuse it. */
  constructor(private readonly checkHead: (head: unknown) => void) {}

  /** The members that are complete now. Throws `DamagedFile`. */
  push(text: string): string[] {
    const members: string[] = [];
    let from = 0;
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (this.isInString) {
        this.passInString(code);
        continue;
      }
      if (code === quote) this.isInString = true;
      else if (openings.has(code)) {
        this.depth += 1;
        if (this.depth === 2 && code === 91 && !this.hasHead) {
          this.around += text.slice(from, at + 1);
          this.beginList();
          from = at + 1;
        }
      } else if (closings.has(code) || (code === comma && this.depth === 2)) {
        const isEnd = closings.has(code);
        if (this.isInList && this.depth === 2) {
          this.member += text.slice(from, at);
          if (this.member.trim() !== '') members.push(this.member);
          this.member = '';
          from = isEnd ? at : at + 1;
          this.isInList = !isEnd;
        }
        if (isEnd) this.depth -= 1;
      }
    }
    const rest = text.slice(from);
    if (this.isInList) this.member += rest;
    else this.around += rest;
    return members;
  }

  /** Checks that the document was complete. Throws `DamagedFile`. */
  end(): void {
    if (!this.hasHead) throw new DamagedFile(notOurs);
    parse(this.around, 'The file ends too early: the rest of it is missing.');
  }

  private passInString(code: number): void {
    if (this.isEscaped) this.isEscaped = false;
    else if (code === backslash) this.isEscaped = true;
    else if (code === quote) this.isInString = false;
  }

  private beginList(): void {
    this.checkHead(parse(`${this.around}]}`, notOurs));
    this.hasHead = true;
    this.isInList = true;
  }
}

/** The value of a JSON text. Throws `DamagedFile` with this message. */
export function parse(text: string, message: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new DamagedFile(message);
  }
}

/** Whether it is the beginning of a document that this version writes and reads; throws `DamagedFile` otherwise. */
export function checkPortableHead(head: unknown): void {
  const { format, version } = (head ?? {}) as { format?: unknown; version?: unknown };
  if (format !== portableFormat) throw new DamagedFile(notOurs);
  if (version !== portableVersion) {
    throw new DamagedFile(
      `This file is of version ${String(version)}, and this Parlance reads version ${String(portableVersion)}. A newer Parlance may read it.`,
    );
  }
}
