import type { ModelSummary } from '../model-summary';

/** A model that answers, with these changes. */
export function modelSummary(changes: Partial<ModelSummary> & Pick<ModelSummary, 'id'>): ModelSummary {
  return {
    name: changes.id,
    description: '',
    contextLength: 4096,
    parameters: {},
    supportedParameters: [],
    canCompleteRaw: false,
    canContinue: true,
    capabilities: {},
    availability: { state: 'ready' },
    isBundled: false,
    origin: 'listed',
    ...changes,
  };
}
