import {
  allocate,
  elementBytes,
  freeMemory,
  TensorList,
  viewMemory,
  type ElementType,
  type OnnxRuntime,
  type Pointer,
} from '../onnx-runtime';
import { CInspector } from './c-inspector';
import type { GraphRunner, GraphTensor, PreparedRun } from './graph-runner';
import type { GraphSignature } from './signature';

/** A graph through ONNX Runtime's C API: what one run gives is an input of the next without a copy. */
export class CGraph implements GraphRunner {
  readonly signature: GraphSignature;
  private readonly inspector: CInspector;
  private readonly types = new Map<string, number>();

  constructor(
    readonly runtime: OnnxRuntime,
    readonly session: Pointer,
  ) {
    this.inspector = new CInspector(runtime);
    this.signature = this.inspector.signatureOf(session);
    for (const { name, type } of this.signature.outputs)
      if (type !== undefined && type in elementBytes) this.types.set(name, elementBytes[type as ElementType]);
  }

  createTensor(type: ElementType, dims: readonly number[], fill: (memory: ArrayBuffer) => void): CTensor {
    const bytes = dims.reduce((product, size) => product * size, elementBytes[type]);
    const { pointer, view } = allocate(bytes);
    try {
      fill(view);
      const { value } = this.runtime.createTensor(pointer, type, dims);
      return new CTensor(this.runtime, this.inspector, value, elementBytes[type], pointer);
    } catch (thrown) {
      freeMemory(pointer);
      throw thrown;
    }
  }

  prepare(inputNames: readonly string[], outputNames: readonly string[]): PreparedRun {
    const inputs = new TensorList(inputNames);
    const outputs = new TensorList(outputNames);
    const sizes = outputNames.map((name) => this.types.get(name) ?? 0);
    return {
      run: async (tensors) => {
        for (const [index, tensor] of tensors.entries()) inputs.set(index, tensor as CTensor);
        outputs.clear();
        await this.runtime.runAsync(this.session, inputs, outputs);
        return outputs.handles.map(
          (value, index) => new CTensor(this.runtime, this.inspector, value, sizes[index] ?? 0),
        );
      },
      release: () => {
        inputs.release();
        outputs.release();
      },
    };
  }

  release(): void {
    this.runtime.releaseSession(this.session);
  }
}

/** A tensor of ONNX Runtime's own, or over memory that goes with it. */
class CTensor implements GraphTensor {
  private isReleased = false;

  constructor(
    private readonly runtime: OnnxRuntime,
    private readonly inspector: CInspector,
    private readonly handle: Pointer,
    private readonly elementSize: number,
    private readonly memory?: Pointer,
  ) {}

  /** Native code reads freed memory without a word, so every use is checked. */
  get value(): Pointer {
    if (this.isReleased) throw new Error('This tensor was released before.');
    return this.handle;
  }

  get dims(): readonly number[] {
    return this.inspector.shapeOf(this.value);
  }

  bytes(offset = 0, length = this.byteLength - offset): Uint8Array {
    return new Uint8Array(viewMemory(this.inspector.dataOf(this.value) + BigInt(offset), length));
  }

  release(): void {
    this.runtime.releaseTensor(this);
    this.isReleased = true;
    if (this.memory !== undefined) freeMemory(this.memory);
  }

  private get byteLength(): number {
    return this.dims.reduce((product, size) => product * size, this.elementSize);
  }
}
