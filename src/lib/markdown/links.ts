const safeSchemes = new Set(['http:', 'https:', 'mailto:']);

/** The address if a link may lead there; addresses of other schemes, and broken ones, have none. */
export function safeAddress(href: string): string | undefined {
  try {
    const url = new URL(href.trim().replaceAll('&amp;', '&'), 'https://relative.invalid/');
    if (!safeSchemes.has(url.protocol)) return undefined;
    // A relative address would lead into this app, which no answer can mean.
    return url.hostname === 'relative.invalid' ? undefined : url.href;
  } catch {
    return undefined;
  }
}

/** The host of an address, for the text of a link to a picture. */
export function hostOf(address: string): string {
  return new URL(address).host;
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as HTML that shows it, between tags and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/gu, (character) => entities[character] ?? character);
}

/** The same, but character references of the text (`&copy;`) stay what they are. */
export function escapeText(text: string): string {
  return text.replace(
    /[<>"']|&(?!(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|[a-zA-Z][a-zA-Z\d]{1,31});)/gu,
    (character) => entities[character] ?? character,
  );
}
