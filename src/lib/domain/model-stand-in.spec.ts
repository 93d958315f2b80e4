import { expect, it } from 'vitest';
import { modelSummary } from './__fixtures__/model-summary';
import { lineOf, standInFor } from './model-stand-in';

const models = [
  modelSummary({ id: 'old', replacedBy: 'newer' }),
  modelSummary({ id: 'newer', replacedBy: 'newest' }),
  modelSummary({ id: 'newest' }),
  modelSummary({ id: 'this', replacedBy: 'that' }),
  modelSummary({ id: 'that', replacedBy: 'this' }),
  modelSummary({ id: 'lost', replacedBy: 'nobody' }),
];
const get = (id: string) => models.find((model) => model.id === id);

it.each([
  ['newest', 'newest'],
  ['old', 'newest'],
  ['nobody', undefined],
  ['lost', undefined],
  ['this', undefined],
])('%s is answered for by %s', (id, standIn) => {
  expect(standInFor(id, get)?.id).toBe(standIn);
});

it('a line ends where it is not known, and where it comes round', () => {
  const ids = (id: string) => lineOf(id, get).map((model) => model.id);
  expect(ids('old')).toEqual(['old', 'newer', 'newest']);
  expect(ids('lost')).toEqual(['lost']);
  expect(ids('this')).toEqual(['this', 'that']);
});
