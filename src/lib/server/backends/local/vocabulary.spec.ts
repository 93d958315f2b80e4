import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';
import { describe, expect, it } from 'vitest';
import { bundledModelId } from '../../models/found-models';
import { projectRoot } from '../../programs';
import { takeTokenizer } from './vocabulary';

interface File {
  model: { vocab: unknown; merges?: unknown[] };
}

function filesOf(id: string): { model: File; config: object } {
  const read = (name: string) =>
    JSON.parse(readFileSync(join(projectRoot(), 'models', id, name), 'utf8')) as unknown;
  return { model: read('tokenizer.json') as File, config: read('tokenizer_config.json') as object };
}

const texts = [
  'The quick brown fox, 12345 times:\n\n\tif (a <= b) { return "naïve café"; }',
  '<|im_start|>user\nÜber 日本語 и русский 😀🏳️‍🌈<|im_end|>',
  '    leading, trailing    ',
  readFileSync(join(projectRoot(), 'LICENSE'), 'utf8'),
];

describe('the tokenizer of a folder', () => {
  it('gives the same tokens as one with its tables, and their pieces', () => {
    const { model, config } = filesOf(bundledModelId);
    const whole = new Tokenizer(model, config);
    const lean = takeTokenizer(filesOf(bundledModelId));
    for (const text of texts) expect(lean.encode(text).ids).toEqual(whole.encode(text).ids);
    for (const token of [0, 1, 17, 1000, 49_151])
      expect(lean.id_to_token(token)).toBe(whole.id_to_token(token));
    expect(lean.get_vocab().size).toBe(whole.get_vocab().size);
  });

  it('takes merges written as pairs, too', () => {
    const files = filesOf(bundledModelId);
    const pairs = files.model.model.merges?.map((merge) => String(merge).split(' ', 2)) ?? [];
    expect(pairs.length).toBeGreaterThan(40_000);
    files.model.model.merges = pairs;
    const whole = new Tokenizer(filesOf(bundledModelId).model, files.config);
    const lean = takeTokenizer(files);
    for (const text of texts) expect(lean.encode(text).ids).toEqual(whole.encode(text).ids);
  });

  it('holds none of the tables that it was read from', () => {
    const files = filesOf(bundledModelId);
    takeTokenizer(files);
    expect(files.model.model.vocab).toEqual({});
    expect(files.model.model.merges).toEqual([]);
  });

  it('leaves a vocabulary without merges alone', () => {
    const vocab = ['<unk>', '\u2581three', '\u2581', 'three', 't'].map((piece, index) => [piece, -index]);
    const steps = { normalizer: null, pre_tokenizer: null, post_processor: null, decoder: null };
    const model = { model: { type: 'Unigram', unk_id: 0, vocab }, added_tokens: [], ...steps };
    const before = structuredClone(model);
    const ids = new Tokenizer(structuredClone(model), {}).encode('three').ids;
    expect(ids.length).toBeGreaterThan(0);
    expect(takeTokenizer({ model, config: {} }).encode('three').ids).toEqual(ids);
    expect(model).toEqual(before);
  });
});
