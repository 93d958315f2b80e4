import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { constant, model, node, value } from './__fixtures__/onnx-writer';
import { largest } from './__fixtures__/largest-logit';
import { tinyGraph } from './__fixtures__/tiny-graph';
import { expectedAnswer, tinyWeights } from './__fixtures__/tiny-weights';
import type { DecoderGraph } from '../bank';
import type { InPlaceShape } from './in-place-bank';
import { openDecoderGraph } from './open-graph';

const weights = tinyWeights();
const bundled = 'models/HuggingFaceTB/SmolLM2-135M-Instruct/onnx/model_q4.onnx';
/** Some sixty tokens: those of a text, as the model's tokenizer gives them, are not needed for equal answers. */
const prompt = Array.from({ length: 60 }, (_, index) => 300 + ((index * 7919) % 4000));
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'graphs-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function write(bytes: Uint8Array): Promise<string> {
  const path = join(folder, 'model.onnx');
  await writeFile(path, bytes);
  return path;
}

async function answer(graph: DecoderGraph, tokens: readonly number[], count: number): Promise<number[]> {
  const bank = graph.createBank(1, tokens.length + count);
  const written: number[] = [];
  let logits: Float32Array | undefined = await bank.read(0, tokens, 0);
  for (; written.length < count;) {
    written.push(largest(logits));
    [logits] = await bank.step(0, written.slice(-1), [tokens.length + written.length - 1]);
  }
  bank.release();
  return written;
}

describe('a decoder graph', () => {
  it.each(['c-api', 'node'] as const)('is opened over %s and answers', async (wanted) => {
    const path = await write(tinyGraph(weights, { positionIds: true }));
    const entries = { 'session.intra_op.allow_spinning': '0' };
    const { graph, binding } = await openDecoderGraph({ path, threads: 2, binding: wanted, entries });
    expect(binding).toBe(wanted);
    expect(graph.vocabulary).toBe(weights.size.vocabulary);
    expect(await answer(graph, [5, 4, 3], 10)).toEqual(expectedAnswer(weights, [5, 4, 3], 10));
    graph.release();
  });

  it('that cannot append in place is served by the bank that grows', async () => {
    const path = await write(tinyGraph(weights));
    const openInPlace = () => {
      throw new Error('This graph copies its cache.');
    };
    const { graph } = await openDecoderGraph({ path, threads: 1, openInPlace });
    expect(graph.createBank(1, 8).isBatched).toBe(false);
    graph.release();
  });

  it('that appends in place is given to whoever serves that', async () => {
    let given: InPlaceShape | undefined;
    const { binding } = await openDecoderGraph({
      path: bundled,
      threads: 2,
      openInPlace: (runtime, session, shape) => {
        given = shape;
        return {
          vocabulary: shape.vocabulary,
          createBank: () => {
            throw new Error('Only the choice is looked at here.');
          },
          release: () => runtime.releaseSession(session),
        };
      },
    });
    expect(binding).toBe('c-api');
    expect(given).toMatchObject({
      keyValueHeads: 3,
      headSize: 64,
      vocabulary: 49_152,
    });
    expect(given?.past.slice(0, 2)).toEqual(['past_key_values.0.key', 'past_key_values.0.value']);
    expect(given?.present.at(-1)).toBe('present.29.value');
  }, 60_000);

  it('gives the same greedy answer over both bindings (the bundled model)', async () => {
    const answers: number[][] = [];
    for (const binding of ['c-api', 'node'] as const) {
      const { graph } = await openDecoderGraph({ path: bundled, threads: 2, binding });
      answers.push(await answer(graph, prompt, 40));
      graph.release();
    }
    expect(answers[0]).toHaveLength(40);
    expect(new Set(answers[0]).size).toBeGreaterThan(3);
    expect(answers[1]).toEqual(answers[0]);
  }, 90_000);
});

describe.each(['c-api', 'node'] as const)('a setting of the session over %s', (binding) => {
  it('reaches ONNX Runtime, which then takes the file for one of another format', async () => {
    const path = await write(tinyGraph(weights));
    const entries = { 'session.load_model_format': 'ORT' };
    await expect(openDecoderGraph({ path, threads: 2, binding, entries })).rejects.toThrow(/ORT/u);
  });
});

describe('what is no decoder', () => {
  it.each(['c-api', 'node'] as const)('is refused over %s with the reason', async (binding) => {
    const path = await write(
      model({
        nodes: [node('MatMul', ['features', 'weights'], ['classes'])],
        constants: [constant('weights', [2, 1], Float32Array.of(1, 2))],
        inputs: [value('features', 'float32', ['batch', 2])],
        outputs: [value('classes', 'float32', ['batch', 1])],
      }),
    );
    await expect(openDecoderGraph({ path, threads: 1, binding })).rejects.toThrow(
      'The graph has no input for token ids. Its inputs are features.',
    );
  });

  it.each(['c-api', 'node'] as const)('is refused over %s in the words of ONNX Runtime', async (binding) => {
    const path = await write(Buffer.from('not a model at all'));
    await expect(openDecoderGraph({ path, threads: 1, binding })).rejects.toThrow(/protobuf/iu);
  });
});
