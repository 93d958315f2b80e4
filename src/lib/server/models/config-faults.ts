import type { z } from 'zod';
import { backendConfigSchema, backendSchemaOf } from '../backends/index';

/** What is wrong, and where. */
export interface ConfigFault {
  path: PropertyKey[];
  message: string;
}

/** The faults of `value` against its schema; each unknown key is one, with the known one that was probably meant. */
export function faultsOf(
  value: unknown,
  schema: z.ZodType,
  issues: readonly z.core.$ZodIssue[],
): ConfigFault[] {
  return issues.flatMap((issue): ConfigFault[] => {
    if (issue.code !== 'unrecognized_keys') return [{ path: issue.path, message: wordsOf(issue) }];
    const known = keysAt(schema, issue.path, value);
    return issue.keys.map((key) => {
      const meant = nearest(key, known);
      const help = meant === undefined ? '' : `; did you mean "${meant}"?`;
      return { path: [...issue.path, key], message: `unknown key${help}` };
    });
  });
}

function wordsOf({ code, message }: z.core.$ZodIssue): string {
  if (code === 'invalid_type' && message.endsWith('received undefined')) return 'is missing';
  if (code === 'invalid_format' && message === 'Invalid URL')
    return 'is not an address such as http://localhost:8000';
  return message
    .replace(/^Invalid (?:input|option): /u, '')
    .replace(/^Invalid input$/u, 'is not what is expected here');
}

type Schema = z.core.$ZodType;

/** What zod keeps of the kinds of schemas that have others inside. */
interface Definition {
  type: string;
  innerType?: Schema;
  element?: Schema;
  valueType?: Schema;
  in?: Schema;
  out?: Schema;
  options?: Schema[];
  shape?: Record<string, Schema>;
}

/** The keys that the schema knows at a place of `value`. */
function keysAt(schema: Schema, path: readonly PropertyKey[], value: unknown): string[] {
  let schemas = opened(schema, value);
  let inner = value;
  for (const key of path) {
    inner =
      typeof inner === 'object' && inner !== null ? (inner as Record<PropertyKey, unknown>)[key] : undefined;
    const below = inner;
    schemas = schemas.flatMap((one) => {
      const { element, valueType, shape } = definitionOf(one);
      const next = element ?? valueType ?? shape?.[String(key)];
      return next ? opened(next, below) : [];
    });
  }
  return schemas.flatMap((one) => Object.keys(definitionOf(one).shape ?? {}));
}

/** Without what is around a schema; of a union all its members. */
function opened(schema: Schema, value: unknown): Schema[] {
  if (schema === backendConfigSchema) {
    const type = typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined;
    const driver = backendSchemaOf(type);
    return driver ? opened(driver, value) : [];
  }
  const { innerType, in: input, out, options } = definitionOf(schema);
  if (options) return options.flatMap((option) => opened(option, value));
  // What is changed before it is checked has its keys behind the change.
  const isChanged = input && definitionOf(input).type === 'transform';
  const within = innerType ?? (isChanged ? out : input);
  return within ? opened(within, value) : [schema];
}

function definitionOf(schema: Schema): Definition {
  return schema._zod.def;
}

/** The known key that a misspelled one is nearest to, if it is near. */
function nearest(key: string, known: readonly string[]): string | undefined {
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/gu, '');
  const ranked = known
    .map((name) => ({ name, distance: mistakesIn(plain(key), plain(name)) }))
    .sort((a, b) => a.distance - b.distance);
  const [best] = ranked;
  return best && best.distance <= Math.max(1, Math.floor(key.length / 3)) ? best.name : undefined;
}

/** Letters that were swapped are one mistake. */
function mistakesIn(one: string, other: string): number {
  const letters = (text: string) => [...text].sort().join('');
  return one !== other && letters(one) === letters(other) ? 1 : distanceOf(one, other);
}

/** Letters to add, drop or change (Levenshtein 1966). */
function distanceOf(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...one].entries()) {
    const next = [i + 1];
    for (const [j, against] of [...other].entries()) {
      const change = (row[j] ?? 0) + (letter === against ? 0 : 1);
      next.push(Math.min(change, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
