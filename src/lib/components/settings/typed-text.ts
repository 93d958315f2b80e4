/** A line break and a tab cannot be typed into a field of one line, so `\n` and `\t` stand for them. */
export function unescaped(text: string): string {
  return text.replaceAll(String.raw`\n`, '\n').replaceAll(String.raw`\t`, '\t');
}

/** A text as it is typed into a field of one line. */
export function escaped(text: string): string {
  return text.replaceAll('\n', String.raw`\n`).replaceAll('\t', String.raw`\t`);
}

/** A number as people type it, with a decimal comma too; `NaN` when it is none. */
export function typedNumber(text: string): number {
  return text.trim() === '' ? NaN : Number(text.trim().replace(',', '.').replace('−', '-'));
}
