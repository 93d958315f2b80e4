import { describe, expect, it, vi } from 'vitest';
import type { ModelConfig } from './model-config';
import { ModelRegistry } from './registry';

const config = (id: string, more: Partial<ModelConfig> = {}): ModelConfig => ({
  id,
  origin: 'listed',
  backend: { type: 'scripted', replies: [{ text: id }] },
  ...more,
});
const idsOf = (registry: ModelRegistry) => registry.list().map(({ id }) => id);
const down = { reason: 'It is down.', remedy: 'Start it.' };

describe('sources', () => {
  it('are listed in their order, whichever came first, and the first of two with one id is offered', () => {
    const notes: object[] = [];
    const registry = new ModelRegistry({ note: (_, details) => notes.push(details) });
    registry.setSource('local', [config('local'), config('both')]);
    registry.setSource('discovered', [config('both', { name: 'Discovered' })]);
    registry.setSource('connected', [config('connected')]);
    registry.setSource('listed', [config('listed')]);
    expect(idsOf(registry)).toEqual(['listed', 'connected', 'both', 'local']);
    expect(registry.list().find(({ id }) => id === 'both')?.name).toBe('Discovered');
    expect(notes).toEqual([{ modelId: 'both', offeredBy: 'discovered', source: 'local' }]);
    registry.setSource('discovered', []);
    expect(idsOf(registry)).toEqual(['listed', 'connected', 'local', 'both']);
  });

  it('leave what is the same as it is, and close what is changed or gone once nobody holds it', () => {
    const registry = new ModelRegistry();
    registry.setSource('listed', [config('same'), config('changed'), config('gone')]);
    const [same, changed, gone] = ['same', 'changed', 'gone'].map((id) => registry.get(id));
    const closed = [same, changed, gone].map((model) =>
      vi.spyOn(model?.backend ?? { close: vi.fn() }, 'close'),
    );
    const release = gone?.hold();
    registry.setSource('listed', [config('changed', { name: 'Now' }), config('same')]);
    expect(idsOf(registry)).toEqual(['changed', 'same']);
    expect(registry.get('same')).toBe(same);
    expect(registry.get('changed')).not.toBe(changed);
    expect(() => registry.get('gone')).toThrow(expect.objectContaining({ code: 'not-found' }));
    expect(closed.map(({ mock }) => mock.calls.length)).toEqual([0, 1, 0]);
    release?.();
    release?.();
    expect(closed.map(({ mock }) => mock.calls.length)).toEqual([0, 1, 1]);
  });

  it('tell of changes, and of nothing when all is as it was', () => {
    const registry = new ModelRegistry();
    const onChange = vi.fn();
    const end = registry.onChange(onChange);
    registry.setSource('listed', [config('a'), config('b')]);
    expect(onChange).toHaveBeenCalledTimes(1);
    registry.setSource('listed', [config('a'), config('b')]);
    expect(onChange).toHaveBeenCalledTimes(1);
    registry.setSource('listed', [config('b'), config('a')]);
    expect(onChange).toHaveBeenCalledTimes(2);
    registry.setSource('listed', [config('b'), config('a')], new Map([['a', down]]));
    expect(onChange).toHaveBeenCalledTimes(3);
    expect(registry.list()[1]?.availability).toEqual({ state: 'unavailable', ...down });
    end();
    registry.setSource('listed', []);
    expect(onChange).toHaveBeenCalledTimes(3);
  });
});

it('goes on without a model that cannot be made, and says so', () => {
  const notes: string[] = [];
  const registry = new ModelRegistry({ note: (message) => notes.push(message) });
  const odd = { type: 'none' } as unknown as ModelConfig['backend'];
  registry.setSource('connected', [config('odd', { backend: odd }), config('good')]);
  expect(idsOf(registry)).toEqual(['good']);
  expect(notes).toEqual(['a model could not be made']);
});

