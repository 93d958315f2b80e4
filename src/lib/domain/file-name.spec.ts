import { describe, expect, it } from 'vitest';
import { cleanFileName, safeFileName } from './file-name';
import { filePartSchema } from './file-schema';
import { maxFileNameLength } from './files';

describe('safeFileName', () => {
  it.each([
    ['Paris in spring', 'Paris in spring'],
    ['Grüße an 世界 🌍', 'Grüße an 世界 🌍'],
    ['../../etc/passwd', 'etc passwd'],
    ['C:\\Windows\\x', 'C Windows x'],
    ['a\r\nb: c"d"', 'a b c d'],
    ['.hidden', 'hidden'],
    ['page.html', 'page html'],
    ['gnp.\u202etxt', 'gnp txt'],
    ['', 'x'],
    [' . ', 'x'],
    ['con', 'x'],
    ['LPT1', 'x'],
    ['\ud83d', 'x'],
  ])('of %j is %j', (text, name) => {
    expect(safeFileName(text, 'x')).toBe(name);
  });

  it('is short, and cuts no character in half', () => {
    const name = safeFileName('🌍'.repeat(500), 'x');
    expect(name).toBe('🌍'.repeat(60));
  });
});

describe('cleanFileName', () => {
  it.each([
    ['a'.repeat(300), 'a'.repeat(maxFileNameLength)],
    ['🌍'.repeat(300), '🌍'.repeat(maxFileNameLength / 2)],
    [`a${'🌍'.repeat(300)}`, `a${'🌍'.repeat(maxFileNameLength / 2 - 1)}`],
    ['two\nlines.png', 'two lines.png'],
    ['', 'x'],
  ])('has as much of a name as a stored file may have: %#', (text, name) => {
    expect(cleanFileName(text, 'x')).toBe(name);
    expect(filePartSchema.shape.name.safeParse(name).success).toBe(true);
  });
});
