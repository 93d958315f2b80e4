import { describe, expect, it } from 'vitest';
import { htmlOf } from './fixtures';
import { formulaMarkup } from './formula-markup';
import { colouredHtml } from './grammars';
import { hostileTexts } from './__fixtures__/hostile';
import { foreignMarkup } from './__fixtures__/html-check';
import { BlockSplitter } from './blocks';

const texts = hostileTexts();

describe('the check of HTML', () => {
  it.each([
    '<script>',
    '<p onclick="x">',
    '<a href="javascript:x">x</a>',
    '<img src="x">',
    '<p class="other">',
    '<div data-language="x" onclick="x">',
    '< p>',
  ])('finds %s', (html) => {
    expect(foreignMarkup(html)).not.toEqual([]);
  });
});

describe('a hostile text', () => {
  it('is large enough a collection', () => {
    expect(texts.length).toBeGreaterThan(1200);
  });

  it('becomes nothing but elements and attributes of ours', () => {
    for (const text of texts) expect(foreignMarkup(htmlOf(text).join('')), text).toEqual([]);
  });

  it('does not either at any moment of its stream', () => {
    for (const text of texts) {
      const splitter = new BlockSplitter('test');
      for (let length = 1; length <= text.length; length += 3) {
        splitter.update(text.slice(0, length), true);
        while (!splitter.advance());
        for (const block of splitter.takeChanges().blocks.values()) {
          if (block.code) continue;
          expect(foreignMarkup(block.html), text.slice(0, length)).toEqual([]);
        }
      }
      expect(foreignMarkup(splitter.footnotes.html()), text).toEqual([]);
    }
  });

  it('has formulas and colours that are nothing but elements and attributes of ours', () => {
    for (const text of texts) {
      expect(foreignMarkup(formulaMarkup(text, false) ?? ''), text).toEqual([]);
      for (const grammar of ['javascript', 'xml', 'markdown']) {
        expect(foreignMarkup(colouredHtml(text, grammar) ?? ''), text).toEqual([]);
      }
    }
  });
});
