import { expect, it } from 'vitest';
import { chatAddress, modelAddress } from './model-address';
import { readStartLink } from './start-link';

it.each([
  ['org/name', '/models/org/name'],
  ['llama3.2:1b', '/models/llama3.2%3A1b'],
  ['what? 100%#1', '/models/what%3F%20100%25%231'],
  ['/data/models/x', '/models/%2Fdata%2Fmodels%2Fx'],
  ['a/../b', '/models/a%2F..%2Fb'],
])('the page of %s is %s, and the browser keeps the id', (id, address) => {
  expect(modelAddress(id)).toBe(address);
  const { pathname } = new URL(address, 'http://localhost');
  expect(decodeURIComponent(pathname.slice('/models/'.length))).toBe(id);
});

it('a link begins a conversation with the model, and with a text', () => {
  const link = readStartLink(new URL(chatAddress('a/b&c', 'What is 1 + 1?'), 'http://localhost'));
  expect(link).toEqual({ text: 'What is 1 + 1?', isSent: false, modelId: 'a/b&c', rest: '/' });
});
