import { describe, expect, it } from 'vitest';
import type { Grammar } from '../../domain/parameters';
import { grammarText, readGrammar, syntaxWords } from './grammar-text';

const grammars: Grammar[] = [
  { type: 'json', value: { type: 'object', properties: { age: { type: 'integer' } } } },
  { type: 'json', value: true },
  { type: 'regex', value: String.raw`[\w\-]+@\w+\.(com|org)` },
  { type: 'choice', value: ['yes', ' no ', 'two\nlines'] },
];

describe('a typed grammar', () => {
  it.each(grammars)('%j comes back from its field', (grammar) => {
    expect(readGrammar(grammar.type, grammarText(grammar))).toEqual({ grammar });
  });

  it('of choices leaves out empty lines and what is there twice', () => {
    const read = readGrammar('choice', 'a\r\n\nb\na\n');
    expect(read).toEqual({ grammar: { type: 'choice', value: ['a', 'b'] } });
  });

  it.each<Grammar['type']>(['json', 'regex', 'choice'])('%s that is empty is none', (type) => {
    expect(readGrammar(type, ' \n')).toEqual({ grammar: undefined });
  });

  it.each<[Grammar['type'], string, RegExp]>([
    ['json', '{"type": }', /^This is not JSON yet\. .+\.$/u],
    ['json', '{', /^This is not JSON yet\. .+\.$/u],
    ['json', '"text"', /^A schema is an object/u],
    ['json', '[1]', /^A schema is an object/u],
    ['regex', '(a', /^This is no regular expression: unterminated group\.$/u],
    ['choice', Array.from({ length: 17 }, (_, index) => String(index)).join('\n'), /1 to 16 texts/u],
    ['choice', 'x'.repeat(201), /1 to 200 characters/u],
  ])('%s that is wrong says what is wrong: %j', (type, text, words) => {
    expect(readGrammar(type, text)).toEqual({ fault: expect.stringMatching(words) as string });
  });
});

describe('what a parser says', () => {
  it.each<[string, string]>([
    [
      "Expected property name or '}' in JSON at position 1 (line 1 column 2)",
      "Line 1, character 2: expected property name or '}'.",
    ],
    [
      "JSON.parse: expected ',' or '}' after property value in object at line 3 column 5 of the JSON data",
      "Line 3, character 5: expected ',' or '}' after property value in object.",
    ],
    ["JSON Parse error: Unrecognized token 'a'", "Unrecognized token 'a'."],
    [
      `Unexpected token '}', ..."perties":\n }" is not valid JSON`,
      `Unexpected token '}' in ..."perties": }".`,
    ],
    ['Unexpected end of JSON input', 'Unexpected end of the text.'],
  ])('%s', (message, words) => {
    expect(syntaxWords('json', message)).toBe(`This is not JSON yet. ${words}`);
  });

  it('of a regular expression leaves out the expression', () => {
    const words = 'This is no regular expression: nothing to repeat.';
    expect(syntaxWords('regex', 'Invalid regular expression: /*/: Nothing to repeat')).toBe(words);
  });
});
