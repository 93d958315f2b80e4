type Step = { take: number } | { drop: number } | { end: string };

/** What may still become the address of a link, with its title. */
const openAddress = /^\(\s*(?:<[^>\n]*>?|(?:[^\s()]|\([^\s()]*\)?)*)(?:\s+(?:"[^"]*"?|'[^']*'?)?)?\s*$/u;
const wholeAddress =
  /^\(\s*(?:<[^>\n]*>|(?:[^\s()]|\([^\s()]*\))*)(?:\s+(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'))?\s*\)/u;
const longestOpen = 2000;

/** A bracket at the start of `rest`, with `bangs` (0 or 1) exclamation marks before it. */
export function readBracket(rest: string, bangs: number): Step {
  const opening = bangs + 1;
  const end = labelEnd(rest, bangs);
  if (end === -1) {
    if (rest.length > longestOpen) return { take: opening };
    // The number of a footnote is shown when it is known.
    return bangs === 1 || rest.startsWith('[^') || rest.length === opening ? { end: '' } : { drop: opening };
  }
  // What a picture is called is shown with where it is.
  const label = bangs === 1 ? '' : rest.slice(opening, end);
  const after = rest.slice(end + 1);
  if (after === '') return rest.startsWith('[^') ? { take: end + 1 } : { end: label };
  const address = wholeAddress.exec(after)?.[0];
  if (address !== undefined) return { take: end + 1 + address.length };
  if (openAddress.test(after) && after.length < longestOpen) return { end: label };
  if (/^\[[^[\]]*\]?$/u.test(after) && after.length < 200) return { end: label };
  return { take: opening };
}

/** Where the bracket closes that opens at `start`, or -1. */
function labelEnd(text: string, start: number): number {
  let depth = 0;
  for (let index = start; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (character === '\\') index += 1;
    else if (character === '[') depth += 1;
    else if (character === ']' && --depth === 0) return index;
  }
  return -1;
}
