/** An open formula is held back no longer than this; then it is text with a dollar in it. */
const longestHeld = 400;

/** Whether the `$` at the start of `rest`, which nothing closes yet, may still open a formula. */
export function mayBecomeFormula(rest: string, before: string): boolean {
  if (rest.startsWith('$$')) return !rest.slice(2).includes('$$') && rest.length < 2000;
  if (/[\w$]/u.test(before) || rest.length > longestHeld) return false;
  if (rest === '$') return true;
  if (/^\$\s/u.test(rest) || hasDollar(rest)) return false;
  return /^\$\d/u.test(rest) ? isReckoning(rest.slice(1)) : !isProse(rest.slice(1));
}

function hasDollar(rest: string): boolean {
  return /^\$(?:[^$\\]|\\.)*\$/su.test(rest);
}

/** A number alone, or with an operator or a letter at it; `5 and` and `5.` with a space after it are money. */
function isReckoning(text: string): boolean {
  return /^\d[\d.,]*(?:$| ?$| ?[-+*/=<>^_\\({]| ?[a-zA-Z](?![a-zA-Z]))/u.test(text) && !isProse(text);
}

/** Two words of letters in a row, outside of braces, are no formula. */
function isProse(text: string): boolean {
  const plain = text.replace(/\{[^{}]*(?:\}|$)/gu, '').replace(/\\[a-zA-Z]+/gu, '');
  return /(?:^|[\s(])[a-zA-Z]{2,}[,;:]? [a-zA-Z]{2,}[\s,.;:]/u.test(plain);
}
