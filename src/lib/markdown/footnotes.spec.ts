import { describe, expect, it } from 'vitest';
import { BlockSplitter } from './blocks';
import { Drawn } from './fixtures';

function draw(text: string, scope = 'm1', isRunning = false): { body: string; notes: string } {
  const splitter = new BlockSplitter(scope);
  splitter.update(text, isRunning);
  const body = new Drawn().after(splitter).blocks.join('');
  return { body, notes: splitter.footnotes.html() };
}

const idsOf = (html: string) => [...html.matchAll(/ id="([^"]+)"/gu)].map(([, id]) => id);
const targetsOf = (html: string) => [...html.matchAll(/href="#([^"]+)"/gu)].map(([, id]) => id);

describe('footnotes', () => {
  it('are numbered as they are referred to, and lead there and back', () => {
    const { body, notes } = draw('A[^b] and B[^a] and again[^b].\n\n[^a]: First.\n[^b]: **Second**.');
    expect(body.match(/>\d<\/a>/gu)).toEqual(['>1</a>', '>2</a>', '>1</a>']);
    expect(notes.indexOf('<strong>Second')).toBeLessThan(notes.indexOf('First'));
    const ids = [...idsOf(body), ...idsOf(notes)];
    expect(new Set(ids).size).toBe(ids.length);
    for (const target of [...targetsOf(body), ...targetsOf(notes)]) expect(ids).toContain(target);
    expect(notes).toContain('aria-label="Back to the text, footnote 1, place 2"');
  });

  it('of two answers on a page share no id', () => {
    const text = 'A[^1].\n\n[^1]: One.';
    const [first, second] = [draw(text, 'm1'), draw(text, 'm2')];
    const ids = [first, second].flatMap(({ body, notes }) => [...idsOf(body), ...idsOf(notes)]);
    expect(new Set(ids).size).toBe(4);
  });

  it('may have several paragraphs and code', () => {
    const { body, notes } = draw('A[^n].\n\n[^n]: One\n    goes on\n\n    ```js\n    x\n    ```\n\nAfter.');
    expect(notes).toContain('One\ngoes on');
    expect(notes).toContain('class="code-block"');
    expect(body).toContain('<p>After.</p>');
  });

  it('are numbers while they are written, and their text comes when it comes', () => {
    const writing = draw('A[^1] is so.', 'm', true);
    expect(writing.body).toContain('>1</a></sup> is so.');
    expect(writing.notes).toBe('');
  });

  it('keep their numbers however often the last block is drawn', () => {
    const text = 'A[^x].\n\nB[^y] and C[^x].\n\n[^x]: X.\n[^y]: Y.\n';
    const splitter = new BlockSplitter('m');
    const drawn = new Drawn();
    for (let length = 1; length <= text.length; length += 1) {
      splitter.update(text.slice(0, length), true);
      drawn.after(splitter);
    }
    splitter.update(text, false);
    expect(drawn.after(splitter).blocks.join('')).toBe(draw(text, 'm').body);
    expect(splitter.footnotes.html()).toBe(draw(text, 'm').notes);
  });
});
