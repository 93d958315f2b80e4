import { expect, it } from 'vitest';
import { backendConfigSchema } from './index';

const issuesOf = (value: unknown) =>
  backendConfigSchema.safeParse(value).error?.issues.map(({ path, message }) => [path.join('.'), message]);

it('takes what the driver of the type takes', () => {
  const config = { type: 'scripted', replies: [{ text: 'Yes.' }] };
  expect(backendConfigSchema.parse(config)).toEqual(config);
});

it('names the faults of the driver that was meant, and no other', () => {
  expect(issuesOf({ type: 'scripted', replies: [{ text: 1 }], path: 'x' })).toEqual([
    ['replies.0.text', 'Invalid input: expected string, received number'],
    ['', 'Unrecognized key: "path"'],
  ]);
  expect(issuesOf({ type: 'local', slots: 0 })?.map(([path]) => path)).toEqual(['path', 'slots']);
});

it('says which types there are', () => {
  expect(issuesOf({})).toEqual([['type', expect.stringMatching(/^is missing; .+ local, .*scripted/u)]]);
  expect(issuesOf({ type: 'vllm' })).toEqual([['type', expect.stringContaining('not "vllm"')]]);
  expect(issuesOf('vllm')).toEqual([['', 'must be an object with a "type"']]);
});
