import type { InferenceSession, Tensor, TensorConstructor } from 'onnxruntime-node';
import { elementBytes, fatalLevel, type ElementType } from '../onnx-runtime';
import type { GraphRunner, GraphTensor, PreparedRun } from './graph-runner';
import type { GraphSignature, TensorInfo } from './signature';

/** How the binding takes the elements of a tensor; its sixteen-bit floats are bits in a `Uint16Array`. */
const arrays = {
  float32: Float32Array,
  float16: Uint16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  bool: Uint8Array,
} as const satisfies Record<ElementType, unknown>;

/** A graph through onnxruntime-node, which copies every output: where the C API cannot be called. */
export class NodeGraph implements GraphRunner {
  readonly signature: GraphSignature;

  private constructor(
    private readonly session: InferenceSession,
    private readonly makeTensor: TensorConstructor,
  ) {
    this.signature = {
      inputs: session.inputMetadata.map(infoOf),
      optionalInputs: [],
      outputs: session.outputMetadata.map(infoOf),
    };
  }

  /** Loads the binding and a graph with its external data. Throws with ONNX Runtime's own words. */
  static async open(
    path: string,
    threads: number,
    entries: Readonly<Record<string, string>>,
  ): Promise<NodeGraph> {
    // Only here, so that a process holds one binding alone.
    const { InferenceSession: Session, Tensor: makeTensor } = await import('onnxruntime-node');
    const session = await Session.create(path, {
      intraOpNumThreads: threads,
      logSeverityLevel: fatalLevel,
      extra: nested(entries),
    });
    return new NodeGraph(session, makeTensor);
  }

  createTensor(type: ElementType, dims: readonly number[], fill: (memory: ArrayBuffer) => void): NodeTensor {
    const memory = new ArrayBuffer(dims.reduce((product, size) => product * size, elementBytes[type]));
    fill(memory);
    return new NodeTensor(new this.makeTensor(type, new arrays[type](memory), dims) as Tensor);
  }

  prepare(inputNames: readonly string[], outputNames: readonly string[]): PreparedRun {
    return {
      run: async (tensors) => {
        const feeds = Object.fromEntries(
          inputNames.map((name, index) => [name, (tensors[index] as NodeTensor).tensor]),
        );
        const results = await this.session.run(feeds, outputNames);
        return outputNames.map((name) => {
          const result = results[name];
          if (!result) throw new Error(`The graph gave nothing for ${name}.`);
          return new NodeTensor(result);
        });
      },
      release: () => undefined,
    };
  }

  release(): void {
    this.session.release().catch((thrown: unknown) => {
      process.stderr.write(`ONNX Runtime did not give a model back: ${String(thrown)}\n`);
    });
  }
}

class NodeTensor implements GraphTensor {
  private held: Tensor | undefined;

  constructor(tensor: Tensor) {
    this.held = tensor;
  }

  get tensor(): Tensor {
    if (!this.held) throw new Error('This tensor was released before.');
    return this.held;
  }

  get dims(): readonly number[] {
    return this.tensor.dims;
  }

  bytes(offset = 0, length?: number): Uint8Array {
    const { buffer, byteOffset, byteLength } = this.tensor.data as Uint8Array;
    return new Uint8Array(buffer, byteOffset + offset, length ?? byteLength - offset);
  }

  /** Its memory is JavaScript's. */
  release(): void {
    this.tensor.dispose();
    this.held = undefined;
  }
}

function infoOf(metadata: InferenceSession.ValueMetadata): TensorInfo {
  return metadata.isTensor
    ? { name: metadata.name, type: metadata.type, dims: metadata.shape }
    : { name: metadata.name, type: undefined, dims: [] };
}

/** `a.b.c` to `{ a: { b: { c } } }`, as this binding takes settings. */
function nested(entries: Readonly<Record<string, string>>): Record<string, unknown> {
  const root: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(entries)) {
    const parts = key.split('.');
    const last = parts.pop() ?? key;
    let place = root;
    for (const part of parts) place = (place[part] ??= {}) as Record<string, unknown>;
    place[last] = value;
  }
  return root;
}
