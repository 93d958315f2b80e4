import { afterEach, expect, it, vi } from 'vitest';
import { isComposing, isSendKey } from './send-key';

const press = (changes: Partial<KeyboardEvent> = {}) => ({ key: 'Enter', ...changes }) as KeyboardEvent;
const onTouch = (isTouch: boolean) => vi.stubGlobal('matchMedia', () => ({ matches: isTouch }));
afterEach(() => vi.unstubAllGlobals());

it.each<[string, Partial<KeyboardEvent>, boolean, boolean]>([
  ['Enter', {}, true, false],
  ['Enter with Shift', { shiftKey: true }, false, false],
  ['Enter with Ctrl', { ctrlKey: true }, true, true],
  ['Enter with Cmd', { metaKey: true }, true, true],
  ['another key', { key: 'a' }, false, false],
  ['Enter of an input method', { isComposing: true }, false, false],
  ['Enter of an input method, in Safari', { keyCode: 229 }, false, false],
])('%s', (_, changes, sends, sendsOnTouch) => {
  onTouch(false);
  expect(isSendKey(press(changes), true)).toBe(sends);
  // Where Enter makes a line by choice, and where it does so since the keyboard has no Shift+Enter.
  expect(isSendKey(press(changes), false)).toBe(sendsOnTouch);
  onTouch(true);
  expect(isSendKey(press(changes), true)).toBe(sendsOnTouch);
});

it('knows the keys of an input method by either sign', () => {
  const presses = [{}, { isComposing: true }, { keyCode: 229 }];
  expect(presses.map((changes) => isComposing(press(changes)))).toEqual([false, true, true]);
});
