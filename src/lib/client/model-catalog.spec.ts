import { describe, expect, it, vi } from 'vitest';
import { modelSummary } from '../domain/__fixtures__/model-summary';
import { ModelCatalog } from './model-catalog.svelte';
import { ApiError } from './api';
import { lost } from './session-fixtures';

const first = modelSummary({ id: 'first' });
const hidden = modelSummary({ id: 'hidden', isUnlisted: true });
const old = modelSummary({ id: 'old', replacedBy: 'hidden' });

const missing = () => new ApiError({ code: 'not-found', message: 'None.', retryable: false }, true);

function catalogWith(models = [first]) {
  const listModels = vi.fn(() => Promise.resolve({ models: [first], defaultId: 'first' }));
  const getModel = vi.fn((id: string) => {
    const model = [hidden, old].find((one) => one.id === id);
    return model ? Promise.resolve(model) : Promise.reject(lost());
  });
  const catalog = new ModelCatalog({ listModels, getModel }, { models, defaultModelId: 'first' });
  return { catalog, listModels, getModel };
}

describe('ModelCatalog', () => {
  it('offers neither what is not listed nor what was replaced, and knows both', () => {
    const { catalog } = catalogWith([first, hidden, old]);
    expect(catalog.listed).toEqual([first]);
    expect(catalog.get('old')).toBe(old);
    expect(catalog.standIn('old')).toBe(hidden);
  });

  it('asks for a model by its id once, and for what replaced it', async () => {
    const { catalog, getModel } = catalogWith();
    await catalog.find('old');
    expect(catalog.standIn('old')).toEqual(hidden);
    await catalog.find('old');
    await catalog.find('first');
    expect(getModel.mock.calls).toEqual([['old'], ['hidden']]);
  });

  it('does not know what the server does not', async () => {
    const { catalog } = catalogWith();
    await catalog.find('nobody');
    expect(catalog.get('nobody')).toBeUndefined();
  });

  it('takes the list anew, and keeps it when the server is away', async () => {
    const { catalog, listModels } = catalogWith([]);
    await catalog.refresh();
    expect(listModels).toHaveBeenCalledTimes(1);
    expect(catalog.listed).toEqual([first]);
    listModels.mockRejectedValueOnce(lost());
    await catalog.refresh();
    expect(catalog.listed).toEqual([first]);
  });

  it('asks once more when something changes after it was asked', async () => {
    const { catalog, listModels } = catalogWith([]);
    listModels.mockResolvedValueOnce({ models: [], defaultId: '' });
    const early = catalog.refresh();
    const late = [catalog.refresh(), catalog.refresh()];
    await early;
    await Promise.all(late);
    expect(listModels).toHaveBeenCalledTimes(2);
    expect(catalog.listed).toEqual([first]);
  });

  it('forgets one that went, listed or not, and keeps one that cannot be asked for now', async () => {
    const { catalog, getModel } = catalogWith();
    const connected = modelSummary({ id: 'connected' });
    catalog.learn([connected, hidden]);
    getModel.mockImplementation((id) => Promise.reject(id === 'connected' ? missing() : lost()));
    await catalog.refresh();
    expect(catalog.get('connected')).toBeUndefined();
    expect(catalog.get('hidden')).toBe(hidden);
  });

  it('lets the list say the newer word of a model that was asked for', async () => {
    const { catalog } = catalogWith();
    catalog.learn([modelSummary({ id: 'first', name: 'Former name' })]);
    await catalog.refresh();
    expect(catalog.get('first')?.name).toBe('first');
  });
});
