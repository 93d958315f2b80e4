import { parse } from 'svelte/compiler';
import ts from 'typescript';

/** One import as it is written. */
export interface RawImport {
  specifier: string;
  /** It is gone once compiled: `import type`, `export type ... from`, `typeof import()` in a type. */
  isTypeOnly: boolean;
}

export interface RawSource {
  imports: RawImport[];
  /** Whether it reads the environment of the process. */
  readsEnvironment: boolean;
}

/** What a TypeScript, JavaScript or Svelte file imports: by statement, by call, again exported, or in a type. */
export function readSource(path: string, text: string): RawSource {
  if (!path.endsWith('.svelte')) return readScript(path, text);
  const { scripts, markup } = partsOf(text);
  const read = scripts.map((script) => readScript(`${path}.ts`, script));
  const inMarkup = [...markup.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/gu)].map(([, specifier = '']) => ({
    specifier,
    isTypeOnly: false,
  }));
  return {
    imports: [...read.flatMap(({ imports }) => imports), ...inMarkup],
    readsEnvironment: read.some(({ readsEnvironment }) => readsEnvironment),
  };
}

function partsOf(text: string): { scripts: string[]; markup: string } {
  const { module, instance } = parse(text, { modern: true });
  const blocks = [module, instance].flatMap((block) => (block ? [block] : []));
  // `content` is a Program with its place in the file, which its published type leaves out.
  const contents = blocks.map((block) => block.content as unknown as { start: number; end: number });
  let markup = text;
  for (const { start, end } of blocks) {
    markup = markup.slice(0, start) + ' '.repeat(end - start) + markup.slice(end);
  }
  return { scripts: contents.map(({ start, end }) => text.slice(start, end)), markup };
}

function readScript(path: string, text: string): RawSource {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  const imports: RawImport[] = [];
  let readsEnvironment = false;
  const visit = (node: ts.Node): void => {
    const found = importIn(node);
    if (found) imports.push(found);
    readsEnvironment ||= isEnvironment(node);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { imports, readsEnvironment };
}

function importIn(node: ts.Node): RawImport | undefined {
  if (ts.isImportDeclaration(node)) {
    return literal(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword);
  }
  if (ts.isExportDeclaration(node)) return literal(node.moduleSpecifier, node.isTypeOnly);
  if (ts.isExternalModuleReference(node)) return literal(node.expression, false);
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    return literal(node.argument.literal, true);
  }
  if (ts.isCallExpression(node) && isLoader(node.expression)) return literal(node.arguments[0], false);
  return undefined;
}

function literal(node: ts.Node | undefined, isTypeOnly: boolean): RawImport | undefined {
  return node && ts.isStringLiteralLike(node) ? { specifier: node.text, isTypeOnly } : undefined;
}

/** `import(...)`, `require(...)`, `require.resolve(...)`, `import.meta.resolve(...)`, `import.meta.glob(...)`. */
function isLoader(callee: ts.Expression): boolean {
  if (callee.kind === ts.SyntaxKind.ImportKeyword) return true;
  if (ts.isIdentifier(callee)) return callee.text === 'require';
  if (!ts.isPropertyAccessExpression(callee)) return false;
  const { expression, name } = callee;
  if (ts.isMetaProperty(expression)) return name.text === 'resolve' || name.text === 'glob';
  return ts.isIdentifier(expression) && expression.text === 'require' && name.text === 'resolve';
}

/** `process.env`, `process['env']`, `{ env } = process`, or the module `process`, from which it can be had too. */
function isEnvironment(node: ts.Node): boolean {
  if (ts.isPropertyAccessExpression(node)) return node.name.text === 'env' && isProcess(node.expression);
  if (ts.isElementAccessExpression(node)) {
    const { argumentExpression: key } = node;
    return ts.isStringLiteralLike(key) && key.text === 'env' && isProcess(node.expression);
  }
  if (ts.isVariableDeclaration(node) && ts.isObjectBindingPattern(node.name)) {
    const names = node.name.elements.map(({ propertyName, name }) => propertyName ?? name);
    const takesEnv = names.some((name) => ts.isIdentifier(name) && name.text === 'env');
    return takesEnv && node.initializer !== undefined && isProcess(node.initializer);
  }
  return /^(node:)?process$/u.test(importIn(node)?.specifier ?? '');
}

function isProcess(node: ts.Expression): boolean {
  if (ts.isPropertyAccessExpression(node)) return node.name.text === 'process';
  return ts.isIdentifier(node) && node.text === 'process';
}
