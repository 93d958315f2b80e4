import { getContext, setContext } from 'svelte';

/** What the messages know of the list that they are in. */
export interface MessageListContext {
  /** Keeps this element so many pixels below the window's edge while what is above it changes its height. */
  holdStill: (element: HTMLElement, top: number) => void;
}

const key = Symbol('message list');

export function provideMessageList(list: MessageListContext): void {
  setContext(key, list);
}

export function useMessageList(): MessageListContext {
  return getContext<MessageListContext>(key);
}
