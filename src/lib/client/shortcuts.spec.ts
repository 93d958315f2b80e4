import { describe, expect, it } from 'vitest';
import { keyNames, shortcutOf, shortcutWith, type KeyPress } from './shortcuts';

const press = (key: string, held: Partial<KeyPress> = {}): KeyPress => ({
  key,
  code: `Key${key.toUpperCase()}`,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...held,
});
const ctrl = { ctrlKey: true };
const command = { metaKey: true };

describe('shortcutOf', () => {
  const cases: [what: string, press: KeyPress, isMac: boolean, isTyping: boolean, id?: string][] = [
    ['Ctrl+K', press('k', ctrl), false, true, 'palette'],
    ['Command+K on a Mac', press('k', command), true, true, 'palette'],
    ['Ctrl+K on a Mac, which cuts a line', press('k', ctrl), true, true],
    ['Windows+K', press('k', command), false, false],
    ['k', press('k'), false, false],
    ['Ctrl+Alt+K', press('k', { ...ctrl, altKey: true }), false, false],
    ['Ctrl+Shift+K', press('K', { ...ctrl, shiftKey: true }), false, false],
    ['Ctrl+Shift+O', press('O', { ...ctrl, shiftKey: true }), false, true, 'new-chat'],
    ['Ctrl+O', press('o', ctrl), false, true],
    ['Ctrl+B', press('b', ctrl), false, true, 'sidebar'],
    ['Ctrl+K with Cyrillic letters', press('л', { ...ctrl, code: 'KeyK' }), false, true, 'palette'],
    ['Ctrl+K on Dvorak is where T is', press('k', { ...ctrl, code: 'KeyV' }), false, true, 'palette'],
    ['Ctrl+T on Dvorak is no K', press('t', { ...ctrl, code: 'KeyK' }), false, true],
    ['?', press('?', { shiftKey: true, code: 'Slash' }), false, false, 'shortcuts'],
    ['? without Shift', press('?', { code: 'KeyM' }), false, false, 'shortcuts'],
    ['? in a field is text', press('?', { shiftKey: true, code: 'Slash' }), false, true],
    ['Ctrl+?', press('?', { ...ctrl, shiftKey: true }), false, false],
  ];
  it.each(cases)('%s', (_, pressed, isMac, isTyping, id) =>
    expect(shortcutOf(pressed, isMac, isTyping)).toBe(id),
  );

  it('is shown as the keyboard has it', () => {
    const shortcut = shortcutWith('new-chat');
    if (!shortcut) return expect.unreachable();
    expect(keyNames(shortcut, false)).toEqual(['Ctrl', 'Shift', 'O']);
    expect(keyNames(shortcut, true)).toEqual(['⌘', 'Shift', 'O']);
  });
});
