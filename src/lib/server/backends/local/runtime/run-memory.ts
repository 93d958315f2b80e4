import { allocate, freeMemory, type Pointer } from '../onnx-runtime';

/** Tokens, and ones and zeros of a mask, that there is room for at first. */
const [firstIds, firstMask] = [512, 4096];
const floatBytes = 4;
const idBytes = 8;

interface Integers {
  pointer: Pointer;
  data: BigInt64Array;
}

/** What a run reads and writes besides keys and values. It grows with the largest run, and is used for the next. */
export class RunMemory {
  private ids = allocateIntegers(firstIds);
  private mask = allocateIntegers(firstMask);
  private logits: { pointer: Pointer; data: Float32Array };

  constructor(private readonly vocabulary: number) {
    this.logits = allocateFloats(vocabulary);
  }

  putIds(tokens: readonly number[]): Pointer {
    this.ids = withRoom(this.ids, tokens.length);
    for (const [index, token] of tokens.entries()) this.ids.data[index] = BigInt(token);
    return this.ids.pointer;
  }

  /** A row for each length: positions follow from the number of ones in it. */
  putMask(lengths: readonly number[]): Pointer {
    const total = Math.max(...lengths);
    this.mask = withRoom(this.mask, lengths.length * total);
    for (const [row, length] of lengths.entries()) {
      this.mask.data.fill(1n, row * total, row * total + length);
      this.mask.data.fill(0n, row * total + length, (row + 1) * total);
    }
    return this.mask.pointer;
  }

  /** Where a run of so many rows writes; what was there is gone. One row of the bundled model is 200 kB. */
  logitsOf(rows: number): Pointer {
    if (rows * this.vocabulary > this.logits.data.length) {
      // First what may fail: memory that is freed must not be held on to.
      const larger = allocateFloats(rows * this.vocabulary);
      freeMemory(this.logits.pointer);
      this.logits = larger;
    }
    return this.logits.pointer;
  }

  rowOfLogits(row: number): Float32Array {
    return this.logits.data.subarray(row * this.vocabulary, (row + 1) * this.vocabulary);
  }

  release(): void {
    for (const { pointer } of [this.logits, this.ids, this.mask]) freeMemory(pointer);
  }
}

function withRoom(memory: Integers, size: number): Integers {
  if (size <= memory.data.length) return memory;
  const larger = allocateIntegers(size);
  freeMemory(memory.pointer);
  return larger;
}

function allocateIntegers(size: number): Integers {
  const { pointer, view } = allocate(idBytes * size);
  return { pointer, data: new BigInt64Array(view) };
}

function allocateFloats(size: number): { pointer: Pointer; data: Float32Array } {
  const { pointer, view } = allocate(floatBytes * size);
  return { pointer, data: new Float32Array(view) };
}
