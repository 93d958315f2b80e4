import type { ModelAvailability, ModelCapabilities, ModelSummary } from '../../domain/model-summary';
import type { Backend } from '../backends/backend';
import { defaultContextLength, type Loaded } from './loaded';
import type { ModelConfig } from './model-config';

/** What a usable model adds to its configuration. */
export interface SummaryState {
  backend: Backend;
  /** Absent: its files have not been read. */
  loaded: Loaded | undefined;
  capabilities: ModelCapabilities;
  availability: ModelAvailability;
}

/** What the page knows of a model; without a state, of one that is retired for good. */
export function summaryOf(config: ModelConfig, state?: SummaryState): ModelSummary {
  const { backend, loaded } = state ?? {};
  const descriptions = [config.description, loaded?.description].filter((text) => text !== undefined);
  return {
    id: config.id,
    name: config.name ?? config.id.split('/').at(-1) ?? config.id,
    description: descriptions.join(' '),
    contextLength: loaded?.contextLength ?? config.contextLength ?? defaultContextLength,
    parameters: loaded?.parameters ?? config.parameters ?? {},
    supportedParameters: [...(backend?.supportedParameters ?? [])],
    canCompleteRaw: state?.capabilities.completion === true,
    canContinue: backend?.accepts.some((kind) => kind !== 'text2text') === true,
    capabilities: state?.capabilities ?? config.capabilities ?? {},
    availability: state?.availability ?? retired(config),
    isBundled: config.isBundled === true,
    origin: config.origin,
    ...told(config),
  };
}

/** What the page is told as the configuration has it. */
function told(config: ModelConfig): Partial<ModelSummary> {
  const { parameterLimits, systemPrompt, provider, logo, links, promptExamples, replacedBy } = config;
  return {
    ...(parameterLimits && { parameterLimits }),
    ...(systemPrompt !== undefined && { systemPrompt }),
    ...(provider !== undefined && { provider }),
    ...(logo && { logo: `${addressOf(config.id)}/logo?v=${logo.version}` }),
    ...(links && { links: Object.entries(links).map(([label, url]) => ({ label, url })) }),
    ...(promptExamples && { promptExamples }),
    ...(config.unlisted && { isUnlisted: true }),
    ...(config.access === 'admin' && { isForAdmins: true }),
    ...(replacedBy !== undefined && { replacedBy }),
  };
}

/** Why a model that was replaced does not answer. */
export function retired({
  name,
  id,
  replacedBy = '',
}: ModelConfig): ModelAvailability & { state: 'unavailable' } {
  return {
    state: 'unavailable',
    reason: `${name ?? id} is retired.`,
    remedy: `Go on with ${replacedBy}.`,
  };
}

function addressOf(id: string): string {
  return `/api/models/${id.split('/').map(encodeURIComponent).join('/')}`;
}
