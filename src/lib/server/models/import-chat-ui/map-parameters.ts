import { parametersSchema } from '../../../domain/parameter-schema';
import { parameterNames, type GenerationParameters } from '../../../domain/parameters';
import { Fields } from './fields';

const otherNames: Record<string, string> = {
  stop_sequences: 'stop',
  max_tokens: 'max_new_tokens',
  max_completion_tokens: 'max_new_tokens',
};
/** What the driver always says itself. */
const drivers = new Set(['return_full_text', 'details', 'stream']);

export interface MappedParameters {
  parameters: GenerationParameters;
  contextLength?: number;
}

/** `truncate` was the room for a prompt, beside `max_new_tokens`: both together are the context. */
export function mapParameters(value: unknown, note: (field: string, why: string) => void): MappedParameters {
  const given = Fields.of(value);
  const parameters: Record<string, unknown> = {};
  for (const name of given.unused()) {
    const ours = otherNames[name] ?? name;
    const field = `parameters.${name}`;
    const one = given.any(name);
    if (name === 'truncate' || drivers.has(name)) continue;
    if (name === 'do_sample') {
      if (one === false) parameters.temperature = 0;
    } else if (!(parameterNames as readonly string[]).includes(ours)) {
      note(field, 'There is no such parameter here.');
    } else {
      const parsed = parametersSchema.safeParse({ [ours]: one });
      if (parsed.success) Object.assign(parameters, parsed.data);
      else note(field, `It was left out: ${parsed.error.issues[0]?.message ?? 'it has no such value'}.`);
    }
  }
  const { max_new_tokens: answer = 1024 } = parameters as GenerationParameters;
  const prompt = given.any('truncate');
  const contextLength = typeof prompt === 'number' && prompt > 0 ? Math.floor(prompt) + answer : 0;
  return { parameters, ...(contextLength >= 64 && { contextLength }) };
}
