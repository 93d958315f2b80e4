import { BlockSplitter, type Block } from './blocks';
import { codeBlockHtml } from './code';

/** The blocks of a text, as HTML. */
export function htmlOf(text: string, isRunning = false): string[] {
  const splitter = new BlockSplitter('test');
  splitter.update(text, isRunning);
  return new Drawn().after(splitter).blocks;
}

/** What a page would show of the blocks of a splitter. */
export class Drawn {
  blocks: string[] = [];

  /** Lets the splitter finish and takes what has changed. */
  after(splitter: BlockSplitter): this {
    while (!splitter.advance());
    const { blocks, count } = splitter.takeChanges();
    for (const [index, block] of blocks) this.blocks[index] = blockHtml(block);
    this.blocks.length = count;
    return this;
  }
}

function blockHtml(block: Block): string {
  return block.code ? codeBlockHtml(block.code.text, block.code.info) : block.html;
}

const characters: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

/** The words that HTML shows, without any space. */
export function shownText(html: readonly string[]): string {
  return html
    .join('')
    .replace(/<div class="code-head">.*?<\/div><\/div>/gsu, '')
    .replace(/<[^>]*>/gu, '')
    .replace(/&(amp|lt|gt|quot|#39);/gu, (_, name: string) => characters[name] ?? '')
    .replace(/\s+/gu, '');
}

/** Texts as models write them, one of each kind of Markdown. */
export const samples: Record<string, string> = {
  emphasis: 'Some **bold text**, *emphasis*, ***both***, __also__ and _this_, ~~gone~~ and snake_case_words.',
  nested: '**Bold with *emphasis* and `code`** and then *emphasis with **bold** inside* it.',
  unspaced: '这是**粗体**文字，还有*斜体*。',
  products: 'It is 2 * 3 * 4, not 2*3, and 2**10 is more. A star * alone.',
  code: 'Use `npm ci`, ``a ` tick`` and then `x * y`.\n\nEnd.',
  links:
    'See [the **long** title](https://example.com/a_b_c "Title") and <https://example.com/x> or https://example.com/y_z_.',
  pictures: 'Look: ![a *nice* picture](https://example.com/p.png) and so on.\n',
  footnotes:
    'A claim[^1] and another[^note].\n\n[^1]: The source.\n[^note]: Another **source**\n    with more.\n\nAfter.',
  headings: '# One\n\nText\n\n## Two *with* `code`\n\nText\n### Three',
  lists:
    '- one\n- two\n  - inner **bold**\n  - more\n- three\n\n1. first\n2. second\n10. tenth\n\nAfter the list.',
  tasks: '- [ ] open\n- [x] done **now**\n- plain\n\nText',
  loose: '1. one\n\n   more of one\n\n2. two\n\n   ```js\n   const x = `a`;\n   ```\n\nText',
  quote: '> A quote\n> with **two** lines\n>\n> - and a list\n\nText',
  rule: 'Above\n\n---\n\nBelow\n\n***\n\nEnd',
  table: 'Before\n\n| Name | **Value** |\n|:-----|------:|\n| a | `b` |\n| c *d* | 12 |\n\nAfter',
  bareTable: 'Name | Value\n--- | :-:\na | b\n\nAfter',
  fence: 'Text\n\n```python\ndef f(x):\n    return x ** 2  # `no` end\n\n- not a list\n```\n\nAfter',
  tildes: '~~~\n```\nnot closed\n```\n~~~\n\nAfter',
  formulas:
    'The sum $x^2 + y_1$ and $$E = mc^2$$ and \\(a*b*c\\) hold.\n\n$$\n\\int_0^1 x\\,dx\n$$\n\n\\[\n- x = \\frac{1}{2}\n\\]\n\nEnd.',
  money: 'It costs $5 and $10, or $1,000.50; US$7 is less than $8. In all $20.',
  moneyAndFormulas: 'For $5 you get $n$ pieces, with $2n + 1$ in a box.',
  html: 'A <b>tag</b> and a < b, c > d.<br>Next\n\n<div class="x">\nraw\n</div>\n\nAfter &amp; more &copy; AT&T.',
  escapes: 'Not \\*emphasis\\* and not \\`code\\`, 5 \\$.',
};
/** A reference is text until its address is known. */
export const references =
  'A [link][a] and [b].\n\n[a]: https://example.com/a\n[b]: https://example.com/b "B"\n\nAfter.';
/** In these, brackets that turn out to be text are shown only when that is known. */
export const bracketSamples: Record<string, string> = {
  index: 'Take a[0] and b[i][j], or [sic] and [x](not a link.',
  list: 'An interval [0, 1) and an array [1, 2, 3].',
};
