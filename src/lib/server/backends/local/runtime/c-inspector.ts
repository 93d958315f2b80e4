import {
  allocate,
  freeMemory,
  readText,
  type NativeFunction,
  type OnnxRuntime,
  type Place,
  type Pointer,
} from '../onnx-runtime';
import type { GraphSignature, TensorInfo } from './signature';

const nameOf = 'void *session, size_t index, void *allocator, _Out_ void **name';
const typeOf = 'void *session, size_t index, _Out_ void **info';
const places = {
  SessionGetInputCount: [30, 'void *SessionGetInputCount(void *session, _Out_ size_t *count)'],
  SessionGetOutputCount: [31, 'void *SessionGetOutputCount(void *session, _Out_ size_t *count)'],
  SessionGetOverridableInitializerCount: [
    32,
    'void *SessionGetOverridableInitializerCount(void *session, _Out_ size_t *count)',
  ],
  SessionGetInputTypeInfo: [33, `void *SessionGetInputTypeInfo(${typeOf})`],
  SessionGetOutputTypeInfo: [34, `void *SessionGetOutputTypeInfo(${typeOf})`],
  SessionGetOverridableInitializerTypeInfo: [35, `void *SessionGetOverridableInitializerTypeInfo(${typeOf})`],
  SessionGetInputName: [36, `void *SessionGetInputName(${nameOf})`],
  SessionGetOutputName: [37, `void *SessionGetOutputName(${nameOf})`],
  SessionGetOverridableInitializerName: [38, `void *SessionGetOverridableInitializerName(${nameOf})`],
  CastTypeInfoToTensorInfo: [55, 'void *CastTypeInfoToTensorInfo(void *info, _Out_ void **tensor)'],
  GetTensorMutableData: [51, 'void *GetTensorMutableData(void *value, _Out_ void **data)'],
  GetTensorElementType: [60, 'void *GetTensorElementType(void *tensor, _Out_ int *type)'],
  GetDimensionsCount: [61, 'void *GetDimensionsCount(void *tensor, _Out_ size_t *count)'],
  GetDimensions: [62, 'void *GetDimensions(void *tensor, void *sizes, size_t count)'],
  GetSymbolicDimensions: [63, 'void *GetSymbolicDimensions(void *tensor, void *names, size_t count)'],
  GetTensorTypeAndShape: [65, 'void *GetTensorTypeAndShape(void *value, _Out_ void **tensor)'],
  AllocatorFree: [76, 'void *AllocatorFree(void *allocator, void *memory)'],
  GetAllocatorWithDefaultOptions: [78, 'void *GetAllocatorWithDefaultOptions(_Out_ void **allocator)'],
  ReleaseTypeInfo: [98, 'void ReleaseTypeInfo(void *info)'],
  ReleaseTensorTypeAndShapeInfo: [99, 'void ReleaseTensorTypeAndShapeInfo(void *tensor)'],
} as const satisfies Record<string, Place>;

/** `ONNXTensorElementDataType`, in its order. */
const typeNames = [
  ...[
    'undefined',
    'float32',
    'uint8',
    'int8',
    'uint16',
    'int16',
    'int32',
    'int64',
    'string',
    'bool',
    'float16',
  ],
  ...['float64', 'uint32', 'uint64', 'complex64', 'complex128', 'bfloat16', 'float8e4m3fn', 'float8e4m3fnuz'],
  ...['float8e5m2', 'float8e5m2fnuz', 'uint4', 'int4'],
];

/** What ONNX Runtime's C API tells about sessions and tensors. */
export class CInspector {
  private readonly functions: Record<keyof typeof places, NativeFunction>;
  private readonly allocator: Pointer;

  constructor(private readonly runtime: OnnxRuntime) {
    this.functions = runtime.lookUp(places);
    this.allocator = this.ask('GetAllocatorWithDefaultOptions') as Pointer;
  }

  signatureOf(session: Pointer): GraphSignature {
    return {
      inputs: this.readAll(session, 'Input'),
      optionalInputs: this.readAll(session, 'OverridableInitializer'),
      outputs: this.readAll(session, 'Output'),
    };
  }

  shapeOf(value: Pointer): readonly number[] {
    const tensor = this.ask('GetTensorTypeAndShape', value) as Pointer;
    try {
      const count = Number(this.ask('GetDimensionsCount', tensor));
      return this.fill('GetDimensions', tensor, count).map(Number);
    } finally {
      this.functions.ReleaseTensorTypeAndShapeInfo(tensor);
    }
  }

  /** Where the elements of a tensor lie, for as long as it lives. */
  dataOf(value: Pointer): Pointer {
    return this.ask('GetTensorMutableData', value) as Pointer;
  }

  private readAll(session: Pointer, kind: 'Input' | 'Output' | 'OverridableInitializer'): TensorInfo[] {
    const count = Number(this.ask(`SessionGet${kind}Count`, session));
    return Array.from({ length: count }, (_, index) => {
      const text = this.ask(`SessionGet${kind}Name`, session, index, this.allocator) as Pointer;
      const name = readText(text);
      this.runtime.check(this.functions.AllocatorFree(this.allocator, text));
      const info = this.ask(`SessionGet${kind}TypeInfo`, session, index) as Pointer;
      try {
        return { name, ...this.readType(info) };
      } finally {
        this.functions.ReleaseTypeInfo(info);
      }
    });
  }

  private readType(info: Pointer): Omit<TensorInfo, 'name'> {
    // Part of `info`, so it is not released by itself.
    const tensor = this.ask('CastTypeInfoToTensorInfo', info) as Pointer | null;
    if (tensor === null) return { type: undefined, dims: [] };
    const type = typeNames[Number(this.ask('GetTensorElementType', tensor))];
    const count = Number(this.ask('GetDimensionsCount', tensor));
    const sizes = this.fill('GetDimensions', tensor, count);
    const names = this.fill('GetSymbolicDimensions', tensor, count);
    const dims = sizes.map((size, index) => (size >= 0n ? Number(size) : textAt(names[index])));
    return { type, dims };
  }

  /** What a function writes into `count` places of eight bytes. */
  private fill(name: 'GetDimensions' | 'GetSymbolicDimensions', tensor: Pointer, count: number): bigint[] {
    if (count === 0) return [];
    const { pointer, view } = allocate(8 * count);
    try {
      this.runtime.check(this.functions[name](tensor, pointer, count));
      return [...new BigInt64Array(view)];
    } finally {
      freeMemory(pointer);
    }
  }

  private ask(name: keyof typeof places, ...args: (Pointer | number)[]): unknown {
    const out: [unknown] = [null];
    this.runtime.check(this.functions[name](...args, out));
    return out[0];
  }
}

function textAt(pointer: bigint | undefined): string {
  return pointer === undefined || pointer === 0n ? '' : readText(pointer);
}
