import katex from 'katex';

/** The longest formula that is drawn, and the deepest; others are shown as their source. */
const longest = 4000;
const deepest = 60;

/**
 * The MathML of a formula; absent when it has a fault or is too large to be drawn at once. KaTeX may load, run and
 * style nothing here, expands macros so many times and no more, and makes nothing larger than 20 em.
 */
export function formulaMarkup(tex: string, isDisplay: boolean): string | undefined {
  if (tex.length > longest || depthOf(tex) > deepest) return undefined;
  try {
    const html = katex.renderToString(tex, {
      displayMode: isDisplay,
      output: 'mathml',
      trust: false,
      strict: 'ignore',
      throwOnError: true,
      maxExpand: 200,
      maxSize: 20,
    });
    // A few commands (\fcolorbox) write inline styles, which the page's policy refuses.
    return html.replace(/ style="[^"]*"/gu, '');
  } catch {
    // Whatever went wrong, a stack that ran over included, the source is shown instead.
    return undefined;
  }
}

function depthOf(tex: string): number {
  let depth = 0;
  let most = 0;
  for (const character of tex) {
    if (character === '{') depth += 1;
    if (character === '}') depth -= 1;
    most = Math.max(most, depth);
  }
  return most + (tex.match(/\\(?:begin|left)\b/gu)?.length ?? 0);
}
