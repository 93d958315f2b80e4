/** What this browser keeps for the page. A browser may refuse to; then nothing is kept, and the page works. */
export function readKept(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Keeps a text, or forgets it when it is empty. Returns whether the browser did. */
export function keep(key: string, value: string): boolean {
  try {
    if (value === '') localStorage.removeItem(key);
    else localStorage.setItem(key, value);
    return true;
  } catch {
    return false;
  }
}

/** A list that is kept as JSON; anything else that lies there is none. What its items are is for the caller to check. */
export function readKeptList(key: string): unknown[] {
  try {
    const value: unknown = JSON.parse(readKept(key) ?? '[]');
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
