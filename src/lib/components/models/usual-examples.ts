import type { ModelSummary } from '../../domain/model-summary';

/** What to begin with where the operator has given a model no examples of its own. */
export const usualExamples: NonNullable<ModelSummary['promptExamples']> = [
  { title: 'Explain', prompt: 'Explain in simple words why the sky is blue.' },
  { title: 'Write', prompt: 'Write a short, friendly invitation to a garden party.' },
  { title: 'List', prompt: 'List five ideas for a rainy Sunday at home.' },
  { title: 'Rewrite', prompt: 'Make this sentence more polite: Send me the report now.' },
];
