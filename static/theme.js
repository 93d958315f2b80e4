// Before the first paint, so that nothing that was chosen flashes or jumps: see src/lib/client/preferences.svelte.ts
// and sidebar-state.svelte.ts.
try {
  const { dataset } = document.documentElement;
  const theme = localStorage.getItem('parlance:theme');
  if (theme === 'light' || theme === 'dark') dataset.theme = theme;
  const size = localStorage.getItem('parlance:text-size');
  if (size === 'small' || size === 'large' || size === 'larger') dataset.textSize = size;
  if (localStorage.getItem('parlance:sidebar') === 'collapsed') dataset.sidebar = 'collapsed';
} catch {
  // The browser keeps nothing for us: the system's theme and the usual size it is.
}
