import { icon } from './icons';
import { escapeHtml } from './links';

/** A definition: `[^label]: text`, with the lines that belong to it. */
export interface FootnoteSource {
  raw: string;
  label: string;
  text: string;
}

const firstLine = /^ {0,3}\[\^([^\]\s]{1,60})\]:[ \t]*([^\n]*)(?:\n|$)/u;
/** A line that starts something else, so that it cannot go on with the text of a footnote. */
const otherBlock = /^ {0,3}(?:\[\^?[^\]\n]+\]:|#{1,6}(?:\s|$)|[-*+][ \t]|\d{1,9}[.)][ \t]|>|`{3,}|~{3,}|\|)/u;

/** The definition at the start of `source`. */
export function readFootnote(source: string): FootnoteSource | undefined {
  const found = firstLine.exec(source);
  const label = found?.[1];
  if (!found || label === undefined) return undefined;
  const lines = [found[2] ?? ''];
  let end = found[0].length;
  for (let isAfterBlank = false; end < source.length;) {
    const [raw, line] = lineAt(source, end);
    const isBlank = line.trim() === '';
    const isIndented = /^(?: {4}|\t)/u.test(line);
    if (!isBlank && !isIndented && (isAfterBlank || otherBlock.test(line))) break;
    // A blank line belongs to it only when an indented one follows.
    if (isBlank && !/^(?:[ \t]*\n)*(?: {4}|\t)[ \t]*\S/u.test(source.slice(end, end + 400))) break;
    lines.push(line.replace(/^(?: {1,4}|\t)/u, ''));
    isAfterBlank = isBlank;
    end += raw.length;
  }
  return { raw: source.slice(0, end), label, text: lines.join('\n') };
}

/** Where a line begins with a definition, or -1. */
export function footnoteStart(source: string): number {
  const found = source.search(/\n {0,3}\[\^[^\]\s]{1,60}\]:/u);
  return found === -1 ? -1 : found + 1;
}

function lineAt(source: string, start: number): [raw: string, line: string] {
  const end = source.indexOf('\n', start);
  const raw = end === -1 ? source.slice(start) : source.slice(start, end + 1);
  return [raw, raw.replace(/\n$/u, '')];
}

interface Note {
  number: number;
  references: number;
}

/**
 * The footnotes of one message: numbered as they are first referred to. A reference is a number at once, also when its
 * text has not been written yet; one that never gets a text is shown as it was written when the message has ended.
 */
export class Footnotes {
  private notes = new Map<string, Note>();
  private texts = new Map<string, string>();

  /** `scope` is in every id, so that two messages on a page do not share one. */
  constructor(private readonly scope: string) {}

  /** The HTML of one reference. */
  refer(label: string): string {
    const note = this.notes.get(label) ?? { number: this.notes.size + 1, references: 0 };
    // A new object: a mark that was set before must not see it.
    const counted = { ...note, references: note.references + 1 };
    this.notes.set(label, counted);
    const id = this.referenceId(counted.number, counted.references);
    const number = String(counted.number);
    return (
      `<sup class="footnote" data-footnote="${escapeHtml(label)}">` +
      `<a id="${id}" href="#${this.noteId(counted.number)}" aria-label="Footnote ${number}">${number}</a></sup>`
    );
  }

  /** Takes the HTML of a footnote's text; the first definition of a label counts. */
  define(label: string, html: string): void {
    if (!this.texts.has(label)) this.texts.set(label, html);
  }

  has(label: string): boolean {
    return this.texts.has(label);
  }

  /** What is known now, for `restore`: the last block is drawn again and again, and counts once. */
  mark(): () => void {
    const { notes, texts } = this;
    this.notes = new Map(notes);
    this.texts = new Map(texts);
    return () => {
      this.notes = notes;
      this.texts = texts;
    };
  }

  /** The list of all footnotes that have a text and a reference; empty without any. */
  html(): string {
    const items = [...this.notes].flatMap(([label, note]) => {
      const text = this.texts.get(label);
      return text === undefined ? [] : [this.item(note, text)];
    });
    if (items.length === 0) return '';
    return `<section class="footnotes" aria-label="Footnotes"><ol>${items.join('')}</ol></section>`;
  }

  private item({ number, references }: Note, text: string): string {
    const back = Array.from({ length: references }, (_, index) => {
      const name = `Back to the text, footnote ${String(number)}${references > 1 ? `, place ${String(index + 1)}` : ''}`;
      return `<a href="#${this.referenceId(number, index + 1)}" class="footnote-back" aria-label="${name}">${icon('back')}</a>`;
    }).join(' ');
    // Into the last paragraph, so that the arrow stands behind the last word.
    const html = text.endsWith('</p>') ? `${text.slice(0, -4)} ${back}</p>` : `${text}<p>${back}</p>`;
    return `<li id="${this.noteId(number)}" value="${String(number)}" tabindex="-1">${html}</li>`;
  }

  private noteId(number: number): string {
    return `note-${this.scope}-${String(number)}`;
  }

  private referenceId(number: number, reference: number): string {
    return `note-ref-${this.scope}-${String(number)}-${String(reference)}`;
  }
}
