/** A language as a fence names it. */
export interface Language {
  /** As people know it. */
  name: string;
  /** Of a file with code in it, without a dot. */
  extension: string;
  /** As highlight.js calls it; absent: without colours. */
  grammar?: string;
}

/** Name, extension, grammar (absent: none), and what fences call it besides the grammar and the extension. */
const table: [name: string, extension: string, grammar?: string, aliases?: string][] = [
  ['Bash', 'sh', 'bash', 'zsh'],
  ['C', 'c', 'c', 'h'],
  ['C++', 'cpp', 'cpp', 'c++ cc cxx hpp'],
  ['C#', 'cs', 'csharp', 'c#'],
  ['CSS', 'css', 'css'],
  ['CSV', 'csv'],
  ['Dart', 'dart', 'dart'],
  ['Diff', 'diff', 'diff', 'patch'],
  ['Dockerfile', 'dockerfile', 'dockerfile', 'docker'],
  ['Elixir', 'ex', 'elixir', 'exs'],
  ['Go', 'go', 'go', 'golang'],
  ['GraphQL', 'graphql', 'graphql', 'gql'],
  ['Haskell', 'hs', 'haskell'],
  ['HTML', 'html', 'xml', 'htm xhtml vue svelte'],
  ['INI', 'ini', 'ini', 'conf cfg properties'],
  ['Java', 'java', 'java'],
  ['JavaScript', 'js', 'javascript', 'jsx mjs cjs node'],
  ['JSON', 'json', 'json', 'jsonc json5 jsonl'],
  ['Julia', 'jl', 'julia'],
  ['Kotlin', 'kt', 'kotlin', 'kts'],
  ['LaTeX', 'tex', 'latex'],
  ['Less', 'less', 'less'],
  ['Lua', 'lua', 'lua'],
  ['Makefile', 'mk', 'makefile', 'make'],
  ['Markdown', 'md', 'markdown', 'mdx'],
  ['Mermaid', 'mmd', undefined, 'mermaid'],
  ['Nginx', 'conf', 'nginx'],
  ['Objective-C', 'm', 'objectivec', 'objc objective-c'],
  ['Perl', 'pl', 'perl'],
  ['PHP', 'php', 'php'],
  ['PowerShell', 'ps1', 'powershell', 'pwsh ps'],
  ['Protocol Buffers', 'proto', 'protobuf'],
  ['Python', 'py', 'python', 'python3 py3 pyi ipython'],
  ['R', 'r', 'r'],
  ['Ruby', 'rb', 'ruby'],
  ['Rust', 'rs', 'rust'],
  ['Scala', 'scala', 'scala'],
  ['SCSS', 'scss', 'scss', 'sass'],
  ['Shell', 'sh', 'shell', 'console terminal shell-session'],
  ['SQL', 'sql', 'sql', 'mysql postgresql postgres sqlite psql plsql'],
  ['SVG', 'svg', 'xml'],
  ['Swift', 'swift', 'swift'],
  ['Text', 'txt', undefined, 'text plaintext plain'],
  ['TOML', 'toml', 'ini'],
  ['TypeScript', 'ts', 'typescript', 'tsx mts cts'],
  ['VB.NET', 'vb', 'vbnet'],
  ['WebAssembly', 'wat', 'wasm'],
  ['XML', 'xml', 'xml', 'xsl xsd rss plist'],
  ['YAML', 'yaml', 'yaml', 'yml'],
];

const languages = new Map<string, Language>();
for (const [name, extension, grammar, aliases = ''] of table) {
  const language = { name, extension, ...(grammar !== undefined && { grammar }) };
  // The first that takes a word has it: `sh` is Bash, and `xml` is XML although HTML has the same grammar.
  const words = [name.toLowerCase(), extension, ...aliases.split(' ')];
  for (const word of words) if (word !== '' && !languages.has(word)) languages.set(word, language);
}
for (const [name, , grammar] of table) {
  const language = languages.get(name.toLowerCase());
  if (grammar !== undefined && language && !languages.has(grammar)) languages.set(grammar, language);
}

/** The first word of what stands behind the fence: `js`, `{.python}`, `C++ title="x"`. */
export function languageWord(info: string): string {
  return /^[{.\s]*([\w+#.-]{1,30})/u.exec(info)?.[1] ?? '';
}

/** The language that a fence names. An unknown one has its own word as its name; without a word it is text. */
export function languageOf(info: string): Language {
  const word = languageWord(info);
  return languages.get(word.toLowerCase()) ?? { name: word, extension: 'txt' };
}
