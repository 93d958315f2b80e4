/** What an address asks a new conversation to begin with. */
export interface StartLink {
  /** For the composer. */
  text: string | undefined;
  /** `?q=` sends at once; `?prompt=` leaves the last word to the person. */
  isSent: boolean;
  modelId: string | undefined;
  /** The address without what was used. */
  rest: string;
}

/** Reads `?q=`, `?prompt=` and `?model=`; `undefined` when the address has none of them. */
export function readStartLink(url: URL): StartLink | undefined {
  const query = new URLSearchParams(url.search);
  const [sent, prompt, model] = ['q', 'prompt', 'model'].map((name) => {
    const value = query.get(name);
    query.delete(name);
    return value === null || value.trim() === '' ? undefined : value;
  });
  if (sent === undefined && prompt === undefined && model === undefined) return undefined;
  const rest = query.size > 0 ? `?${query.toString()}` : '';
  return { text: sent ?? prompt, isSent: sent !== undefined, modelId: model, rest: url.pathname + rest };
}
