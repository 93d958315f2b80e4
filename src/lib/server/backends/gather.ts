import { z } from 'zod';
import type { Backend, BackendConfig, BackendContext, BackendDefinition } from './backend';

type Driver = BackendDefinition<BackendConfig>;

/** All kinds of backends that there are. */
export interface Backends {
  /** The schema of the driver of this type; `undefined` when there is none. */
  schemaOf(type: unknown): z.ZodType<BackendConfig> | undefined;
  /** The `backend` of a model's configuration. `type` says whose schema counts, so that faults are about the right driver. */
  configSchema: z.ZodType<BackendConfig>;
  /** Makes the backend of a checked configuration. No I/O happens before it is used or warmed up. */
  create(config: BackendConfig, context?: BackendContext): Backend;
}

/**
 * Puts together the drivers of these modules, which are named by their paths. Each exports one `BackendDefinition`, under
 * whatever name, and what else it likes. Throws where one does not, or where two have one type.
 */
export function gatherBackends(modules: Readonly<Record<string, object>>): Backends {
  const drivers = new Map<string, Driver>();
  const paths = new Map<string, string>();
  for (const path of Object.keys(modules).sort()) {
    const driver = driverIn(path, modules[path] ?? {});
    const other = paths.get(driver.type);
    if (other !== undefined)
      throw new Error(`${path} and ${other} are both of type "${driver.type}": only one of them can be.`);
    paths.set(driver.type, path);
    drivers.set(driver.type, driver);
  }
  const driverOf = (type: unknown) => (typeof type === 'string' ? drivers.get(type) : undefined);
  return {
    schemaOf: (type) => driverOf(type)?.schema,
    configSchema: configSchemaOf([...drivers.keys()], driverOf),
    create: (config, context) => {
      const driver = driverOf(config.type);
      if (!driver) throw new Error(`No backend of type ${config.type}.`);
      return driver.create(config, context);
    },
  };
}

function driverIn(path: string, exports: object): Driver {
  const [driver, ...others] = Object.values(exports).filter(isDriver);
  if (!driver)
    throw new Error(`${path} exports no BackendDefinition: an object with "type", "schema" and "create".`);
  if (others.length > 0)
    throw new Error(`${path} exports ${String(others.length + 1)} BackendDefinitions; each needs a file.`);
  return driver;
}

function isDriver(value: unknown): value is Driver {
  if (typeof value !== 'object' || value === null) return false;
  const { type, schema, create } = value as Partial<Record<keyof Driver, unknown>>;
  return typeof type === 'string' && schema instanceof z.ZodType && typeof create === 'function';
}

function configSchemaOf(
  types: readonly string[],
  driverOf: (type: unknown) => Driver | undefined,
): Backends['configSchema'] {
  return z
    .record(z.string(), z.unknown(), { error: 'must be an object with a "type"' })
    .transform((value, context) => {
      const schema = driverOf(value.type)?.schema;
      if (!schema) {
        const known = types.join(', ');
        const message =
          value.type === undefined
            ? `is missing; it must be one of ${known}`
            : `must be one of ${known}, not ${JSON.stringify(value.type)}`;
        context.addIssue({ code: 'custom', path: ['type'], message });
        return z.NEVER;
      }
      const parsed = schema.safeParse(value);
      if (parsed.success) return parsed.data;
      for (const issue of parsed.error.issues)
        context.issues.push({ ...issue, input: value } as z.core.$ZodRawIssue);
      return z.NEVER;
    });
}
