import { z } from 'zod';
import { describeParameter, parameterNames, type Descriptor, type GenerationParameters } from './parameters';
import { parameterFault } from './parameter-rules';
import type { ParameterChanges } from './settings';

/** Checks parameters from outside; an unknown name is refused by name. */
export const parametersSchema: z.ZodType<GenerationParameters> = z.strictObject(
  shapeOf((descriptor) => schemaOf(descriptor).optional()),
);

/** Changes of parameters: `null` takes a value away, what is absent stays. */
export const parameterChangesSchema: z.ZodType<ParameterChanges> = z.strictObject(
  shapeOf((descriptor) => schemaOf(descriptor).nullable().optional()),
);

function shapeOf(schema: (descriptor: Descriptor) => z.ZodType): Record<string, z.ZodType> {
  return Object.fromEntries(parameterNames.map((name) => [name, schema(describeParameter(name))]));
}

/** The rule is the page's, too: see `parameter-rules.ts`. */
function schemaOf(descriptor: Descriptor): z.ZodType {
  return z.unknown().superRefine((value, context) => {
    const fault = parameterFault(descriptor, value);
    if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
  });
}
