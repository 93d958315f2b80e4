import type { ModelSummary } from '../src/lib/domain/model-summary';

const images = { maxCount: 4, maxBytes: 5_000_000, maxPixels: 1568, mimeTypes: ['image/png', 'image/jpeg'] };

/** What an operator says of the model that answers in the pictures. */
export const showcased: Partial<ModelSummary> = {
  description:
    'A model for everyday questions, letters and code. It thinks before it answers and reads pictures.',
  contextLength: 131_072,
  provider: 'Workstation',
  capabilities: { images, reasoning: true, tools: true, completion: true },
  links: [
    { label: 'Model card', url: 'https://example.com/card' },
    { label: 'Licence', url: 'https://example.com/licence' },
  ],
  parameters: { temperature: 0.7, top_p: 0.95, max_new_tokens: 2048 },
  parameterLimits: {
    temperature: { min: 0, max: 1 },
    max_new_tokens: { max: 4096 },
    top_p: { isFixed: true },
  },
  promptExamples: [
    { title: 'Plan a trip', prompt: 'Plan three quiet days in Ljubljana with a seven-year-old.' },
    { title: 'Explain a regular expression', prompt: 'What does ^(?=.*\\d)[a-z]{3,}$ match, and what not?' },
  ],
};

const described: (Partial<ModelSummary> & Pick<ModelSummary, 'id' | 'name'>)[] = [
  {
    id: 'meta-llama/Llama-3.3-70B-Instruct',
    name: 'Llama 3.3 70B',
    description: 'Good at long texts and many languages.',
    contextLength: 131_072,
    capabilities: { tools: true },
    provider: 'Workstation',
  },
  {
    id: 'Qwen/Qwen2.5-VL-7B-Instruct',
    name: 'Qwen2.5 VL 7B',
    description: 'Reads pictures, tables and forms.',
    contextLength: 32_768,
    capabilities: { images },
    provider: 'Workstation',
  },
  {
    id: 'deepseek-ai/DeepSeek-R1-Distill-Qwen-32B',
    name: 'DeepSeek R1 Distill Qwen 32B',
    description: 'Thinks for a while, then answers. For mathematics and puzzles.',
    contextLength: 65_536,
    capabilities: { reasoning: true },
    provider: 'Inference cluster',
    availability: { state: 'loading' },
  },
  {
    id: 'bigcode/starcoder2-15b',
    name: 'StarCoder2 15B',
    description: 'Goes on from code, and fills gaps in it.',
    contextLength: 16_384,
    capabilities: { completion: true, fillInTheMiddle: true },
    provider: 'Inference cluster',
    availability: {
      state: 'unavailable',
      reason: 'The server at http://10.0.0.7:8080 does not answer.',
      remedy: 'Start it, or take the model out of the list.',
    },
  },
  {
    id: 'facebook/nllb-200-distilled-600M',
    name: 'NLLB 200',
    description: 'Translates between two hundred languages, one message at a time.',
    contextLength: 1024,
    capabilities: { text2text: { name: 'Translate' } },
    origin: 'local',
  },
  {
    id: 'mistral-small',
    name: 'Mistral Small',
    description: '',
    contextLength: 32_768,
    provider: 'Workstation',
  },
  {
    id: 'gemma-3-4b',
    name: 'Gemma 3 4B',
    description: 'Small and quick.',
    capabilities: { images },
    origin: 'local',
  },
  { id: 'retired', name: 'Llama 2 13B', description: 'Of former days.', replacedBy: 'second' },
];

/** More models, each like `model` where nothing else is said of it. */
export function manyModels(model: ModelSummary): ModelSummary[] {
  return described.map((about) => ({ ...model, capabilities: {}, ...about }));
}
