// Before the first paint, so that a chosen theme never flashes: see src/lib/client/preferences.svelte.ts.
try {
  const theme = localStorage.getItem('parlance:theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // The browser keeps nothing for us: the system's theme it is.
}
