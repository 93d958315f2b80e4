/** `T` as JSON carries it: instants are ISO strings. */
export type Wire<T> = T extends Date
  ? string
  : T extends (infer Item)[]
    ? Wire<Item>[]
    : T extends object
      ? { [Key in keyof T]: Wire<T[Key]> }
      : T;

/**
 * Turns parsed JSON of our own API back into domain values: every property whose name ends in `At` and holds a string
 * becomes a `Date`. Text that users write sits in properties with other names, so it is never touched.
 */
export function fromWire<T>(value: Wire<T>): T {
  return revive(value) as T;
}

function revive(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revive);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key.endsWith('At') && typeof inner === 'string' ? new Date(inner) : revive(inner),
    ]),
  );
}
