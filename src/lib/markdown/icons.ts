/** Pictures inside an answer, where no component can be. */
const paths = {
  copy: '<rect x="9" y="9" width="11" height="11" rx="2"/><path d="M5 15V6a2 2 0 0 1 2-2h9"/>',
  download: '<path d="M12 4v11m-4.5-4.5L12 15l4.5-4.5M4 20h16"/>',
  wrap: '<path d="M4 6h16M4 12h13a3 3 0 0 1 0 6h-4m2-2-2 2 2 2M4 18h4"/>',
  check: '<path d="m5 13 4.5 4.5L19 7"/>',
  back: '<path d="M9 14 4 9l5-5M4 9h10a6 6 0 0 1 0 12h-3"/>',
  source: '<path d="m8 7-5 5 5 5m8-10 5 5-5 5"/>',
};

/** The HTML of a picture, hidden from assistive tools. */
export function icon(name: keyof typeof paths): string {
  return (
    `<svg width="14" height="14" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" ` +
    `stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${paths[name]}</svg>`
  );
}
