/** Whether an input method is composing: then Enter, Esc and the arrows are its own. Safari says so by the code 229 alone. */
export function isComposing(event: Pick<KeyboardEvent, 'isComposing' | 'keyCode'>): boolean {
  return event.isComposing || event.keyCode === 229;
}

/** Whether a key press sends what is written. With Ctrl or Cmd, Enter always does. */
export function isSendKey(event: KeyboardEvent, enterSends: boolean): boolean {
  if (event.key !== 'Enter' || isComposing(event)) return false;
  if (event.ctrlKey || event.metaKey) return true;
  // The keyboard of a touch screen has no Shift+Enter.
  return enterSends && !event.shiftKey && !matchMedia('(hover: none) and (pointer: coarse)').matches;
}
