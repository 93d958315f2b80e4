import type { BackendFacts } from '../backend';
import { usualImages } from '../../../domain/model-summary';
import type { OllamaConfig } from './config';
import type { OllamaShow } from './wire';

/** Tokens of context, unless the configuration or the model's own file wants another number. */
export const usualContext = 8192;

/**
 * The context that is asked for with every request, and that conversations are fitted into. Without asking, the server
 * takes a number that it does not tell and silently leaves out what is beyond it.
 */
export function contextOf({ numCtx }: Partial<OllamaConfig>, show: OllamaShow | undefined): number {
  return numCtx ?? contextOfFile(show) ?? Math.min(usualContext, trainedContext(show) ?? usualContext);
}

/** What Ollama takes at the least where a request does not say: more only on cards with much memory. */
const unaskedContext = 4096;

/** The context over its routes in the dialect of OpenAI, where none can be asked for and what is beyond is left out. */
export function contextUnasked(show: OllamaShow | undefined): number {
  return contextOfFile(show) ?? Math.min(unaskedContext, trainedContext(show) ?? unaskedContext);
}

/** What the model's own file sets. */
function contextOfFile(show: OllamaShow | undefined): number | undefined {
  const set = Number(/^num_ctx\s+(\d+)\s*$/mu.exec(show?.parameters ?? '')?.[1]);
  return set > 0 ? set : undefined;
}

/** What the model was made for. */
function trainedContext(show: OllamaShow | undefined): number | undefined {
  const [, length] =
    Object.entries(show?.model_info ?? {}).find(([name]) => name.endsWith('.context_length')) ?? [];
  return typeof length === 'number' && length > 0 ? length : undefined;
}

/** Whether the model can do this; `undefined` when the server does not say. */
export function isAbleTo(show: OllamaShow | undefined, capability: string): boolean | undefined {
  return show?.capabilities?.includes(capability);
}

/** Whether thinking has levels; of other models it is on or off. */
export function hasThinkingLevels(show: OllamaShow | undefined): boolean {
  return /^gpt-?oss/iu.test(show?.details?.family ?? '');
}

/** What people learn of the model. */
export function factsOf(config: OllamaConfig, show: OllamaShow | undefined): BackendFacts {
  const able = (capability: string) => isAbleTo(show, capability) === true;
  return {
    // Until it was asked, what its list said counts.
    ...((show || config.numCtx !== undefined) && { contextLength: contextOf(config, show) }),
    capabilities: {
      completion: isAbleTo(show, 'completion') !== false,
      ...(able('vision') && { images: usualImages }),
      ...(able('thinking') && { reasoning: true }),
      ...(able('tools') && { tools: true }),
      ...(able('insert') && { fillInTheMiddle: true }),
    },
    ...(show && { description: descriptionOf(config, show) }),
  };
}

function descriptionOf({ model }: OllamaConfig, { details }: OllamaShow): string {
  const parts = [details?.parameter_size, details?.quantization_level].filter(Boolean).join(', ');
  return `${model}${parts === '' ? '' : ` (${parts})`}, by Ollama.`;
}
