import { describe, expect, it } from 'vitest';
import { htmlOf } from './fixtures';
import { chunksOf, codeBlockHtml, linesInChunk } from './code';
import { languageOf } from './languages';

const html = (text: string) => htmlOf(text).join('');

describe('Markdown', () => {
  it.each([
    ['# One\n\n###### Six', '<h3>One</h3><h6>Six</h6>'],
    ['~~gone~~ **bold** *em*', '<p><del>gone</del> <strong>bold</strong> <em>em</em></p>'],
    ['one  \ntwo<br>three', '<p>one<br>two<br>three</p>'],
    ['&copy; &amp; AT&T <b>', '<p>&copy; &amp; AT&amp;T &lt;b&gt;</p>'],
    ['`<b>` and \\*', '<p><code>&lt;b&gt;</code> and *</p>'],
    ['> quote', '<blockquote><p>quote</p></blockquote>'],
    ['3. three\n4. four', '<ol start="3"><li>three</li><li>four</li></ol>'],
    ['a\n\n---\n\nb', '<p>a</p><hr><p>b</p>'],
    ['<div>\nraw\n</div>', '<p class="raw">&lt;div&gt;\nraw\n&lt;/div&gt;</p>'],
  ])('%j', (text, expected) => {
    expect(html(text)).toBe(expected);
  });

  it('has task lists whose boxes have names', () => {
    const shown = html('- [x] done\n- [ ] open');
    expect(shown.match(/aria-label="(?:Done|To do)"/gu)).toEqual(['aria-label="Done"', 'aria-label="To do"']);
  });

  it('has tables that are aligned and can be scrolled with the keyboard', () => {
    const shown = html('| a | b | c |\n|:--|:-:|--:|\n| 1 | 2 | 3 |');
    expect(shown).toContain('tabindex="0" role="region" aria-label="Table"');
    expect(shown).toContain('<th>a</th><th class="to-center">b</th><th class="to-right">c</th>');
  });
});

describe('code', () => {
  it.each([
    ['js', 'JavaScript', 'js'],
    ['C++', 'C++', 'cpp'],
    ['{.python .numbers}', 'Python', 'py'],
    ['typescript title="x"', 'TypeScript', 'ts'],
    ['brainfuck', 'brainfuck', 'txt'],
    ['', '', 'txt'],
    ['"><img src=x>', '', 'txt'],
  ])('of %j is %s, in a file .%s', (info, name, extension) => {
    expect(languageOf(info)).toMatchObject({ name, extension });
  });

  it('has buttons with names', () => {
    const shown = codeBlockHtml('x', 'js');
    for (const name of ['Copy code', 'Wrap lines', 'Download code']) {
      expect(shown).toContain(`aria-label="${name}"`);
    }
  });

  it('that is long comes in pieces of whole lines, of which nothing is lost', () => {
    const text = Array.from({ length: 2345 }, (_, index) => `line ${String(index)}`).join('\n');
    const chunks = chunksOf(text);
    expect(chunks.join('')).toBe(text);
    expect(chunks.slice(0, -1).every((chunk) => chunk.split('\n').length === linesInChunk + 1)).toBe(true);
    expect(codeBlockHtml(text, '').match(/class="code-chunk"/gu)).toHaveLength(24);
  });
});
