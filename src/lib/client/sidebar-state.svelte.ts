import { keep, readKept } from './browser-storage';

/** Also read by `static/theme.js`, before the first paint. */
const collapsedKey = 'parlance:sidebar';

/** Beside the page on a wide screen, where it can be collapsed; a drawer over the page on a narrow one. */
export class SidebarState {
  isDrawerOpen = $state(false);
  isCollapsed = $state(false);

  /** Reads what is kept; only in a browser. */
  load(): void {
    this.isCollapsed = readKept(collapsedKey) === 'collapsed';
  }

  /** Whether it is in view. */
  get isShown(): boolean {
    return isNarrow() ? this.isDrawerOpen : !this.isCollapsed;
  }

  setShown(isShown: boolean): void {
    if (isNarrow()) {
      this.isDrawerOpen = isShown;
      return;
    }
    this.isCollapsed = !isShown;
    keep(collapsedKey, isShown ? '' : 'collapsed');
    document.documentElement.dataset.sidebar = isShown ? '' : 'collapsed';
  }
}

function isNarrow(): boolean {
  return matchMedia('(width < 48rem)').matches;
}
