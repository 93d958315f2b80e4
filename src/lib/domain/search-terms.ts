/** A term where it stands in a text: `text.slice(start, end)` is what was written. */
export interface PlacedTerm {
  term: string;
  start: number;
  end: number;
}

/** Terms that must follow each other. */
export interface SearchPhrase {
  terms: string[];
  /** Whether the last term may be the beginning of a word. */
  isPrefix: boolean;
}

/** What a person looks for: all phrases, in any order. */
export type SearchQuery = SearchPhrase[];

/** Longest question that is read, in characters. */
export const maxQueryLength = 200;
/** What follows in a longer word (a key, a file in Base64) is not told apart. */
const maxTermLength = 40;

/** Scripts without spaces between words: each letter is a term, and a run of letters is looked for as a phrase. */
const unspaced = String.raw`[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Bopo}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}]`;
const written = new RegExp(
  String.raw`(?=[\p{L}\p{N}])${unspaced}\p{M}*|(?:(?!${unspaced})[\p{L}\p{N}]\p{M}*)+`,
  'gu',
);
/** Accents, and the points of Hebrew and Arabic; the vowels of other scripts are marks too, and stay. */
const accents =
  // eslint-disable-next-line no-misleading-character-class -- each mark is meant by itself
  /[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff]/gu;
/** Letters that people type without their stroke or ligature, and that Unicode does not take apart. */
const plain: Partial<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
  ς: 'σ',
};

/**
 * The terms of a text in their order, each with its place. Everything that is searched for and everything that can be
 * found goes through here, and a term has only letters, digits and marks.
 */
export function* placedTerms(text: string): Generator<PlacedTerm> {
  for (const { 0: word, index } of text.matchAll(written)) {
    const term = fold(word);
    if (term !== '') yield { term, start: index, end: index + word.length };
  }
}

/** The terms of a text in their order: all that an index keeps of it. */
export function searchTerms(text: string): string[] {
  return Array.from(placedTerms(text), ({ term }) => term);
}

/**
 * What a person typed, read as words that must all be there; the last one may be unfinished. Words in quotes follow
 * each other, and so do the parts of `snake_case`, `don't` and a run of Chinese. Nothing typed is a syntax error.
 */
export function parseSearch(typed: string): SearchQuery {
  const query: SearchQuery = [];
  for (const [chunk, quoted] of typed
    .slice(0, maxQueryLength)
    .replace(/[“”„«»]/gu, '"')
    .matchAll(/"([^"]*)"|"?[^\s"]+|"/gu)) {
    const terms = searchTerms(quoted ?? chunk);
    if (terms.length > 0) query.push({ terms, isPrefix: quoted === undefined });
  }
  return query.map((phrase, index) => ({
    ...phrase,
    isPrefix: phrase.isPrefix && index === query.length - 1,
  }));
}

function fold(word: string): string {
  // eslint-disable-next-line no-control-regex -- most words are plain ASCII, and then there is nothing to take apart
  const isAscii = /^[\x00-\x7f]*$/u.test(word);
  const term = isAscii ? word.toLowerCase() : foldLetters(word);
  return term.length <= maxTermLength ? term : Array.from(term).slice(0, maxTermLength).join('');
}

function foldLetters(word: string): string {
  return word
    .normalize('NFKD')
    .toLowerCase()
    .replace(accents, '')
    .replace(/[ßæœøłđðþıς]/gu, (letter) => plain[letter] ?? letter)
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}\p{M}]/gu, '');
}
