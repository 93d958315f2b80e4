/** One input or output of a graph. */
export interface TensorInfo {
  name: string;
  /** ONNX' name of the element type in lower case; `undefined` for what is no tensor. */
  type: string | undefined;
  /** A size, or the name of one that differs from run to run (empty where the graph gives none). */
  dims: readonly (number | string)[];
}

/** What a graph reads and writes, as the graph itself says it. */
export interface GraphSignature {
  inputs: readonly TensorInfo[];
  /** Inputs that may be left out; the binding for Node does not know them and always leaves them out. */
  optionalInputs: readonly TensorInfo[];
  outputs: readonly TensorInfo[];
}

/** The graph cannot be run as a decoder; the message says why, in words for whoever chose the model. */
export class UnsuitableGraphError extends Error {
  override readonly name = 'UnsuitableGraphError';
}