describe('the default', () => {
  it('is the first that is offered and not down, or the one that is marked', () => {
    const registry = new ModelRegistry();
    expect(registry.defaultId).toBe('');
    registry.setSource('local', [config('local')]);
    registry.setSource('listed', [
      config('old', { replacedBy: 'a' }),
      config('quiet', { unlisted: true }),
      config('a'),
      config('b', { default: true }),
    ]);
    expect(registry.defaultId).toBe('b');
    const all = [config('old', { replacedBy: 'a' }), config('a'), config('b', { default: true })];
    registry.setSource('listed', all, new Map([['b', down]]));
    expect(registry.defaultId).toBe('a');
    registry.setSource(
      'listed',
      all,
      new Map([
        ['a', down],
        ['b', down],
      ]),
    );
    expect(registry.defaultId).toBe('local');
    registry.setSource('local', []);
    expect(registry.defaultId).toBe('a');
  });
});

describe('who may use a model', () => {
  it('is told by its access: others neither see nor use it', async () => {
    const registry = new ModelRegistry({ isAdmin: (owner) => owner === 'admin' });
    registry.setSource('listed', [config('secret', { access: 'admin' }), config('open')]);
    expect(registry.list('admin').map(({ id }) => id)).toEqual(['secret', 'open']);
    expect(registry.list('eve').map(({ id }) => id)).toEqual(['open']);
    expect([registry.defaultFor('admin'), registry.defaultFor('eve')]).toEqual(['secret', 'open']);
    expect(registry.offer('secret', 'admin').id).toBe('secret');
    for (const ask of [() => registry.offer('secret', 'eve'), () => registry.get('secret', 'eve')])
      expect(ask).toThrow(expect.objectContaining({ code: 'not-found' }));
    await registry.close();
  });
});

describe('a retired model', () => {
  it('is refused with the name of the one that replaces it, and stays in the list', () => {
    const registry = new ModelRegistry();
    const { backend: _none, ...gone } = config('gone', { replacedBy: 'new', name: 'Gone' });
    registry.setSource('listed', [config('new'), gone, config('kept', { replacedBy: 'new' })]);
    for (const id of ['gone', 'kept']) {
      expect(() => registry.offer(id, '')).toThrow(
        expect.objectContaining({
          code: 'model-unavailable',
          message: expect.stringContaining('Go on with new') as string,
        }),
      );
    }
    expect(() => registry.get('gone')).toThrow('Gone is retired.');
    // Its prompts can still be shown.
    expect(registry.get('kept').id).toBe('kept');
    expect(registry.list()[1]).toMatchObject({
      id: 'gone',
      name: 'Gone',
      replacedBy: 'new',
      availability: { state: 'unavailable', reason: 'Gone is retired.' },
    });
  });
});

it('fills the summary with what the entry says', async () => {
  const registry = new ModelRegistry();
  const images = { maxCount: 2, maxBytes: 5000, maxPixels: 100, mimeTypes: ['image/png'] };
  registry.setSource('listed', [
    config('org/a b', {
      name: 'A',
      description: 'First.',
      contextLength: 4000,
      provider: 'vLLM',
      links: { Card: 'https://example.org/card' },
      promptExamples: [{ title: 'Poem', prompt: 'Write one.' }],
      parameters: { temperature: 0.5 },
      parameterLimits: { temperature: { max: 1 } },
      capabilities: { images, reasoning: true, completion: false },
      logo: { mime: 'image/png', bytes: new Uint8Array(3), version: 'v1' },
      unlisted: true,
    }),
  ]);
  await registry.warmUp();
  expect(registry.list()[0]).toMatchObject({
    id: 'org/a b',
    name: 'A',
    description: 'First.',
    contextLength: 4000,
    provider: 'vLLM',
    logo: '/api/models/org/a%20b/logo?v=v1',
    links: [{ label: 'Card', url: 'https://example.org/card' }],
    promptExamples: [{ title: 'Poem', prompt: 'Write one.' }],
    parameters: { temperature: 0.5 },
    parameterLimits: { temperature: { max: 1 } },
    capabilities: { images, reasoning: true, completion: false },
    canCompleteRaw: false,
    canContinue: true,
    isUnlisted: true,
    availability: { state: 'ready' },
  });
  expect(registry.logo('org/a b', '').version).toBe('v1');
  await registry.close();
});
