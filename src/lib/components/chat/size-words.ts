/** How long a text is, in words that fit a small label. */
export function sizeWords(text: string): string {
  // A break at the very end begins no line.
  let lines = text.endsWith('\n') ? 0 : 1;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines += 1;
  if (lines > 1) return `${lines.toLocaleString('en')} lines`;
  return `${text.length.toLocaleString('en')} characters`;
}
