import type { DiagramTheme } from '../diagram-library';

const query = '(prefers-color-scheme: dark)';

/** Whether the page is light or dark now, by the reader's choice or the system's. */
export function themeNow(): DiagramTheme {
  const { theme } = document.documentElement.dataset;
  if (theme === 'light' || theme === 'dark') return theme;
  return matchMedia(query).matches ? 'dark' : 'light';
}

/** Calls back whenever that may have changed, as long as the page lives. */
export function onThemeChange(changed: () => void): void {
  matchMedia(query).addEventListener('change', changed);
  const options = { attributes: true, attributeFilter: ['data-theme'] };
  new MutationObserver(changed).observe(document.documentElement, options);
}
