import { z } from 'zod';
import type { Backend, BackendContext } from './backend';
import { localBackend } from './local.backend';
import { scriptedBackend } from './scripted.backend';

/** Every kind of backend. A new one is its file and a line here. */
const definitions = [localBackend, scriptedBackend] as const;

/** The `backend` of a model's configuration: one of the drivers' own schemas, told apart by `type`. */
export const backendConfigSchema = z.union([localBackend.schema, scriptedBackend.schema]);
export type BackendConfig = z.infer<typeof backendConfigSchema>;

/** Makes the backend of a checked configuration. No I/O happens before it is used or warmed up. */
export function createBackend(config: BackendConfig, context?: BackendContext): Backend {
  const definition = definitions.find(({ type }) => type === config.type);
  if (!definition) throw new Error(`No backend of type ${config.type}.`);
  return (definition.create as (config: BackendConfig, context?: BackendContext) => Backend)(config, context);
}
