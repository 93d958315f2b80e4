import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { gatherBackends } from './gather';

const found = import.meta.glob<object>('./*.backend.ts', { eager: true });
const added = import.meta.glob<object>('./__fixtures__/*.backend.ts', { eager: true });
const driver = (type: string) => ({
  type,
  schema: z.strictObject({ type: z.literal(type) }),
  create: () => ({ type }),
});

describe('drivers', () => {
  it('are the files of the folder, and no specs of them', () => {
    expect(Object.keys(found)).toContain('./tgi.backend.ts');
    expect(Object.keys(found).filter((path) => !/^\.\/[a-z-]+\.backend\.ts$/u.test(path))).toEqual([]);
  });

  it('are known by being there: a file more is a driver more', async () => {
    const config = { type: 'lines', url: 'http://127.0.0.1:1' };
    expect(gatherBackends(found).configSchema.safeParse(config).success).toBe(false);
    const backends = gatherBackends({ ...found, ...added });
    const backend = backends.create(backends.configSchema.parse(config));
    expect(backend.supportedParameters).toEqual(['max_new_tokens', 'temperature', 'seed', 'stop']);
    await backend.close();
    const faults = backends.configSchema.safeParse({ ...config, urll: 1 }).error?.issues;
    expect(faults).toMatchObject([{ code: 'unrecognized_keys', keys: ['urll'] }]);
  });

  it('come in the order of their files, however they were found', () => {
    const modules = {
      './b.backend.ts': { b: driver('b') },
      './a.backend.ts': { a: driver('a'), A: { of: 1 } },
    };
    const fault = gatherBackends(modules).configSchema.safeParse({ type: 'c' }).error?.issues[0];
    expect(fault?.message).toBe('must be one of a, b, not "c"');
  });
});

describe('what is wrong is said when they are gathered:', () => {
  it.each<[string, Record<string, object>, string]>([
    [
      'a file without a driver',
      { './a.backend.ts': { a: { type: 'a', create: () => undefined } } },
      './a.backend.ts exports no BackendDefinition: an object with "type", "schema" and "create".',
    ],
    [
      'a file with two',
      { './a.backend.ts': { a: driver('a'), b: driver('b') } },
      './a.backend.ts exports 2 BackendDefinitions; each needs a file.',
    ],
    [
      'two of one type',
      { './a.backend.ts': { a: driver('a') }, './b.backend.ts': { b: driver('a') } },
      './b.backend.ts and ./a.backend.ts are both of type "a": only one of them can be.',
    ],
  ])('%s', (_, modules, words) => {
    expect(() => gatherBackends(modules)).toThrow(words);
  });
});
