import { Lexer, Marked, type Links, type MarkedToken, type Token } from 'marked';
import { footnoteStart, readFootnote } from './footnotes';
import { formulaBlockStart, formulaStart, maskFormulas, readFormula, readFormulaBlock } from './maths';

/** Addresses that are defined apart from the text: `[label]: address`. */
export type References = Links;

export interface FormulaToken {
  type: 'formula';
  raw: string;
  tex: string;
  isDisplay: boolean;
}
export interface FootnoteReferenceToken {
  type: 'footnoteReference';
  raw: string;
  label: string;
}
export interface FootnoteToken {
  type: 'footnote';
  raw: string;
  label: string;
  tokens: Token[];
}

/** Every kind of token that `lex` makes. */
export type MarkdownToken = MarkedToken | FormulaToken | FootnoteReferenceToken | FootnoteToken;

const marked = new Marked({ gfm: true, breaks: false });

marked.use({
  hooks: { emStrongMask: maskFormulas },
  extensions: [
    {
      name: 'formulaBlock',
      level: 'block',
      start: (source) => indexOrNone(formulaBlockStart(source)),
      tokenizer: (source) => asToken(readFormulaBlock(source)),
    },
    {
      name: 'formula',
      level: 'inline',
      start: (source) => indexOrNone(formulaStart(source)),
      tokenizer: (source, tokens) => asToken(readFormula(source, tokens.at(-1)?.raw.at(-1))),
    },
    {
      name: 'footnote',
      level: 'block',
      start: (source) => indexOrNone(footnoteStart(source)),
      tokenizer(source) {
        const found = readFootnote(source);
        if (!found) return undefined;
        const { raw, label, text } = found;
        return { type: 'footnote', raw, label, tokens: this.lexer.blockTokens(text, []) };
      },
    },
    {
      name: 'footnoteReference',
      level: 'inline',
      tokenizer(source) {
        const [raw, label] = /^\[\^([^\]\s]{1,60})\]/u.exec(source) ?? [];
        return raw === undefined ? undefined : { type: 'footnoteReference', raw, label };
      },
    },
  ],
});

/** The blocks of a text. `references` are those that were defined before; they are not changed. */
export function lex(text: string, references: References = {}): MarkdownToken[] {
  const lexer = new Lexer(marked.defaults);
  Object.assign(lexer.tokens.links, references);
  return lexer.lex(text) as MarkdownToken[];
}

/** What stands in a line of text. */
export function lexInline(text: string, references: References = {}): MarkdownToken[] {
  const lexer = new Lexer(marked.defaults);
  Object.assign(lexer.tokens.links, references);
  return lexer.inlineTokens(text) as MarkdownToken[];
}

function asToken(formula: ReturnType<typeof readFormula>): FormulaToken | undefined {
  return formula && { type: 'formula', ...formula };
}

/** marked wants nothing rather than -1. */
function indexOrNone(index: number): number | undefined {
  return index === -1 ? undefined : index;
}
