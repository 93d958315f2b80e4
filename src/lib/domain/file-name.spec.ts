import { describe, expect, it } from 'vitest';
import { safeFileName } from './file-name';

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
