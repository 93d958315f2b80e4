import { expect, it } from 'vitest';
import { backendConfigSchema } from '../index';
import { addressFor, endpointsOf, inferenceClientSchema } from './config';

const type = 'inference-client';
const url = 'http://127.0.0.1:8080';
const faultsOf = (value: object) =>
  backendConfigSchema
    .safeParse({ type, ...value })
    .error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`);

it.each<[object]>([
  [{ model: 'org/m' }],
  [{ model: 'org/m', provider: 'together', billTo: 'org', apiKey: 'hf_x' }],
  [{ url, model: 'tgi', endpoints: [{ url, weight: 2 }], maxConcurrency: 4 }],
  [{ url, task: 'translation' }],
  [{ url, model: 'm', task: 'text-generation', idleTimeoutMs: 1000 }],
])('takes %j', (value) => {
  expect(faultsOf(value)).toBeUndefined();
});

it.each<[object, RegExp]>([
  [{}, /^model is missing: it names the model on the Hugging Face Hub/u],
  [{ url }, /^model is missing: the endpoint wants to hear a name \(TGI takes "tgi"\)/u],
  [{ task: 'summarization' }, /^model is missing/u],
  [{ url, model: 'm', provider: 'together' }, /^provider is for a model without url/u],
  [{ model: 'm', endpoints: [{ url }] }, /^endpoints needs a url/u],
  [{ model: 'https://example.com/m' }, /^model must be a name; an address goes in url/u],
  [{ model: 'm', task: 'sing' }, /^task /u],
  [{ model: 'm', endpointUrl: url }, /Unrecognized key: "endpointUrl"/u],
])('refuses %j by the key', (value, says) => {
  expect(faultsOf(value)).toHaveLength(1);
  expect(faultsOf(value)?.[0]).toMatch(says);
});

it('makes whole addresses of all endpoints, with their queries', () => {
  expect(addressFor('chat', 'https://a.example/v1/?k=v')).toBe('https://a.example/v1/chat/completions?k=v');
  expect(addressFor('translation', 'https://a.example/pipe?k=v')).toBe('https://a.example/pipe?k=v');
  const config = inferenceClientSchema.parse({
    type,
    url,
    model: 'm',
    apiKey: 'key',
    endpoints: [{ url: `${url}/x` }],
  });
  expect(endpointsOf(config)).toEqual({
    url: `${url}/v1/chat/completions`,
    apiKey: 'key',
    endpoints: [{ url: `${url}/x/v1/chat/completions` }],
  });
  expect(endpointsOf(inferenceClientSchema.parse({ type, model: 'm' }))).toBeUndefined();
});
