import { AppError } from '../../../../domain/errors';
import type { Grammar } from '../../../../domain/parameters';
import { withBoundedIntegers } from './bounded-integers';

/** A grammar in one of the languages that the library reads. */
export interface GrammarSource {
  language: 'json-schema' | 'regex' | 'ebnf';
  text: string;
}

/**
 * What the library is given for a grammar. A regular expression is matched against the whole answer, as if it stood
 * between `^` and `$`. Throws `invalid-input` for an expression that is none.
 */
export function sourceOf(grammar: Grammar): GrammarSource {
  switch (grammar.type) {
    case 'json':
      return { language: 'json-schema', text: JSON.stringify(withBoundedIntegers(grammar.value)) };
    case 'regex':
      checkExpression(grammar.value);
      return { language: 'regex', text: grammar.value };
    case 'choice':
      return { language: 'ebnf', text: `root ::= ${grammar.value.map(literal).join(' | ')}` };
  }
}

function checkExpression(expression: string): void {
  try {
    new RegExp(expression, 'u');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.replace(/^.*: /su, '') : '';
    throw new AppError('invalid-input', `The regular expression is not right: ${reason}.`, { cause });
  }
}

/** Letters, digits and spaces stand for themselves; everything else is written by its number. */
function literal(text: string): string {
  const escaped = text.toWellFormed().replace(/[^A-Za-z\d ]/gu, (character) => {
    const number = character.codePointAt(0) ?? 0;
    return `\\U${number.toString(16).padStart(8, '0')}`;
  });
  return `"${escaped}"`;
}
