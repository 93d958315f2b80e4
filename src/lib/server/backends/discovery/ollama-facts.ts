import { contextOf as askedContext } from '../ollama/show';
import { showSchema, type OllamaShow } from '../ollama/wire';
import type { Asker } from './asker';
import { usualImages } from '../../../domain/model-summary';
import type { DiscoveredModel } from './discovered';

/** A list of more is taken as it is: each model costs a question. */
const maxAsked = 100;
const atOnce = 4;

type ContextOf = (show: OllamaShow) => number;

/**
 * The models with what Ollama's `/api/show` says of each; one that it does not describe stays as it is. Their context is
 * the one that our driver for Ollama asks for, unless `contextOf` tells another.
 */
export async function withOllamaFacts(
  models: DiscoveredModel[],
  asker: Asker,
  contextOf: ContextOf = (show) => askedContext({}, show),
): Promise<DiscoveredModel[]> {
  const described = [...models];
  let next = 0;
  const describe = async () => {
    for (let at = next++; at < Math.min(models.length, maxAsked); at = next++) {
      const model = models[at];
      if (model) described[at] = await describeOne(model, asker, contextOf);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, describe));
  return described;
}

async function describeOne(
  model: DiscoveredModel,
  asker: Asker,
  contextOf: ContextOf,
): Promise<DiscoveredModel> {
  const answer = await asker.ask('/api/show', { model: model.id });
  const parsed = showSchema.safeParse(answer.value);
  if (answer.status !== 200 || !parsed.success) return model;
  const can = new Set(parsed.data.capabilities);
  return {
    ...model,
    contextLength: contextOf(parsed.data),
    capabilities: {
      ...model.capabilities,
      ...(can.has('completion') && { completion: true }),
      ...(can.has('vision') && { images: usualImages }),
      ...(can.has('thinking') && { reasoning: true }),
      ...(can.has('tools') && { tools: true }),
      ...(can.has('insert') && { fillInTheMiddle: true }),
    },
    ...(can.has('embedding') && !can.has('completion') && { isEmbedding: true }),
  };
}
