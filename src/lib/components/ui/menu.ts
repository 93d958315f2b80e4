import { getContext, setContext } from 'svelte';

/** What the items of a menu know of it. */
export interface MenuContext {
  /** Closes the menu and gives the focus back to its button. */
  close: () => void;
}

const key = Symbol('menu');
const gapPx = 4;
const edgePx = 8;

export function provideMenu(menu: MenuContext): void {
  setContext(key, menu);
}

export function useMenu(): MenuContext {
  return getContext<MenuContext>(key);
}

/** The offset from the left at which something stands in the middle over its button, inside the window; pixels. */
export function centredLeft(
  anchor: Pick<DOMRect, 'left' | 'right'>,
  width: number,
  viewWidth: number,
): number {
  const left = (anchor.left + anchor.right - width) / 2;
  return Math.max(Math.min(left, viewWidth - width - edgePx), edgePx);
}

/** Where a menu goes so that it touches its button and stays inside the window; pixels of the window. */
export function menuPlace(
  anchor: Pick<DOMRect, 'top' | 'bottom' | 'left' | 'right'>,
  menu: { width: number; height: number },
  view: { width: number; height: number },
): { top: number; left: number } {
  const below = anchor.bottom + gapPx;
  const above = anchor.top - gapPx - menu.height;
  const fitsBelow = below + menu.height + edgePx <= view.height;
  const left = Math.min(anchor.right - menu.width, view.width - menu.width - edgePx);
  return { top: Math.max(fitsBelow || above < edgePx ? below : above, edgePx), left: Math.max(left, edgePx) };
}

/** The index that a key moves to among `count` items; `undefined` when it moves nowhere. */
export function movedIndex(key: string, at: number, count: number): number | undefined {
  if (count === 0) return undefined;
  switch (key) {
    case 'ArrowDown':
      return (at + 1) % count;
    case 'ArrowUp':
      return at <= 0 ? count - 1 : at - 1;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}
