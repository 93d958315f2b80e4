import type { GraphRunner, GraphTensor } from './graph-runner';
import type { CachePair } from './pair-caches';
import { elementBytes } from '../onnx-runtime';

/**
 * The keys and values of one token sequence as a run gave them. They never change, so rows may share them; the last one
 * that leaves gives the memory back.
 */
export class CachedSequence {
  private users = 1;

  constructor(
    readonly tensors: readonly GraphTensor[],
    /** In tokens. */
    readonly length: number,
  ) {}

  share(): this {
    this.users += 1;
    return this;
  }

  leave(): void {
    this.users -= 1;
    if (this.users === 0) for (const tensor of this.tensors) tensor.release();
  }
}

/** A sequence without a token: what a graph reads at first. */
export function emptySequence(runner: GraphRunner, caches: readonly CachePair[]): CachedSequence {
  const tensors = caches.map(({ type, dims }) => runner.createTensor(type, dims, () => undefined));
  return new CachedSequence(tensors, 0);
}

/** A copy of the first `length` positions. */
export function cutSequence(
  runner: GraphRunner,
  caches: readonly CachePair[],
  { tensors, length: whole }: CachedSequence,
  length: number,
): CachedSequence {
  const cut = caches.map(({ type, dims, sequenceAxis }, index) => {
    const given = tensors[index]?.bytes();
    const sizes = dims.map((size, axis) => (axis === sequenceAxis ? length : size));
    const inner = dims.slice(sequenceAxis + 1).reduce((product, size) => product * size, elementBytes[type]);
    return runner.createTensor(type, sizes, (memory) => {
      const target = new Uint8Array(memory);
      const [stride, size] = [whole * inner, length * inner];
      for (let from = 0, to = 0; given && from < given.length; from += stride, to += size)
        target.set(given.subarray(from, from + size), to);
    });
  });
  return new CachedSequence(cut, length);
}
