import { parseEnv } from 'node:util';
import JSON5 from 'json5';
import type { Report } from './report';

export type Variables = Readonly<Record<string, string>>;

/** The variables of an `.env.local`, those that are set: values in quotes or backticks may have many lines. */
export function readEnvFile(text: string): Variables {
  const entries = Object.entries(parseEnv(text.replace(/^\uFEFF/u, '').replaceAll('\r\n', '\n')));
  return Object.fromEntries(
    entries
      .map(([name, value = '']) => [name, value.trim().replaceAll(String.raw`\$`, '$')] as const)
      .filter(([, value]) => value !== ''),
  );
}

/** A list in a variable, in JSON5 (or the JSON of older versions). Empty, and reported, when it is none. */
export function readList(variables: Variables, name: string, report: Report): unknown[] {
  const text = variables[name];
  if (text === undefined) return [];
  try {
    const value: unknown = JSON5.parse(text);
    if (Array.isArray(value)) return value;
    report.note(name, '', 'It is not a list, and was left out.');
  } catch (thrown) {
    // The words of the parser have a line and one character of the text, and no more of it.
    const words = thrown instanceof Error ? thrown.message.replace(/^JSON5: /u, '') : 'no JSON5';
    report.note(name, '', `It cannot be read (${words}), and was left out.`);
  }
  return [];
}
