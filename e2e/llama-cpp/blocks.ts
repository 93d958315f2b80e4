/** Weights that share a step and a lowest value. */
export const blockSize = 32;

/** Bytes of a block: codes, step and lowest value; or codes and step. */
const [q4Bytes, q8Bytes] = [20, 34];

/** What a graph says of one matrix: two codes a byte, a step and a zero point for each block of a row. */
export interface CodedRows {
  /** Codes of 4 bits, the first of two in the low half. */
  codes: Uint8Array;
  steps: Float32Array;
  /** Of 4 bits, too; each row begins with a new byte. */
  zeros: Uint8Array;
  /** Blocks of a row in the graph: more than `columns` has where the row ends with what its blocks lack. */
  blocks: number;
  columns: number;
}

/**
 * Rows of a graph as blocks of Q4_1, in which a weight is `step * code + lowest`. Zero points of the graph are whole, and
 * what the lowest value of a block lacks for that stands behind the row as a weight of the block's sum.
 */
export function toQ4(rows: CodedRows, order: readonly number[]): Uint8Array {
  const { codes, steps, zeros, blocks, columns } = rows;
  const own = columns / blockSize;
  const bytes = new Uint8Array(order.length * own * q4Bytes);
  const view = new DataView(bytes.buffer);
  const zeroBytes = Math.ceil(blocks / 2);
  const nibble = (source: Uint8Array, at: number) => ((source[at >> 1] ?? 0) >> ((at & 1) * 4)) & 15;
  let to = 0;
  for (const row of order) {
    const zero = (block: number) => nibble(zeros, row * zeroBytes * 2 + block);
    const step = (block: number) => steps[row * blocks + block] ?? 0;
    for (let block = 0; block < own; block++, to += q4Bytes) {
      const from = (row * blocks + block) * blockSize;
      let lowest = -step(block) * zero(block);
      if (blocks > own) {
        const rest = own + (block >> 5);
        const code = nibble(codes, (row * blocks + rest) * blockSize + (block & 31));
        lowest += (code - zero(rest)) * step(rest);
      }
      view.setUint16(to, toHalf(step(block)), true);
      view.setUint16(to + 2, toHalf(lowest), true);
      // The first half of a block is in the low halves of its bytes, the second in the high ones.
      for (let at = 0; at < 16; at++)
        bytes[to + 4 + at] = nibble(codes, from + at) | (nibble(codes, from + 16 + at) << 4);
    }
  }
  return bytes;
}

/** Codes of 8 bits around 128, with a step for each block, as blocks of Q8_0. */
export function toQ8(codes: Uint8Array, steps: Float32Array): Uint8Array {
  const bytes = new Uint8Array(steps.length * q8Bytes);
  const view = new DataView(bytes.buffer);
  steps.forEach((step, block) => {
    view.setUint16(block * q8Bytes, toHalf(step), true);
    for (let at = 0; at < blockSize; at++)
      bytes[block * q8Bytes + 2 + at] = (codes[block * blockSize + at] ?? 0) - 128;
  });
  return bytes;
}

/** The bits of the nearest number of half precision. */
function toHalf(value: number): number {
  const size = Math.abs(value);
  const exponent = Math.max(Math.floor(Math.log2(size)), -14);
  // A thousandth that is rounded up to the next power of two carries into the exponent, as it should.
  return (value < 0 ? 0x8000 : 0) | (((exponent + 14) << 10) + Math.round(size * 2 ** (10 - exponent)));
}
