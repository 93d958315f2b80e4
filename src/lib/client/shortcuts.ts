export type ShortcutId = 'palette' | 'new-chat' | 'sidebar' | 'shortcuts';

export interface Shortcut {
  /** Those that work everywhere; the others belong to the field or list in which they are pressed. */
  id?: ShortcutId;
  label: string;
  /** Pressed together. `Mod` is Ctrl, or Command on a Mac. */
  keys: readonly string[];
}

/** All shortcuts: what the page obeys and what its list of shortcuts shows. */
export const shortcuts: readonly { label: string; shortcuts: readonly Shortcut[] }[] = [
  {
    label: 'Everywhere',
    shortcuts: [
      { id: 'palette', label: 'Search and commands', keys: ['Mod', 'K'] },
      { id: 'new-chat', label: 'New chat', keys: ['Mod', 'Shift', 'O'] },
      { id: 'sidebar', label: 'Show or hide the sidebar', keys: ['Mod', 'B'] },
      { id: 'shortcuts', label: 'Keyboard shortcuts', keys: ['?'] },
      { label: 'Stop generating, or close what is open', keys: ['Esc'] },
    ],
  },
  {
    label: 'Writing',
    shortcuts: [
      { label: 'Send message', keys: ['Enter'] },
      { label: 'New line', keys: ['Shift', 'Enter'] },
    ],
  },
  {
    label: 'List of conversations',
    shortcuts: [
      { label: 'Save a title', keys: ['Enter'] },
      { label: 'From the search to its results, and through them', keys: ['↓'] },
      { label: 'Select a range', keys: ['Shift', 'Click'] },
    ],
  },
];

const byId = new Map(
  shortcuts.flatMap((group) => group.shortcuts).map((shortcut) => [shortcut.id, shortcut]),
);

/** The parts of a key press that matter. */
export type KeyPress = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>;

/** Which shortcut that works everywhere was pressed. `isTyping`: in a field, where plain keys are text. */
export function shortcutOf(press: KeyPress, isMac: boolean, isTyping: boolean): ShortcutId | undefined {
  for (const [id, shortcut] of byId) {
    if (id !== undefined && isPressed(shortcut.keys, press, isMac, isTyping)) return id;
  }
  return undefined;
}

function isPressed(keys: readonly string[], press: KeyPress, isMac: boolean, isTyping: boolean): boolean {
  const [mod, other] = isMac ? [press.metaKey, press.ctrlKey] : [press.ctrlKey, press.metaKey];
  const key = keys.at(-1) ?? '';
  const needsMod = keys.includes('Mod');
  if (other || press.altKey || mod !== needsMod || (isTyping && !needsMod)) return false;
  // Shift is part of how `?` is written, on some keyboards.
  if (needsMod && press.shiftKey !== keys.includes('Shift')) return false;
  // Where a key writes no Latin letter, it counts by its place.
  const isElsewhere = !/^[\x20-\x7e]$/u.test(press.key) && press.code === `Key${key}`;
  return press.key.toUpperCase() === key || isElsewhere;
}

/** The keys of a shortcut as this computer names them. */
export function keyNames({ keys }: Shortcut, isMac: boolean): string[] {
  return keys.map((key) => (key === 'Mod' ? (isMac ? '⌘' : 'Ctrl') : key));
}

export function shortcutWith(id: ShortcutId): Shortcut | undefined {
  return byId.get(id);
}

/** Only in a browser. */
export function isMacHere(): boolean {
  return /mac|iphone|ipad/iu.test(navigator.platform);
}
