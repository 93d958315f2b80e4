import { expect, it } from 'vitest';
import { readStartLink } from './start-link';

const at = (search: string) => readStartLink(new URL(`http://localhost:3000/${search}`));

it.each([
  ['?q=Hello%20there', { text: 'Hello there', isSent: true, modelId: undefined, rest: '/' }],
  ['?prompt=Hello', { text: 'Hello', isSent: false, modelId: undefined, rest: '/' }],
  ['?model=a%2Fb', { text: undefined, isSent: false, modelId: 'a/b', rest: '/' }],
  ['?q=Hi&prompt=Other&model=m&x=1', { text: 'Hi', isSent: true, modelId: 'm', rest: '/?x=1' }],
])('%s', (search, expected) => expect(at(search)).toEqual(expected));

it.each(['', '?x=1', '?q=', '?prompt=%20'])('"%s" begins nothing', (search) => {
  expect(at(search)).toBeUndefined();
});
