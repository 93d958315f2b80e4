import { describe, expect, it } from 'vitest';
import { baseAddress } from './base-address';
import { factsOf, limitsOf, taskOf } from './info';
import { infoSchema } from './wire';

const old = infoSchema.parse({
  model_id: 'org/m',
  model_dtype: 'torch.float16',
  model_pipeline_tag: null,
  max_best_of: 1,
  max_stop_sequences: 6,
  max_input_length: 1000,
  max_total_tokens: 2000,
  version: '1.4.0',
});
const seq2seq = infoSchema.parse({
  model_id: 'google/flan-t5-base',
  model_pipeline_tag: 'text2text-generation',
  max_input_tokens: 500,
  max_total_tokens: 700,
});

describe('T12: /info', () => {
  it('of old versions', () => {
    expect(limitsOf(old)).toEqual({
      stopSequences: 6,
      bestOf: 1,
      topTokens: 5,
      inputTokens: 1000,
      answerTokens: 1999,
    });
    expect(taskOf(old)).toBe('text-generation');
    expect(factsOf(old, 'text-generation')).toEqual({
      contextLength: 2000,
      capabilities: { completion: true },
      description: 'org/m, by Text Generation Inference 1.4.0.',
    });
  });

  it('of an encoder-decoder model: its window is what the encoder reads', () => {
    expect(taskOf(seq2seq)).toBe('text2text-generation');
    expect(factsOf(seq2seq, 'text2text-generation')).toEqual({
      contextLength: 500,
      capabilities: { text2text: { name: 'Text to text' } },
      description: 'google/flan-t5-base, by Text Generation Inference.',
    });
  });

  it.each([
    ['translation', 'Translate'],
    ['summarization', 'Summarise'],
  ])('%s is text to text as well', (model_pipeline_tag, name) => {
    const info = { ...seq2seq, model_pipeline_tag };
    expect(factsOf(info, taskOf(info)).capabilities).toEqual({ text2text: { name } });
  });

  it('that nobody let us read', () => {
    expect(factsOf(undefined, 'text-generation')).toEqual({ capabilities: { completion: true } });
  });
});

it.each([
  ['http://h:8080', 'http://h:8080'],
  ['http://h:8080/', 'http://h:8080'],
  ['http://h:8080/generate_stream', 'http://h:8080'],
  ['https://h/models/a/generate/', 'https://h/models/a'],
  ['https://h/generate_streams', 'https://h/generate_streams'],
])('the base of %s is %s', (url, base) => {
  expect(baseAddress(url)).toBe(base);
});
