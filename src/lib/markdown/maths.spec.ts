import { describe, expect, it } from 'vitest';
import { htmlOf } from './fixtures';
import { formulaMarkup } from './formula-markup';

/** The formulas of a text. */
function formulasOf(text: string): string[] {
  return [
    ...htmlOf(text)
      .join('')
      .matchAll(/data-formula="(\w+)">([^<]*)</gu),
  ].map(([, kind = '', tex = '']) => `${kind}: ${tex}`);
}

describe('a formula', () => {
  it.each([
    ['Let $x^2$ be.', ['inline: x^2']],
    ['Let \\(x_1 + x_2\\) be.', ['inline: x_1 + x_2']],
    ['Let $$x$$ be.', ['display: x']],
    ['$$\na\n+ b\n$$', ['display: a\n+ b']],
    ['\\[\na\n\\]', ['display: a']],
    ['text\n$$\na\n$$\nmore', ['display: a']],
    ['- item $a$\n- $$b$$', ['inline: a', 'display: b']],
    ['| $a$ | $b$ |\n|---|---|\n| $c$ | d |', ['inline: a', 'inline: b', 'inline: c']],
    ['**bold $a*b*c$ bold**', ['inline: a*b*c']],
    ['$a$-$b$, $n$th, ($k$)', ['inline: a', 'inline: b', 'inline: n', 'inline: k']],
    ['$\\$5 + x$', ['inline: \\$5 + x']],
    ['其中$x$是', ['inline: x']],
    ['`$x$` and\n\n    $y$\n\n```\n$z$\n```', []],
    ['\\$x\\$', []],
    ['$ x $ and $x $ and $ x$', []],
    ['$$\na\n\nb\n$$', []],
    ['$$$$ $$', []],
  ])('in %j is found', (text, formulas) => {
    expect(formulasOf(text)).toEqual(formulas);
  });

  it.each([
    'It costs $5 and $10.',
    'From $1,000.50 to $2,000.',
    '$5-$10, $5/$10, ($5)/($10)',
    'US$5 and CA$6$',
    'I have $20. You have $30!',
    '$AAPL and $MSFT fell.',
    'Pay $5 (about 4€) or $6',
    'set $HOME and $PATH',
  ])('is none in %j', (text) => {
    expect(formulasOf(text)).toEqual([]);
  });

  it('is drawn as MathML without styles or links', () => {
    const html = formulaMarkup('\\fcolorbox{red}{blue}{$x$} + \\frac{1}{2}', true) ?? '';
    expect(html).toContain('<math');
    expect(html).not.toMatch(/ style=| href=/u);
  });

  it.each([
    ['that has a fault', '\\frac{1'],
    ['with an unknown command', '\\nosuchcommand'],
    ['with deep braces', '{'.repeat(10_000) + 'x' + '}'.repeat(10_000)],
    ['of 1 MB', 'x+'.repeat(500_000)],
    ['that calls itself', '\\def\\a{\\a\\a}\\a'],
    ['that doubles', `\\def\\a{x}${'\\let\\b\\a\\def\\a{\\b\\b}'.repeat(100)}\\a`],
    ['with many open groups', '\\left('.repeat(500)],
  ])('%s is left as its source, at once', (_, tex) => {
    formulaMarkup('x', false);
    const startedAt = performance.now();
    const html = formulaMarkup(tex, false);
    expect(performance.now() - startedAt).toBeLessThan(250);
    expect(html).toBeUndefined();
  });

  it('is limited in its size', () => {
    expect(formulaMarkup('\\rule{1000em}{1000em}', false)).toContain('width="20em"');
  });
});
