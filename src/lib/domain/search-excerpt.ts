import { placedTerms, type PlacedTerm, type SearchPhrase, type SearchQuery } from './search-terms';

/** A piece of shown text, and whether it is what was looked for. */
export interface TextPiece {
  text: string;
  isHit: boolean;
}

interface Found {
  start: number;
  end: number;
  phrase: SearchPhrase;
}

/** Longest excerpt, and how much of it comes before the first hit, in characters. */
const excerptLength = 160;
const leadLength = 40;
/** So far is a word looked for at which an excerpt can begin or end. */
const wordLength = 20;
const maxFound = 500;

/** A whole text, such as a title, with the hits in it. */
export function markedText(text: string, query: SearchQuery): TextPiece[] {
  return piecesOf(text, 0, text.length, findAll(text, query));
}

/** The part of a text where most of `query` is, on one line; its beginning when there is no hit. */
export function excerptOf(text: string, query: SearchQuery): TextPiece[] {
  const found = findAll(text, query);
  const from = wordStart(text, Math.max(0, (bestOf(found, query)?.start ?? 0) - leadLength));
  const to = wordEnd(text, Math.min(text.length, from + excerptLength));
  const pieces = piecesOf(text, from, to, found);
  if (from > 0) pieces.unshift({ text: '…', isHit: false });
  if (to < text.length) pieces.push({ text: '…', isHit: false });
  return pieces;
}

/** Where the phrases stand, as far as anyone would read: until a part is found that has them all. */
function findAll(text: string, query: SearchQuery): Found[] {
  const longest = Math.max(0, ...query.map(({ terms }) => terms.length));
  const found: Found[] = [];
  const last: PlacedTerm[] = [];
  let readUntil = Infinity;
  for (const placed of placedTerms(text)) {
    if (placed.start > readUntil || found.length > maxFound) break;
    last.push(placed);
    if (last.length > longest) last.shift();
    const ending = query.flatMap((phrase) => matchAtEnd(last, phrase) ?? []);
    if (ending.length === 0) continue;
    found.push(...ending);
    if (readUntil === Infinity && isWhole(found, query)) readUntil = placed.end + excerptLength;
  }
  return found.sort((a, b) => a.start - b.start);
}

/** The phrase whose last term is the last of `placed`. */
function matchAtEnd(placed: readonly PlacedTerm[], phrase: SearchPhrase): Found | undefined {
  const { terms, isPrefix } = phrase;
  const offset = placed.length - terms.length;
  const [first, end] = [placed[offset], placed.at(-1)];
  if (!first || !end) return undefined;
  const isMatch = terms.every((term, index) => {
    const other = placed[offset + index]?.term ?? '';
    return isPrefix && index === terms.length - 1 ? other.startsWith(term) : other === term;
  });
  return isMatch ? { start: first.start, end: end.end, phrase } : undefined;
}

/** Whether the newest hits are all phrases, near each other. */
function isWhole(found: readonly Found[], query: SearchQuery): boolean {
  const end = found.at(-1)?.end ?? 0;
  const near = found.filter(({ start }) => start >= end - excerptLength + leadLength);
  return new Set(near.map(({ phrase }) => phrase)).size === query.length;
}

/** The first hit that has the most different ones near it. */
function bestOf(found: readonly Found[], query: SearchQuery): Found | undefined {
  let best: Found | undefined;
  let bestCount = 0;
  for (const [index, first] of found.entries()) {
    const phrases = new Set<SearchPhrase>();
    for (let at = index; at < found.length; at += 1) {
      const other = found[at];
      if (!other || other.end > first.start + excerptLength - leadLength) break;
      phrases.add(other.phrase);
    }
    if (phrases.size > bestCount) [best, bestCount] = [first, phrases.size];
    if (bestCount === query.length) break;
  }
  return best ?? found[0];
}

function piecesOf(text: string, from: number, to: number, found: readonly Found[]): TextPiece[] {
  const pieces: TextPiece[] = [];
  const add = (start: number, end: number, isHit: boolean) => {
    const line = text.slice(start, end).replace(/\s+/gu, ' ');
    if (line !== '') pieces.push({ text: line, isHit });
  };
  let at = from;
  for (const { start, end } of found) {
    // Two phrases may share words.
    if (end <= at || start >= to) continue;
    add(at, Math.max(at, start), false);
    add(Math.max(at, start), Math.min(end, to), true);
    at = Math.min(end, to);
  }
  add(at, to, false);
  return pieces;
}

/** `at`, moved on to the beginning of a word when one is near, and never into half a character. */
function wordStart(text: string, at: number): number {
  if (at === 0) return 0;
  const space = text.slice(at, at + wordLength).search(/\s/u);
  return space === -1 ? wholeCharacter(text, at) : at + space + 1;
}

/** `at`, moved back to the end of a word when one is near. */
function wordEnd(text: string, at: number): number {
  if (at >= text.length) return text.length;
  const space = text.slice(at - wordLength, at).search(/\s\S*$/u);
  return space === -1 ? wholeCharacter(text, at) : at - wordLength + space;
}

function wholeCharacter(text: string, at: number): number {
  return /[\udc00-\udfff]/u.test(text.charAt(at)) ? at - 1 : at;
}
