export interface TinySize {
  layers: number;
  heads: number;
  headSize: number;
  vocabulary: number;
  context: number;
}

export interface TinyWeights {
  size: TinySize;
  /** Row after row: a row for each input. */
  embedding: Float32Array;
  positions: Float32Array;
  layers: { query: Float32Array; key: Float32Array; value: Float32Array; output: Float32Array }[];
  head: Float32Array;
}

export const tinySize: TinySize = { layers: 2, heads: 3, headSize: 4, vocabulary: 31, context: 64 };

/** Random weights, the same for the same seed. */
export function tinyWeights(size: TinySize = tinySize, seed = 7): TinyWeights {
  const width = size.heads * size.headSize;
  let state = seed;
  const random = (count: number, scale: number) =>
    Float32Array.from({ length: count }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return (state / 2 ** 31 - 1) * scale;
    });
  const square = () => random(width * width, 0.8);
  return {
    size,
    embedding: random(size.vocabulary * width, 1),
    positions: random(size.context * width, 0.7),
    layers: Array.from({ length: size.layers }, () => ({
      query: square(),
      key: square(),
      value: square(),
      output: square(),
    })),
    head: random(width * size.vocabulary, 1),
  };
}

/**
 * The logits of every position of a sequence, computed without a cache: causal softmax attention in each layer, added to
 * its input (Vaswani et al., "Attention is all you need", 2017, section 3.2), without normalisation and feed-forward part.
 */
export function expectedLogits(weights: TinyWeights, tokens: readonly number[]): number[][] {
  const { heads, headSize, vocabulary } = weights.size;
  const width = heads * headSize;
  const row = (matrix: Float32Array, index: number) => [
    ...matrix.subarray(index * width, (index + 1) * width),
  ];
  let states = tokens.map((token, position) =>
    add(row(weights.embedding, token), row(weights.positions, position)),
  );
  for (const layer of weights.layers) {
    const [queries, keys, values] = [layer.query, layer.key, layer.value].map((matrix) =>
      states.map((state) => times(state, matrix, width)),
    ) as [number[][], number[][], number[][]];
    states = states.map((state, position) => {
      const mixed = Array.from({ length: heads }, (_, head) => {
        const part = (vector: number[] = []) => vector.slice(head * headSize, (head + 1) * headSize);
        const seen = keys.slice(0, position + 1);
        const scores = seen.map((key) => dot(part(queries[position]), part(key)) / Math.sqrt(headSize));
        const shares = softmax(scores);
        return part(state).map((_, place) =>
          shares.reduce((sum, share, index) => sum + share * (part(values[index])[place] ?? 0), 0),
        );
      });
      return add(state, times(mixed.flat(), layer.output, width));
    });
  }
  return states.map((state) => times(state, weights.head, vocabulary));
}

/** The tokens that greedy decoding adds to a prompt. */
export function expectedAnswer(weights: TinyWeights, prompt: readonly number[], count: number): number[] {
  const tokens = [...prompt];
  for (let step = 0; step < count; step += 1) {
    const logits = expectedLogits(weights, tokens).at(-1) ?? [];
    tokens.push(logits.indexOf(Math.max(...logits)));
  }
  return tokens.slice(prompt.length);
}

function add(a: readonly number[], b: readonly number[]): number[] {
  return a.map((value, index) => value + (b[index] ?? 0));
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
}

function times(vector: readonly number[], matrix: Float32Array, columns: number): number[] {
  return Array.from({ length: columns }, (_, column) =>
    vector.reduce((sum, value, index) => sum + value * (matrix[index * columns + column] ?? 0), 0),
  );
}

function softmax(scores: readonly number[]): number[] {
  const most = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - most));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}
