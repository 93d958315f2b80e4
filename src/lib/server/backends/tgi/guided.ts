import type { Grammar } from '../../../domain/parameters';

export type TgiGrammar = { type: 'json'; value: Record<string, unknown> } | { type: 'regex'; value: string };

/** A grammar as the server takes it; `undefined` for one that it does not: its schemas are of objects with `properties`. */
export function tgiGrammar(grammar: Grammar): TgiGrammar | undefined {
  switch (grammar.type) {
    case 'regex':
      return grammar;
    case 'choice':
      return { type: 'regex', value: `(${grammar.value.map(literally).join('|')})` };
    case 'json': {
      const { value } = grammar;
      return typeof value === 'object' && 'properties' in value ? { type: 'json', value } : undefined;
    }
  }
}

/** An expression that matches this text and no other. */
function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/gu, String.raw`\$&`);
}
