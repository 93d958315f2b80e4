import hljs from 'highlight.js/lib/common';
import dart from 'highlight.js/lib/languages/dart';
import dockerfile from 'highlight.js/lib/languages/dockerfile';
import elixir from 'highlight.js/lib/languages/elixir';
import haskell from 'highlight.js/lib/languages/haskell';
import julia from 'highlight.js/lib/languages/julia';
import latex from 'highlight.js/lib/languages/latex';
import nginx from 'highlight.js/lib/languages/nginx';
import powershell from 'highlight.js/lib/languages/powershell';
import protobuf from 'highlight.js/lib/languages/protobuf';
import scala from 'highlight.js/lib/languages/scala';

const more = { dart, dockerfile, elixir, haskell, julia, latex, nginx, powershell, protobuf, scala };
for (const [name, grammar] of Object.entries(more)) hljs.registerLanguage(name, grammar);

/** The HTML of code with classes for colours; absent when no grammar has this name. */
export function colouredHtml(code: string, grammar: string): string | undefined {
  if (!hljs.getLanguage(grammar)) return undefined;
  return hljs.highlight(code, { language: grammar, ignoreIllegals: true }).value;
}
