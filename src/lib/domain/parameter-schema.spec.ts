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
  ['bad_words', 'text', 'Up to 16 texts of 1 to 200 characters each.'],
  ['early_stopping', 'true', 'Yes or no.'],
  ['early_stopping', 1, 'Yes or no.'],
];

const biasWords = 'Up to 64 texts or tokens, each with a number from -100 to 100.';
const wrongBiases: unknown[] = [
  { text: 'cat', bias: 1 },
  [{ text: 'cat', bias: 100.5 }],
  [{ text: 'cat', bias: NaN }],
  [{ text: 'cat', bias: '1' }],
  [{ text: '', bias: 1 }],
  [{ text: 'x'.repeat(201), bias: 1 }],
  [{ text: 'cat' }],
  [{ bias: 1 }],
  [{ token: -1, bias: 1 }],
  [{ token: 1.5, bias: 1 }],
  [{ token: '7', bias: 1 }],
  [{ text: 'cat', token: 7, bias: 1 }],
  [null],
  Array.from({ length: 65 }, (_, token) => ({ token, bias: 1 })),
];

const grammarWords = 'A JSON schema, a regular expression, or 1 to 16 texts of 1 to 200 characters each.';
const wrongGrammars: unknown[] = [
  'yes|no',
  { type: 'json' },
  { type: 'json', value: '{}' },
  { type: 'json', value: [] },
  { type: 'json', value: null },
  { type: 'json', value: { title: 'x'.repeat(20_000) } },
  { type: 'json', value: {}, strict: true },
  { type: 'regex', value: '' },
  { type: 'regex', value: 'x'.repeat(20_001) },
  { type: 'regex', value: 1 },
  { type: 'choice', value: [] },
  { type: 'choice', value: [''] },
  { type: 'choice', value: Array.from({ length: 17 }, String) },
  { type: 'choice', value: 'yes' },
  { type: 'ebnf', value: 'root ::= "a"' },
  null,
];

wrong.push(
  ...wrongBiases.map((value): (typeof wrong)[number] => ['logit_bias', value, biasWords]),
  ...wrongGrammars.map((value): (typeof wrong)[number] => ['grammar', value, grammarWords]),
);

const right: [name: ParameterName, value: unknown][] = [
  ['early_stopping', true],
  ['early_stopping', false],
  ['bad_words', ['one', ' two']],
  ['logit_bias', []],
  [
    'logit_bias',
    [
      { text: ' cat', bias: -100 },
      { token: 0, bias: 100 },
    ],
  ],
  ['logit_bias', Array.from({ length: 64 }, (_, token) => ({ token, bias: 0.5 }))],
  ['grammar', { type: 'json', value: { type: 'object' } }],
  ['grammar', { type: 'json', value: true }],
  ['grammar', { type: 'regex', value: '[0-9]+' }],
  ['grammar', { type: 'choice', value: ['yes'] }],
  ['grammar', { type: 'choice', value: Array.from({ length: 16 }, () => 'x'.repeat(200)) }],
];

describe('the rule of a parameter', () => {
  it.each(wrong)('%s may not be %j, and both sides say what it may be', (name, value, words) => {
    expect(parameterFault(describeParameter(name), value)).toBe(words);
    // Of changes, nothing is a word of its own: it takes the value away.
    for (const schema of value === null ? [parametersSchema] : [parametersSchema, parameterChangesSchema]) {
      const { error } = schema.safeParse({ [name]: value });
      expect(error?.issues).toMatchObject([{ path: [name], message: words }]);
    }
  });

  it('takes the ends of every range, and what the table calls usual', () => {
    for (const name of parameterNames) {
      const { type, min, max, usual, default: initial } = describeParameter(name);
      for (const end of [min, max, usual?.min, usual?.max, initial]) {
        if (end === undefined) continue;
        // The range is that of each bias, not of the list.
        const value = type === 'biases' ? [{ text: 'cat', bias: end }] : end;
        expect(parametersSchema.parse({ [name]: value })).toEqual({ [name]: value });
      }
    }
    const stop = Array.from({ length: 16 }, () => 'x'.repeat(200));
    expect(parametersSchema.parse({ stop })).toEqual({ stop });
    expect(parametersSchema.parse({ stop: [] })).toEqual({ stop: [] });
  });

  it.each(right)('%s may be %j', (name, value) => {
    expect(parameterFault(describeParameter(name), value)).toBeUndefined();
    for (const schema of [parametersSchema, parameterChangesSchema]) {
      expect(schema.parse({ [name]: value })).toEqual({ [name]: value });
    }
  });

  it('refuses an unknown name by name, and null outside of changes', () => {
    expect(parametersSchema.safeParse({ heat: 1 }).error?.message).toContain('heat');
    expect(parameterChangesSchema.safeParse({ heat: null }).error?.message).toContain('heat');
    expect(parametersSchema.safeParse({ seed: null }).success).toBe(false);
    expect(parameterChangesSchema.parse({ seed: null, top_p: 0.5 })).toEqual({ seed: null, top_p: 0.5 });
  });
});
