import { describe, expect, it } from 'vitest';
import { htmlOf } from './fixtures';
import { safeAddress } from './links';

const html = (text: string) => htmlOf(text).join('');

describe('a link', () => {
  it.each([
    ['https://example.com/a?b=1&amp;c=2', 'https://example.com/a?b=1&c=2'],
    ['HTTP://Example.com', 'http://example.com/'],
    ['mailto:a@example.com', 'mailto:a@example.com'],
    ['javascript:alert(1)', undefined],
    ['java\nscript:alert(1)', undefined],
    ['data:text/html,x', undefined],
    ['blob:https://example.com/x', undefined],
    ['/api/conversations', undefined],
    ['conversation/1', undefined],
    ['https://', undefined],
  ])('to %j leads to %j', (href, address) => {
    expect(safeAddress(href)).toBe(address);
  });

  it('opens beside the app, and tells nobody where it was', () => {
    expect(html('[x](https://example.com "t")')).toContain(
      '<a href="https://example.com/" target="_blank" rel="noopener noreferrer nofollow">x</a>',
    );
  });

  it('that is not safe is its words alone', () => {
    expect(html('[words](javascript:alert(1))')).toBe('<p>words</p>');
  });

  it('is made of a bare address and of mail', () => {
    expect(html('See https://example.com/a_b_c.')).toContain('>https://example.com/a_b_c</a>.');
    expect(html('www.example.com')).toContain('href="http://www.example.com/"');
    expect(html('me@example.com')).toContain('href="mailto:me@example.com"');
  });

  it('stands for a picture, with its host and its words', () => {
    const shown = html('![a *cat* "x"](https://pictures.example.com:8080/cat.png)');
    expect(shown).not.toContain('<img');
    expect(shown).toContain('>a cat &quot;x&quot; (image at pictures.example.com:8080)</a>');
    expect(html('![](https://example.com/x)')).toContain('Picture (image at example.com)');
    expect(html('[![a](https://a.example/x)](https://b.example/)').match(/<a /gu)).toHaveLength(1);
  });
});
