import { z } from 'zod';
import type { Backend, BackendContext } from './backend';
import { inferenceClientBackend } from './inference-client.backend';
import { localBackend } from './local.backend';
import { ollamaBackend } from './ollama.backend';
import { openaiBackend } from './openai.backend';
import { scriptedBackend } from './scripted.backend';
import { tgiBackend } from './tgi.backend';

/** Every kind of backend. A new one is its file and its name here. */
const definitions = [
  localBackend,
  openaiBackend,
  tgiBackend,
  ollamaBackend,
  inferenceClientBackend,
  scriptedBackend,
] as const;

export type BackendConfig = z.infer<(typeof definitions)[number]['schema']>;

/** The schema of the driver of this type; `undefined` when there is none. */
export function backendSchemaOf(type: unknown): z.ZodType<BackendConfig> | undefined {
  return definitions.find((definition) => definition.type === type)?.schema;
}

/** The `backend` of a model's configuration. `type` says whose schema counts, so that faults are about the right driver. */
export const backendConfigSchema: z.ZodType<BackendConfig> = z
  .record(z.string(), z.unknown(), { error: 'must be an object with a "type"' })
  .transform((value, context) => {
    const schema = backendSchemaOf(value.type);
    if (!schema) {
      const types = definitions.map(({ type }) => type).join(', ');
      const message =
        value.type === undefined
          ? `is missing; it must be one of ${types}`
          : `must be one of ${types}, not ${JSON.stringify(value.type)}`;
      context.addIssue({ code: 'custom', path: ['type'], message });
      return z.NEVER;
    }
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    for (const issue of parsed.error.issues)
      context.issues.push({ ...issue, input: value } as z.core.$ZodRawIssue);
    return z.NEVER;
  });

/** Makes the backend of a checked configuration. No I/O happens before it is used or warmed up. */
export function createBackend(config: BackendConfig, context?: BackendContext): Backend {
  const definition = definitions.find(({ type }) => type === config.type);
  if (!definition) throw new Error(`No backend of type ${config.type}.`);
  return (definition.create as (config: BackendConfig, context?: BackendContext) => Backend)(config, context);
}
