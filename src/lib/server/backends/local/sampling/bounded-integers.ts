/** Keywords of a schema (JSON Schema 2020-12) under which schemas stand: one, a list of them, or one for each name. */
const single = [
  'items',
  'additionalProperties',
  'unevaluatedProperties',
  'contains',
  'propertyNames',
  'not',
  'if',
  'then',
  'else',
];
const lists = ['prefixItems', 'anyOf', 'oneOf', 'allOf'];
const named = ['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas'];

/**
 * The schema with both ends given to every integer that has none: what JavaScript counts exactly. A small model that has
 * begun a number otherwise finds no reason to end it, and writes digits up to the token limit.
 */
export function withBoundedIntegers(schema: unknown): unknown {
  if (!isRecord(schema)) return schema;
  const bounded: Record<string, unknown> = { ...schema };
  for (const [key, value] of Object.entries(schema)) {
    if (single.includes(key)) bounded[key] = withBoundedIntegers(value);
    if (lists.includes(key) && Array.isArray(value)) bounded[key] = value.map(withBoundedIntegers);
    if (named.includes(key) && isRecord(value))
      bounded[key] = Object.fromEntries(
        Object.entries(value).map(([name, inner]) => [name, withBoundedIntegers(inner)]),
      );
  }
  if (schema.type !== 'integer' || 'enum' in schema || 'const' in schema) return bounded;
  const hasLeast = 'minimum' in schema || 'exclusiveMinimum' in schema;
  const hasMost = 'maximum' in schema || 'exclusiveMaximum' in schema;
  return {
    ...bounded,
    ...(!hasLeast && { minimum: Number.MIN_SAFE_INTEGER }),
    ...(!hasMost && { maximum: Number.MAX_SAFE_INTEGER }),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
