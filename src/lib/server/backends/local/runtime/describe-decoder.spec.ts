import { describe, expect, it } from 'vitest';
import { describeDecoder } from './describe-decoder';
import type { GraphSignature, TensorInfo } from './signature';

const info = (name: string, type: string, ...dims: (number | string)[]): TensorInfo => ({ name, type, dims });
const ids = info('input_ids', 'int64', 'batch_size', 'sequence_length');
const mask = info('attention_mask', 'int64', 'batch_size', 'total_sequence_length');
const logits = info('logits', 'float32', 'batch_size', 'sequence_length', 1000);
const past = (name: string, type = 'float32') => info(name, type, 'batch_size', 2, 'past_sequence_length', 8);
const present = (name: string, type = 'float32') =>
  info(name, type, 'batch_size', 2, 'total_sequence_length', 8);

function signature(
  inputs: TensorInfo[],
  outputs: TensorInfo[],
  optionalInputs: TensorInfo[] = [],
): GraphSignature {
  return { inputs, outputs, optionalInputs };
}

describe('a decoder is found with', () => {
  it('the names of Optimum and Transformers.js, in whatever order', () => {
    const found = describeDecoder(
      signature(
        [
          past('past_key_values.10.value'),
          past('past_key_values.10.key'),
          past('past_key_values.2.key'),
          past('past_key_values.2.value'),
          info('position_ids', 'int64', 'batch_size', 'sequence_length'),
          mask,
          ids,
        ],
        [
          present('present.2.key'),
          present('present.2.value'),
          present('present.10.key'),
          present('present.10.value'),
          logits,
        ],
        [info('logits_to_keep', 'int64', 1)],
      ),
    );
    expect(found).toMatchObject({
      ids: { name: 'input_ids', type: 'int64', rank: 2 },
      attentionMask: { name: 'attention_mask' },
      positionIds: { name: 'position_ids' },
      useCacheBranch: undefined,
      logitsToKeep: { name: 'logits_to_keep', rank: 1 },
      logits: { name: 'logits', type: 'float32' },
      vocabulary: 1000,
      layers: 2,
      cacheType: 'float32',
      keyValueHeads: 2,
      headSize: 8,
    });
    expect(found.caches.map((cache) => [cache.past, cache.present])).toEqual([
      ['past_key_values.10.value', 'present.10.value'],
      ['past_key_values.10.key', 'present.10.key'],
      ['past_key_values.2.key', 'present.2.key'],
      ['past_key_values.2.value', 'present.2.value'],
    ]);
    expect(found.caches[0]).toMatchObject({ dims: [1, 2, 0, 8], sequenceAxis: 2, layer: 10 });
  });

  it.each([
    [
      'past_key_values.0.key',
      'past_key_values.0.value',
      'present_key_values.0.key',
      'present_key_values.0.value',
    ],
    ['past_key_self_0', 'past_value_self_0', 'present_key_self_0', 'present_value_self_0'],
    ['past_0_key', 'past_0_value', 'present_0_key', 'present_0_value'],
  ])('caches named %s', (key, value, presentKey, presentValue) => {
    const { caches } = describeDecoder(
      signature([ids, mask, past(key), past(value)], [logits, present(presentValue), present(presentKey)]),
    );
    expect(caches.map((cache) => cache.present)).toEqual([presentKey, presentValue]);
  });

  it('keys and values in one tensor for a layer', () => {
    const both = (name: string) => info(name, 'float32', 2, 'batch', 4, 'length', 16);
    const found = describeDecoder(
      signature([ids, both('past_0'), both('past_1')], [logits, both('present_0'), both('present_1')]),
    );
    expect(found).toMatchObject({ layers: 2, attentionMask: undefined, keyValueHeads: undefined });
    expect(found.caches[1]).toMatchObject({
      past: 'past_1',
      present: 'present_1',
      dims: [2, 1, 4, 0, 16],
      sequenceAxis: 3,
    });
  });

  it('two branches, float16 and a vocabulary that only a run tells', () => {
    const found = describeDecoder(
      signature(
        [ids, mask, info('use_cache_branch', 'bool', 1), past('past_key_values.0.key', 'float16')],
        [
          info('logits', 'float16', 'batch_size', 'length', 'vocabulary'),
          present('present.0.key', 'float16'),
        ],
      ),
    );
    expect(found).toMatchObject({
      useCacheBranch: { name: 'use_cache_branch', rank: 1 },
      cacheType: 'float16',
      logits: { type: 'float16' },
      vocabulary: undefined,
    });
  });
});

describe('a graph is refused with the reason when', () => {
  const caches = [past('past.0.key'), past('past.0.value')];
  const presents = [present('present.0.key'), present('present.0.value')];
  const image = info('pixel_values', 'float32', 'batch', 3, 224, 224);
  const encoder = info('encoder_hidden_states', 'float32', 'batch', 'length', 64);
  const embeds = info('inputs_embeds', 'float32', 'batch', 'length', 64);
  it.each<[string, GraphSignature, RegExp]>([
    ['it classifies pictures', signature([image], [logits]), /no input for token ids.*pixel_values/u],
    ['it reads embeddings', signature([embeds, mask, ...caches], [logits, ...presents]), /inputs_embeds/u],
    [
      'it is an encoder',
      signature([ids, mask], [info('pooled', 'float32', 'batch', 64)]),
      /no output of logits/u,
    ],
    ['it has no cache', signature([ids, mask], [logits]), /no cache of keys and values.*with-past/u],
    ['it needs an encoder', signature([ids, encoder, ...caches], [logits, ...presents]), /encoder-decoder/u],
    [
      'it also sees',
      signature([ids, info('image_sizes', 'int64', 'n'), ...caches], [logits, ...presents]),
      /image_sizes/u,
    ],
    [
      'its caches are not all extended',
      signature([ids, ...caches], [logits, present('present.0.key')]),
      /reads 2 .* gives 1/u,
    ],
    [
      'its caches change their type',
      signature([ids, past('past.0')], [logits, present('present.0', 'float16')]),
      /no output of its type/u,
    ],
    [
      'its caches have unknown sizes',
      signature([ids, info('past.0', 'float32', 'b', 'h', 'l', 8)], [logits, present('present.0')]),
      /not known: \[b, h, l, 8\]/u,
    ],
    [
      'its caches are of another type',
      signature([ids, past('past.0', 'bfloat16')], [logits, present('present.0', 'bfloat16')]),
      /bfloat16/u,
    ],
  ])('%s', (_, given, reason) => {
    expect(() => describeDecoder(given)).toThrow(reason);
    expect(() => describeDecoder(given)).toThrow(
      expect.objectContaining({ name: 'UnsuitableGraphError' }) as Error,
    );
  });
});
