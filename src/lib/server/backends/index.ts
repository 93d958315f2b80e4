import { gatherBackends } from './gather';

export type { BackendConfig } from './backend';

/** Every driver is a file `*.backend.ts` in this folder; whoever bundles or tests this finds them (`import.meta.glob`). */
export const {
  configSchema: backendConfigSchema,
  schemaOf: backendSchemaOf,
  create: createBackend,
} = gatherBackends(import.meta.glob<object>('./*.backend.ts', { eager: true }));
