/** Messages that a conversation shows at first, and how many more each time that the reader goes up. */
export const windowStep = 40;

/** How many messages at the start of a path of this length are not drawn at first. */
export function hiddenAtFirst(length: number): number {
  // A few more are drawn sooner than a button for them.
  return length <= windowStep * 1.5 ? 0 : length - windowStep;
}

/** How many stay hidden when the reader goes up once more. */
export function hiddenAfterMore(hidden: number): number {
  return hidden <= windowStep * 1.5 ? 0 : hidden - windowStep;
}

/** How many may stay hidden so that the message at `index` is drawn, with some before it. */
export function hiddenToShow(index: number, hidden: number): number {
  return Math.max(0, Math.min(hidden, index - 5));
}
