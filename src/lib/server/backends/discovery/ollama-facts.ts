import { z } from 'zod';
import type { Asker } from './asker';
import { usualImages, type DiscoveredModel } from './discovered';

/** A list of more is taken as it is: each model costs a question. */
const maxAsked = 100;
const atOnce = 4;

const shown = z.object({
  /** Lines of the model's file: `num_ctx                        8192`. */
  parameters: z.string().optional().catch(undefined),
  model_info: z.record(z.string(), z.unknown()).optional().catch(undefined),
  capabilities: z.array(z.string()).optional().catch(undefined),
});

/** The models with what Ollama's `/api/show` says of each; one that it does not describe stays as it is. */
export async function withOllamaFacts(models: DiscoveredModel[], asker: Asker): Promise<DiscoveredModel[]> {
  const described = [...models];
  let next = 0;
  const describe = async () => {
    for (let at = next++; at < Math.min(models.length, maxAsked); at = next++) {
      const model = models[at];
      if (model) described[at] = await describeOne(model, asker);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, describe));
  return described;
}

async function describeOne(model: DiscoveredModel, asker: Asker): Promise<DiscoveredModel> {
  const answer = await asker.ask('/api/show', { model: model.id });
  const parsed = shown.safeParse(answer.value);
  if (answer.status !== 200 || !parsed.success) return model;
  const { parameters, model_info: info = {}, capabilities } = parsed.data;
  const contextLength = windowOf(parameters, info);
  const can = new Set(capabilities);
  return {
    ...model,
    ...(contextLength !== undefined && { contextLength }),
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

/** What the model's file sets, otherwise what it was made for. */
function windowOf(parameters: string | undefined, info: Record<string, unknown>): number | undefined {
  const set = Number(/^num_ctx\s+(\d+)\s*$/mu.exec(parameters ?? '')?.[1]);
  if (set > 0) return set;
  const [, made] = Object.entries(info).find(([key]) => key.endsWith('.context_length')) ?? [];
  return typeof made === 'number' && Number.isInteger(made) && made > 0 ? made : undefined;
}
