import { keep, readKept } from './browser-storage';
import { FinishedNotice } from './finished-notice.svelte';
import { SidebarState } from './sidebar-state.svelte';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];
export const textSizes = ['small', 'normal', 'large', 'larger'] as const;
export type TextSize = (typeof textSizes)[number];

/** Theme and text size are also read by `static/theme.js`, before the first paint. */
const themeKey = 'parlance:theme';
const textSizeKey = 'parlance:text-size';
const enterKey = 'parlance:enter';
const newLine = 'new-line';

/** What this browser prefers. What was chosen in another tab of it comes over. */
export class Preferences {
  readonly sidebar = new SidebarState();
  readonly finished = new FinishedNotice();
  theme = $state<Theme>('system');
  /** Of what is read and written; the page around it stays. */
  textSize = $state<TextSize>('normal');
  /** Whether Enter sends a message; otherwise it makes a line, and Ctrl or Cmd with Enter sends. */
  enterSends = $state(true);

  /** Reads what is kept, now and as long as the page lives; only in a browser. */
  load(): void {
    this.sidebar.load();
    this.finished.load();
    this.read();
    addEventListener('storage', () => this.read());
  }

  setTheme(theme: Theme): void {
    keep(themeKey, theme === 'system' ? '' : theme);
    this.theme = theme;
    this.show();
  }

  setTextSize(size: TextSize): void {
    keep(textSizeKey, size === 'normal' ? '' : size);
    this.textSize = size;
    this.show();
  }

  setEnterSends(enterSends: boolean): void {
    keep(enterKey, enterSends ? '' : newLine);
    this.enterSends = enterSends;
  }

  private read(): void {
    this.theme = themes.find((theme) => theme === readKept(themeKey)) ?? 'system';
    this.textSize = textSizes.find((size) => size === readKept(textSizeKey)) ?? 'normal';
    this.enterSends = readKept(enterKey) !== newLine;
    this.show();
  }

  private show(): void {
    const { dataset } = document.documentElement;
    dataset.theme = this.theme;
    dataset.textSize = this.textSize;
  }
}
