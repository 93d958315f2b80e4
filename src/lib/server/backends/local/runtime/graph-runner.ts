import type { ElementType } from '../onnx-runtime';
import type { GraphSignature } from './signature';

/** A tensor that one runner made or got from a run. Its elements never change. */
export interface GraphTensor {
  readonly dims: readonly number[];
  /** A look at its memory (by default all of it), in bytes; valid until the tensor is released. */
  bytes(offset?: number, length?: number): Uint8Array;
  /** Gives the memory back. Throws when that has happened before. */
  release(): void;
}

/** Runs the graph over tensors in the order of the prepared names; the outputs are the caller's to release. */
export interface PreparedRun {
  run(inputs: readonly GraphTensor[]): Promise<GraphTensor[]>;
  release(): void;
}

/** A loaded graph through one of the bindings. */
export interface GraphRunner {
  readonly signature: GraphSignature;
  /** A tensor of our own; `fill` writes its elements into memory of zeros. */
  createTensor(type: ElementType, dims: readonly number[], fill: (memory: ArrayBuffer) => void): GraphTensor;
  /** Throws with ONNX Runtime's own words where a run with these names fails. */
  prepare(inputs: readonly string[], outputs: readonly string[]): PreparedRun;
  /** Only when nothing runs. Tensors that it made may be released afterwards. */
  release(): void;
}
