import { describe, expect, it } from 'vitest';
import { partsAfterEdit, partsOfTexts, textOf } from './parts';

describe('partsAfterEdit', () => {
  const parts = partsOfTexts(['pasted', 'and more', 'typed']);

  it.each([
    ['only the end was changed', 'pasted\n\nand more\n\nchanged', ['pasted\n\n', 'and more\n\n', 'changed']],
    ['the middle was changed', 'pasted\n\nand less\n\ntyped', ['pasted\n\n', 'and less\n\ntyped']],
    ['the beginning was changed', 'x pasted', ['x pasted']],
    ['everything after the first went', 'pasted\n\n', ['pasted\n\n']],
    ['nothing is left', '', []],
  ])('when %s', (_, text, texts) => {
    const edited = partsAfterEdit(parts, text);
    expect(edited.map((part) => textOf([part]))).toEqual(texts);
    expect(textOf(edited)).toBe(text);
  });

  it('keeps files, also when no text is left', () => {
    const file = { type: 'file' as const, fileId: 'f', name: 'a.png', mime: 'image/png' };
    expect(partsAfterEdit([file, ...parts], 'pasted\n\nx')).toEqual([
      file,
      { type: 'text', text: 'pasted\n\n' },
      { type: 'text', text: 'x' },
    ]);
    expect(partsAfterEdit([file, ...parts], '')).toEqual([file]);
    expect(partsAfterEdit([file], 'new')).toEqual([file, { type: 'text', text: 'new' }]);
    const other = { ...file, fileId: 'g' };
    expect(partsAfterEdit([file, other], '', ['f'])).toEqual([other]);
  });

  it('gives one part for the text of one', () => {
    expect(partsAfterEdit(partsOfTexts(['before']), 'after')).toEqual([{ type: 'text', text: 'after' }]);
  });
});
