/** Keys whose strings, and all that is below them, may name variables of the environment. */
const places: ReadonlySet<string> = new Set([
  'url',
  'apiKey',
  'accessToken',
  'headers',
  'query',
  'endpointUrl',
  'organization',
]);

/** A variable that is not set, and where it is named. */
export interface MissingVariable {
  path: PropertyKey[];
  name: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The value with `${NAME}` replaced in addresses, keys, headers and queries, and nowhere else: prompts and templates have
 * dollar signs of their own. `$${NAME}` stays as `${NAME}`.
 */
export function fillVariables(
  value: unknown,
  environment: Environment,
): { value: unknown; missing: MissingVariable[] } {
  const missing: MissingVariable[] = [];
  const fill = (part: unknown, path: PropertyKey[], isPlace: boolean): unknown => {
    if (typeof part === 'string') return isPlace ? fillText(part, path) : part;
    if (Array.isArray(part)) return part.map((item, index) => fill(item, [...path, index], isPlace));
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(
      Object.entries(part).map(([key, inner]) => [
        key,
        fill(inner, [...path, key], isPlace || places.has(key)),
      ]),
    );
  };
  const fillText = (text: string, path: PropertyKey[]) =>
    text.replace(/\$?\$\{(\w+)\}/gu, (whole, name: string) => {
      if (whole.startsWith('$$')) return whole.slice(1);
      const found = environment[name]?.trim();
      if (!found) missing.push({ path, name });
      return found ?? '';
    });
  return { value: fill(value, [], false), missing };
}
