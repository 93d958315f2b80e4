import { parameterFault } from '../../domain/parameter-rules';
import { describeParameter, type Grammar } from '../../domain/parameters';
import { escaped, unescaped } from './typed-text';

/** What a typed grammar is: itself, why it is none yet, or nothing where nothing is typed. */
export type ReadGrammar = { grammar: Grammar } | { fault: string } | { grammar: undefined };

/** The grammar of this type that a text describes: a JSON schema, a regular expression, or one choice a line. */
export function readGrammar(type: Grammar['type'], text: string): ReadGrammar {
  if (text.trim() === '') return { grammar: undefined };
  try {
    const grammar = { type, value: valueOf(type, text) };
    const fault = parameterFault(describeParameter('grammar'), grammar);
    return fault === undefined ? { grammar: grammar as Grammar } : { fault: faultOf(type, fault) };
  } catch (thrown) {
    // Of `JSON.parse` and of `RegExp`: both say in words what they stumble over.
    if (thrown instanceof SyntaxError) return { fault: syntaxWords(type, thrown.message) };
    throw thrown;
  }
}

/** A grammar as it is typed. */
export function grammarText(grammar: Grammar): string {
  switch (grammar.type) {
    case 'json':
      return JSON.stringify(grammar.value, null, 2);
    case 'regex':
      return grammar.value;
    case 'choice':
      return grammar.value.map(escaped).join('\n');
  }
}

function valueOf(type: Grammar['type'], text: string): unknown {
  if (type === 'json') return JSON.parse(text);
  if (type === 'choice') {
    const lines = text.split(/\r?\n/u).filter((line) => line !== '');
    return [...new Set(lines.map(unescaped))];
  }
  // Only to see whether it is one; without flags, which allow less than the engines that guide.
  void new RegExp(text);
  return text;
}

/** What is wrong with something that is JSON or a regular expression. */
function faultOf(type: Grammar['type'], fault: string): string {
  return type === 'json' ? 'A schema is an object, true or false, of at most 20,000 characters.' : fault;
}

/** A message of the browser's parser, without its own name and with the place in words where it says one. */
export function syntaxWords(type: Grammar['type'], message: string): string {
  if (type === 'regex') {
    return `This is no regular expression: ${lowerFirst(message.replace(/^Invalid regular expression: (?:\/.*\/[a-z]*: )?/su, ''))}.`;
  }
  const [, line, column] = /line (\d+) column (\d+)/u.exec(message) ?? [];
  const what = message
    .replace(/^JSON(?:\.parse| Parse error): /u, '')
    .replace(/(?: after JSON)? at line \d+ column \d+.*$/su, '')
    .replace(/ in JSON at position \d+.*$/su, '')
    .replace(/, (.*) is not valid JSON$/su, (_, near: string) => ` in ${near.replace(/\s+/gu, ' ')}`)
    .replace(/ JSON input$/u, ' the text');
  const place = line === undefined ? '' : `Line ${line}, character ${String(column)}: `;
  return `This is not JSON yet. ${place}${place === '' ? what : lowerFirst(what)}.`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
