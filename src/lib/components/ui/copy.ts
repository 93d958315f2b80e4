/** Copies text; over plain http there is no clipboard API, and a selection does it. Resolves to whether it worked. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelection(text);
  }
}

function copySelection(text: string): boolean {
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'fixed opacity-0';
  document.body.append(area);
  area.select();
  // Deprecated, and the only way where the page is not secure.
  const isCopied = document.execCommand('copy');
  area.remove();
  return isCopied;
}
