import { z } from 'zod';
import { describeParameter, parameterNames, type Descriptor, type GenerationParameters } from './parameters';

/** Checks parameters from outside; an unknown name is refused by name. */
export const parametersSchema: z.ZodType<GenerationParameters> = z.strictObject(
  Object.fromEntries(parameterNames.map((name) => [name, schemaOf(describeParameter(name)).optional()])),
);

function schemaOf(descriptor: Descriptor): z.ZodType {
  if (descriptor.type === 'strings') return z.array(z.string().min(1).max(200)).max(16);
  const number = descriptor.type === 'integer' ? z.int() : z.number();
  return number.min(descriptor.min ?? -Infinity).max(descriptor.max ?? Infinity);
}
