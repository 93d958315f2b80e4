import type { ImageLimits, Text2textTask } from '../../../domain/model-summary';
import type { BackendFacts } from '../backend';
import type { TgiInfo } from './wire';

/** What a server takes. What it did not say is what it takes unless its operator has set something else. */
export interface TgiLimits {
  stopSequences: number;
  bestOf: number;
  /** Alternatives of each token. */
  topTokens: number;
  inputTokens?: number;
  /** What is asked for when nobody limits the answer. Absent: nothing, since the server then gives all that fits. */
  answerTokens?: number;
}

export const usualLimits: TgiLimits = { stopSequences: 4, bestOf: 2, topTokens: 5 };

export type TgiTask = 'text-generation' | 'text2text-generation';

/** Tags of the Hub for encoder-decoder models, with what a person calls that. */
const text2textNames: Record<string, Text2textTask['name']> = {
  'text2text-generation': 'Text to text',
  translation: 'Translate',
  summarization: 'Summarise',
};

export function taskOf({ model_pipeline_tag: tag }: TgiInfo): TgiTask {
  return typeof tag === 'string' && tag in text2textNames ? 'text2text-generation' : 'text-generation';
}

export function limitsOf(info: TgiInfo): TgiLimits {
  const inputTokens = info.max_input_tokens ?? info.max_input_length;
  return {
    ...usualLimits,
    ...(typeof info.max_stop_sequences === 'number' && { stopSequences: info.max_stop_sequences }),
    ...(typeof info.max_best_of === 'number' && { bestOf: info.max_best_of }),
    ...(typeof inputTokens === 'number' && { inputTokens }),
    ...answerTokensOf(info),
  };
}

/** Versions before 3 write 20 or 100 tokens unless they are asked for more; what does not fit they refuse with figures. */
function answerTokensOf({ version, max_total_tokens: total }: TgiInfo): Partial<TgiLimits> {
  const isOld = Number.parseInt(version ?? '', 10) < 3;
  return isOld && typeof total === 'number' ? { answerTokens: total - 1 } : {};
}

/** What people learn of the model. `images`: what is sent of images, where the operator says that it sees. */
export function factsOf(info: TgiInfo | undefined, task: TgiTask, images?: ImageLimits): BackendFacts {
  const isText2text = task === 'text2text-generation';
  const name = text2textNames[info?.model_pipeline_tag ?? ''] ?? 'Text to text';
  // An encoder reads only the prompt; a decoder has prompt and answer in one window.
  const inputTokens = info?.max_input_tokens ?? info?.max_input_length;
  const contextLength = isText2text ? inputTokens : info?.max_total_tokens;
  return {
    ...(typeof contextLength === 'number' && { contextLength }),
    capabilities: {
      ...(isText2text ? { text2text: { name } } : { completion: true }),
      ...(images && { images }),
    },
    ...(info && { description: descriptionOf(info) }),
  };
}

function descriptionOf({ model_id: id, version }: TgiInfo): string {
  return `${id}, by Text Generation Inference${version ? ` ${version}` : ''}.`;
}
