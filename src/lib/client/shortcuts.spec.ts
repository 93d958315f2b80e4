import { describe, expect, it } from 'vitest';
import { keyNames, shortcutOf, shortcutWith, writingShortcuts, type KeyPress } from './shortcuts';

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
  const cases: [what: string, press: KeyPress, isMac: boolean, id?: string][] = [
    ['Ctrl+K', press('k', ctrl), false, 'palette'],
    ['Command+K on a Mac', press('k', command), true, 'palette'],
    ['Ctrl+K on a Mac, which cuts a line', press('k', ctrl), true],
    ['Windows+K', press('k', command), false],
    ['k', press('k'), false],
    ['Ctrl+Alt+K', press('k', { ...ctrl, altKey: true }), false],
    ['Ctrl+Shift+K', press('K', { ...ctrl, shiftKey: true }), false],
    ['Ctrl+Shift+O', press('O', { ...ctrl, shiftKey: true }), false, 'new-chat'],
    ['Ctrl+O', press('o', ctrl), false],
    ['Ctrl+B', press('b', ctrl), false, 'sidebar'],
    ['Ctrl+K with Cyrillic letters', press('л', { ...ctrl, code: 'KeyK' }), false, 'palette'],
    ['Ctrl+K on Dvorak is where T is', press('k', { ...ctrl, code: 'KeyV' }), false, 'palette'],
    ['Ctrl+T on Dvorak is no K', press('t', { ...ctrl, code: 'KeyK' }), false],
    ['Ctrl+/', press('/', { ...ctrl, code: 'Slash' }), false, 'shortcuts'],
    [
      'Ctrl+/ where that is Shift+7',
      press('/', { ...ctrl, shiftKey: true, code: 'Digit7' }),
      false,
      'shortcuts',
    ],
    ['/', press('/', { code: 'Slash' }), false],
    ['?', press('?', { shiftKey: true, code: 'Slash' }), false],
  ];
  it.each(cases)('%s', (_, pressed, isMac, id) => expect(shortcutOf(pressed, isMac)).toBe(id));

  it('is shown as the keyboard has it', () => {
    const shortcut = shortcutWith('new-chat');
    if (!shortcut) return expect.unreachable();
    expect(keyNames(shortcut, false)).toEqual(['Ctrl', 'Shift', 'O']);
    expect(keyNames(shortcut, true)).toEqual(['⌘', 'Shift', 'O']);
  });
});

it.each([
  [true, 'Enter'],
  [false, 'Mod+Enter'],
])('a message is sent as chosen: %s', (enterSends, keys) => {
  const [send] = writingShortcuts(enterSends);
  expect(send?.keys.join('+')).toBe(keys);
});
