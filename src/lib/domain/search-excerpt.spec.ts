import { describe, expect, it } from 'vitest';
import { excerptOf, markedText, type TextPiece } from './search-excerpt';
import { parseSearch } from './search-terms';

/** Hits in brackets. */
const shown = (pieces: TextPiece[]) => pieces.map(({ text, isHit }) => (isHit ? `[${text}]` : text)).join('');

describe('markedText', () => {
  const cases: [text: string, typed: string, shown: string][] = [
    ['The capital of France', 'capital', 'The [capital] of France'],
    ['The capital of France', 'FRANCE cap', 'The [capital] of [France]'],
    ['Café au lait, cafe', 'cafe', '[Café] au lait, [cafe]'],
    ['of the capital of France', '"capital of"', 'of the [capital of] France'],
    ['capitals', '"capital"', 'capitals'],
    ['我爱东京塔', '东京', '我爱[东京]塔'],
    ['one two three', '"one two" "two three"', '[one two][ three]'],
    ['a_b', 'a_b', '[a_b]'],
    ['nothing', 'else', 'nothing'],
    ['', 'else', ''],
  ];
  it.each(cases)('%s: %s', (text, typed, expected) =>
    expect(shown(markedText(text, parseSearch(typed)))).toBe(expected),
  );
});

describe('excerptOf', () => {
  const filler = 'lorem ipsum '.repeat(50);

  it('gives a short text whole, on one line', () => {
    expect(shown(excerptOf('one\n\ntwo  three', parseSearch('two')))).toBe('one [two] three');
  });

  it('begins shortly before the hit and ends at a word', () => {
    const excerpt = shown(excerptOf(`${filler}the needle is here ${filler}`, parseSearch('needle')));
    expect(excerpt).toMatch(/^…(?:lorem |ipsum )+the \[needle\] is here (?:lorem|ipsum| )+…$/u);
    expect(excerpt.length).toBeLessThan(170);
  });

  it('shows the part where most words are, not the first word alone', () => {
    const text = `needle ${filler}a needle in a haystack ${filler}`;
    expect(shown(excerptOf(text, parseSearch('haystack needle')))).toContain('a [needle] in a [haystack]');
  });

  it('shows the beginning when nothing is found', () => {
    expect(shown(excerptOf(filler, parseSearch('absent')))).toMatch(/^lorem ipsum .*…$/u);
  });

  it('keeps characters whole where there are no spaces', () => {
    const text = `${'😀'.repeat(200)}東京${'𠀀'.repeat(200)}`;
    const excerpt = shown(excerptOf(text, parseSearch('東京')));
    expect(excerpt).toContain('[東京]');
    expect(excerpt).not.toMatch(/\p{Surrogate}/u);
  });

  it('stays quick when every word of a long text is a hit', () => {
    expect(shown(excerptOf('word '.repeat(200_000), parseSearch('word w')))).toMatch(/^\[word\]/u);
  });
});
