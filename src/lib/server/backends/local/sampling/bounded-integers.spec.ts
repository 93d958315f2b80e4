import { expect, it } from 'vitest';
import { withBoundedIntegers } from './bounded-integers';

const [minimum, maximum] = [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];

it.each([
  ['an integer', { type: 'integer' }, { type: 'integer', minimum, maximum }],
  ['one that begins somewhere', { type: 'integer', minimum: 1 }, { type: 'integer', minimum: 1, maximum }],
  [
    'one that ends before something',
    { type: 'integer', exclusiveMaximum: 9 },
    { type: 'integer', exclusiveMaximum: 9, minimum },
  ],
  ['one of some', { type: 'integer', enum: [1, 2] }, { type: 'integer', enum: [1, 2] }],
  ['other types', { type: 'number' }, { type: 'number' }],
  ['a schema that allows everything', true, true],
  [
    'what is inside, and a property that is called type',
    {
      type: 'object',
      properties: {
        type: { type: 'integer' },
        list: { type: 'array', items: { anyOf: [{ type: 'integer' }] } },
      },
    },
    {
      type: 'object',
      properties: {
        type: { type: 'integer', minimum, maximum },
        list: { type: 'array', items: { anyOf: [{ type: 'integer', minimum, maximum }] } },
      },
    },
  ],
])('%s', (_name, schema, expected) => {
  expect(withBoundedIntegers(schema)).toEqual(expected);
});
