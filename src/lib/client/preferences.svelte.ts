import { keep, readKept } from './browser-storage';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];
/** Also read by `static/theme.js`, before the first paint. */
const themeKey = 'parlance:theme';

/** What this browser prefers. */
export class Preferences {
  theme = $state<Theme>('system');

  /** Reads what is kept; only in a browser. */
  load(): void {
    this.theme = themes.find((theme) => theme === readKept(themeKey)) ?? 'system';
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    keep(themeKey, theme === 'system' ? '' : theme);
    document.documentElement.dataset.theme = theme;
  }
}
