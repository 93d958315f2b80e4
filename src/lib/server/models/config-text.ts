import JSON5 from 'json5';
import { isMap, isSeq, LineCounter, parseDocument, type Document } from 'yaml';

/** A text read as data. */
export interface ConfigText {
  value: unknown;
  /** What makes it no data, with the line; `value` is nothing then. No text is quoted, since it may hold keys. */
  faults: { message: string; line?: number }[];
  /** The line (from 1 on) where the value of a key, or the nearest thing around it, begins; `undefined` where nobody knows. */
  lineOf(path: readonly PropertyKey[]): number | undefined;
}

/** Reads YAML, JSON or JSON5: as the ending of `path` says, otherwise by how the text begins. */
export function readConfigText(text: string, path: string): ConfigText {
  const isJson = /\.json5?$/iu.test(path) || (!/\.ya?ml$/iu.test(path) && /^\s*(?:[[{]|\/[/*])/u.test(text));
  return isJson ? readJson(text) : readYaml(text);
}

function readJson(text: string): ConfigText {
  // What is plain JSON is YAML too, and that parser knows lines.
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'silent' });
  const lineOf = document.errors.length === 0 ? finder(document, lines) : () => undefined;
  try {
    return { value: JSON5.parse(text), faults: [], lineOf };
  } catch (thrown) {
    const line = thrown instanceof Error && 'lineNumber' in thrown ? Number(thrown.lineNumber) : undefined;
    const message = thrown instanceof Error ? thrown.message.replace(/^JSON5: | at \d+:\d+$/gu, '') : '';
    return { value: undefined, faults: [{ message, ...(line !== undefined && { line }) }], lineOf };
  }
}

function readYaml(text: string): ConfigText {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true });
  const faults: ConfigText['faults'] = [...document.errors, ...document.warnings].map(({ message, pos }) => ({
    message: message.replace(/: .*$/su, ''),
    line: lines.linePos(pos[0]).line,
  }));
  const lineOf = finder(document, lines);
  if (faults.length > 0) return { value: undefined, faults, lineOf };
  try {
    return { value: document.toJS(), faults, lineOf };
  } catch {
    return { value: undefined, faults: [{ message: 'its aliases stand for too much' }], lineOf };
  }
}

function finder(document: Document.Parsed, lines: LineCounter): ConfigText['lineOf'] {
  return (path) => {
    let node: unknown = document.contents;
    let offset = offsetOf(node);
    for (const key of path) {
      const [place, next] = step(node, key);
      if (next === undefined) break;
      offset = offsetOf(place) ?? offset;
      node = next;
    }
    return offset === undefined ? undefined : lines.linePos(offset).line;
  };
}

/** The node that is pointed at for a key, and what is below it. */
function step(node: unknown, key: PropertyKey): [unknown, unknown] {
  if (isSeq(node)) {
    const item = node.items[Number(key)];
    return [item, item];
  }
  if (!isMap(node)) return [undefined, undefined];
  const pair = node.items.find((item) => String(item.key) === String(key));
  return [pair?.key, pair?.value];
}

function offsetOf(node: unknown): number | undefined {
  const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined;
  return Array.isArray(range) && typeof range[0] === 'number' ? range[0] : undefined;
}
