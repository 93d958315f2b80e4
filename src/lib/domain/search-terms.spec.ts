import { describe, expect, it } from 'vitest';
import { parseSearch, placedTerms, searchTerms } from './search-terms';

describe('searchTerms', () => {
  const cases: [name: string, text: string, terms: string[]][] = [
    ['nothing', '', []],
    ['no letters', ' -- !? \n "*" ', []],
    ['case and punctuation', 'Hello, WORLD!', ['hello', 'world']],
    ['accents, composed or not', 'Café cafe\u0301 naïve Ångström', ['cafe', 'cafe', 'naive', 'angstrom']],
    [
      'letters with strokes',
      'Straße STRASSE Łódź smørrebrød œuvre',
      ['strasse', 'strasse', 'lodz', 'smorrebrod', 'oeuvre'],
    ],
    ['Greek with its final sigma', 'Οδυσσεύς ΟΔΥΣΣΕΥΣ', ['οδυσσευσ', 'οδυσσευσ']],
    ['Turkish', 'Istanbul İstanbul ısı', ['istanbul', 'istanbul', 'isi']],
    ['Cyrillic', 'Ёлка', ['елка']],
    ['Arabic without its points', 'كَتَبَ', ['كتب']],
    ['Hindi with its vowels', 'हिन्दी', ['हिन्दी']],
    ['Korean by words', '한국어 공부', ['한국어', '공부']],
    ['Chinese letter by letter', '東京タワー', ['東', '京', 'タ', 'ワ', 'ー']],
    ['Japanese voiced letters stay', 'がか', ['が', 'か']],
    ['Chinese punctuation', '你好。再见', ['你', '好', '再', '见']],
    ['Thai letters with their marks', 'ที่นี่', ['ที่', 'นี่']],
    ['scripts in one word', '使用Python3', ['使', '用', 'python3']],
    ['wide and styled letters', 'ＡＢＣ 𝐁𝐨𝐥𝐝 ﬁn', ['abc', 'bold', 'fin']],
    ['code', 'snake_case camelCase a.b v1.2', ['snake', 'case', 'camelcase', 'a', 'b', 'v1', '2']],
    ['emoji and broken text', '👩‍👧 a\0b \ud83d c', ['a', 'b', 'c']],
    ['a long word', 'x'.repeat(99), ['x'.repeat(40)]],
  ];
  it.each(cases)('%s', (_, text, terms) => expect(searchTerms(text)).toEqual(terms));

  it('says where each stands', () => {
    const text = '«Ça» va 東京';
    const words = Array.from(placedTerms(text), ({ start, end }) => text.slice(start, end));
    expect(words).toEqual(['Ça', 'va', '東', '京']);
  });

  it('has nothing but letters, digits and marks in a term, whatever the text', () => {
    for (let code = 0; code < 0x30000; code += 1) {
      for (const { term } of placedTerms(String.fromCodePoint(code))) {
        if (!/^[\p{L}\p{N}\p{M}]+$/u.test(term)) expect.unreachable(`U+${code.toString(16)}: ${term}`);
      }
    }
  });
});

describe('parseSearch', () => {
  const word = (...terms: string[]) => ({ terms, isPrefix: false });
  const start = (...terms: string[]) => ({ terms, isPrefix: true });
  const cases: [typed: string, query: ReturnType<typeof parseSearch>][] = [
    ['', []],
    ['  !? ', []],
    ['cap', [start('cap')]],
    ['Capital fra', [word('capital'), start('fra')]],
    ['"capital of"', [word('capital', 'of')]],
    ['“capital of” fr', [word('capital', 'of'), start('fr')]],
    ['fr "capital of"', [word('fr'), word('capital', 'of')]],
    ['"capital of', [word('capital'), start('of')]],
    ['a"b c"d', [word('a'), word('b', 'c'), start('d')]],
    ["don't", [start('don', 't')]],
    ['snake_case x', [word('snake', 'case'), start('x')]],
    ['東京', [start('東', '京')]],
    [
      'a AND NOT b* NEAR(c, -d)',
      [word('a'), word('and'), word('not'), word('b'), word('near', 'c'), start('d')],
    ],
    ['"', []],
    ['"""', []],
    ['terms:x', [start('terms', 'x')]],
  ];
  it.each(cases)('%s', (typed, query) => expect(parseSearch(typed)).toEqual(query));

  it('reads no more than a person types', () => {
    expect(parseSearch('ab '.repeat(10_000)).length).toBeLessThan(100);
  });
});
