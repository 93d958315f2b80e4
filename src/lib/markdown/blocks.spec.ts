import { describe, expect, it } from 'vitest';
import { BlockSplitter } from './blocks';
import { bracketSamples, Drawn, htmlOf, references, samples, shownText } from './fixtures';

const all = { ...samples, ...bracketSamples, references };
const everything = Object.values(all).join('\n\n');

function* prefixesOf(text: string): Generator<string> {
  for (let length = 1; length < text.length; length += 1) yield text.slice(0, length);
}

describe('a text that grows', () => {
  it.each(Object.entries(samples))('shows nothing that vanishes later: %s', (_, text) => {
    const whole = shownText(htmlOf(text));
    for (const prefix of prefixesOf(text)) {
      const shown = shownText(htmlOf(prefix, true));
      expect(whole.startsWith(shown), `${JSON.stringify(prefix)} shows ${shown}`).toBe(true);
    }
  });

  it.each(Object.entries(bracketSamples))('holds brackets back that may be links: %s', (_, text) => {
    const bare = (html: string[]) => shownText(html).replace(/[[\]()]/gu, '');
    const whole = bare(htmlOf(text));
    for (const prefix of prefixesOf(text)) {
      const shown = bare(htmlOf(prefix, true));
      expect(whole.startsWith(shown), `${JSON.stringify(prefix)} shows ${shown}`).toBe(true);
    }
  });

  it.each(Object.entries(all))('is in the end what it is when it comes at once: %s', (_, text) => {
    const splitter = new BlockSplitter('test');
    const drawn = new Drawn();
    for (const prefix of prefixesOf(text)) {
      splitter.update(prefix, true);
      drawn.after(splitter);
    }
    splitter.update(text, false);
    expect(drawn.after(splitter).blocks).toEqual(htmlOf(text));
  });

  it('never changes a finished block', () => {
    const text = everything.replaceAll(/^\[[^^\]]+\]:.*$/gmu, '');
    const splitter = new BlockSplitter('test');
    const drawn = new Drawn();
    const finished = new Map<number, string>();
    for (const prefix of prefixesOf(text)) {
      splitter.update(prefix, true);
      const { blocks } = drawn.after(splitter);
      for (const [index, html] of finished) expect(blocks[index]).toBe(html);
      // All but the last three are: two blocks may be open, and one held back.
      for (let index = finished.size; index < blocks.length - 3; index += 1) {
        finished.set(index, blocks[index] ?? '');
      }
    }
    expect(finished.size).toBeGreaterThan(30);
  });

  it('makes links of earlier words when their address is defined', () => {
    const splitter = new BlockSplitter('test');
    const drawn = new Drawn();
    splitter.update('See [the page].\n\nMore.\n\nEven more.\n', true);
    expect(drawn.after(splitter).blocks[0]).toContain('[the page]');
    splitter.update(
      'See [the page].\n\nMore.\n\nEven more.\n\n[The  Page]: https://example.com/\n\nEnd\n',
      true,
    );
    expect(drawn.after(splitter).blocks[0]).toContain('<a href="https://example.com/"');
  });

  it('reads line ends of every kind', () => {
    expect(htmlOf('a\r\n\r\nb\r\rc')).toEqual(htmlOf('a\n\nb\n\nc'));
  });
});

describe('large texts', () => {
  /** Characters that are parsed while a text comes in pieces of 200 characters. */
  function workFor(text: string): number {
    const splitter = new BlockSplitter('test');
    let steps = 0;
    for (let length = 200; length < text.length; length += 200) {
      splitter.update(text.slice(0, length), true);
      do steps += 1;
      while (!splitter.advance());
      for (const block of splitter.takeChanges().blocks.values()) steps += block.code ? 1 : block.html.length;
    }
    return steps;
  }

  it.each([
    ['paragraphs', 'Some words of a paragraph, and a few more.\n\n'],
    ['a fence', 'const x = 1; // one line of code in a fence\n'],
    ['a list', '- one item of a very long list\n'],
    ['rows of a table', '| one | row of a very long table |\n'],
  ])('cost in proportion to their length: %s', (kind, line) => {
    const start = { 'a fence': '```js\n', 'rows of a table': '| a | b |\n|---|---|\n' }[kind] ?? '';
    const [once, twice] = [workFor(start + line.repeat(1500)), workFor(start + line.repeat(3000))];
    expect(twice / once).toBeLessThan(2.6);
  });

  it('are parsed in pieces', () => {
    const splitter = new BlockSplitter('test');
    splitter.update('Some words.\n\n'.repeat(20_000), false);
    let steps = 1;
    while (!splitter.advance()) steps += 1;
    expect(steps).toBeGreaterThan(10);
    expect(splitter.takeChanges().count).toBe(20_000);
  });

  it('keep every item, row and word when they are divided', () => {
    const lines = Array.from({ length: 3000 }, (_, index) => String(index));
    const list = htmlOf(lines.map((line) => `1. item${line} of a list`).join('\n'));
    expect(list.join('').match(/item\d+/gu)).toEqual(lines.map((line) => `item${line}`));
    expect(list.length).toBeGreaterThan(1);
    const table = htmlOf(
      `| a | b |\n|---|--:|\n${lines.map((line) => `| row${line} | of a table |`).join('\n')}`,
    );
    expect(table.join('').match(/row\d+/gu)).toEqual(lines.map((line) => `row${line}`));
    expect(table.every((html) => html.includes('class="to-right"'))).toBe(true);
    const paragraph = 'word '.repeat(40_000);
    expect(shownText(htmlOf(paragraph))).toHaveLength(160_000);
  });
});
