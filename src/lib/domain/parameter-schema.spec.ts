import { describe, expect, it } from 'vitest';
import { parameterChangesSchema, parametersSchema } from './parameter-schema';
import { parameterFault } from './parameter-rules';
import { describeParameter, parameterNames, type ParameterName } from './parameters';

const wrong: [name: ParameterName, value: unknown, words: string][] = [
  ['max_new_tokens', 0, 'A whole number from 1 to 131,072.'],
  ['max_new_tokens', 1.5, 'A whole number from 1 to 131,072.'],
  ['temperature', -0.1, 'A number from 0 to 5.'],
  ['temperature', 5.1, 'A number from 0 to 5.'],
  ['temperature', NaN, 'A number from 0 to 5.'],
  ['temperature', '1', 'A number from 0 to 5.'],
  ['temperature', [1], 'A number from 0 to 5.'],
  ['presence_penalty', Infinity, 'A number from -2 to 2.'],
  ['seed', 4_294_967_296, 'A whole number from 0 to 4,294,967,295.'],
  ['stop', [''], 'Up to 16 texts of 1 to 200 characters each.'],
  ['stop', 'text', 'Up to 16 texts of 1 to 200 characters each.'],
  ['stop', [1], 'Up to 16 texts of 1 to 200 characters each.'],
  ['stop', Array.from({ length: 17 }, () => 'x'), 'Up to 16 texts of 1 to 200 characters each.'],
  ['stop', ['x'.repeat(201)], 'Up to 16 texts of 1 to 200 characters each.'],
];

describe('the rule of a parameter', () => {
  it.each(wrong)('%s may not be %j, and both sides say what it may be', (name, value, words) => {
    expect(parameterFault(describeParameter(name), value)).toBe(words);
    for (const schema of [parametersSchema, parameterChangesSchema]) {
      const { error } = schema.safeParse({ [name]: value });
      expect(error?.issues).toMatchObject([{ path: [name], message: words }]);
    }
  });

  it('takes the ends of every range, and what the table calls usual', () => {
    for (const name of parameterNames) {
      const { min, max, usual, default: initial } = describeParameter(name);
      for (const value of [min, max, usual?.min, usual?.max, initial]) {
        if (value !== undefined) expect(parametersSchema.parse({ [name]: value })).toEqual({ [name]: value });
      }
    }
    const stop = Array.from({ length: 16 }, () => 'x'.repeat(200));
    expect(parametersSchema.parse({ stop })).toEqual({ stop });
    expect(parametersSchema.parse({ stop: [] })).toEqual({ stop: [] });
  });

  it('refuses an unknown name by name, and null outside of changes', () => {
    expect(parametersSchema.safeParse({ heat: 1 }).error?.message).toContain('heat');
    expect(parameterChangesSchema.safeParse({ heat: null }).error?.message).toContain('heat');
    expect(parametersSchema.safeParse({ seed: null }).success).toBe(false);
    expect(parameterChangesSchema.parse({ seed: null, top_p: 0.5 })).toEqual({ seed: null, top_p: 0.5 });
  });
});
