import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import koffi from 'koffi';

/** An address in the memory of this process. */
export type Pointer = bigint;

/** Places of the functions in ONNX Runtime's table (`onnxruntime_c_api.h`): new ones are appended, so these stay. */
const places = {
  GetErrorMessage: [2, 'const char *GetErrorMessage(void *status)'],
  CreateEnv: [3, 'void *CreateEnv(int level, const char *name, _Out_ void **env)'],
  CreateSession: [
    7,
    process.platform === 'win32'
      ? 'void *CreateSession(void *env, const char16_t *path, void *options, _Out_ void **session)'
      : 'void *CreateSession(void *env, const char *path, void *options, _Out_ void **session)',
  ],
  Run: [
    9,
    'void *Run(void *session, void *options, void *names, void *values, size_t n, void *outNames, size_t m, void *out)',
  ],
  CreateSessionOptions: [10, 'void *CreateSessionOptions(_Out_ void **options)'],
  SetIntraOpNumThreads: [24, 'void *SetIntraOpNumThreads(void *options, int threads)'],
  CreateTensor: [
    49,
    'void *CreateTensor(void *info, void *data, size_t bytes, void *shape, size_t rank, int type, _Out_ void **value)',
  ],
  CreateCpuMemoryInfo: [69, 'void *CreateCpuMemoryInfo(int allocator, int kind, _Out_ void **info)'],
  ReleaseStatus: [93, 'void ReleaseStatus(void *status)'],
  ReleaseSession: [95, 'void ReleaseSession(void *session)'],
  ReleaseValue: [96, 'void ReleaseValue(void *value)'],
} as const satisfies Record<string, readonly [number, string]>;

type FunctionName = keyof typeof places;
type NativeFunction = (...args: (Pointer | number | string | null | [Pointer | null])[]) => unknown;

const apiVersion = 20;
/** Only errors: the loading of optional inputs prints a warning that nobody can act on. */
const errorLevel = 3;
const pointerBytes = 8;
export const elementTypes = { float32: 1, int64: 7 } as const;
const elementBytes = { float32: 4, int64: 8 } as const;

/** A tensor over memory that this program owns; `value` is ONNX Runtime's handle of it. */
export interface Tensor {
  value: Pointer;
}

/**
 * ONNX Runtime's C API, reached without a compiler. Its `Run` writes into memory that we keep, so nothing is copied:
 * the binding for Node copies each of the sixty key and value outputs for every token, which costs more than the model.
 */
export class OnnxRuntime {
  /** Kept: when it is garbage-collected, the library is unloaded under the functions that were found in it. */
  private readonly library = koffi.load(libraryPath());
  private readonly functions: Record<FunctionName, NativeFunction>;
  private readonly env: Pointer;
  private readonly memoryInfo: Pointer;

  constructor() {
    const base = this.library.func('void *OrtGetApiBase()')() as Pointer;
    const getApi = koffi.decode(
      koffi.decode(base, 0, 'void *'),
      koffi.proto('void *GetApi(uint32_t version)'),
    );
    const table = (getApi as (version: number) => Pointer)(apiVersion);
    this.functions = Object.fromEntries(
      Object.entries(places).map(([name, [index, signature]]) => [
        name,
        koffi.decode(koffi.decode(table, index * pointerBytes, 'void *'), koffi.proto(signature)),
      ]),
    ) as Record<FunctionName, NativeFunction>;
    this.env = this.create('CreateEnv', errorLevel, 'parlance');
    this.memoryInfo = this.create('CreateCpuMemoryInfo', 1, 0);
  }

  /** Loads a graph with its external data. Throws with ONNX Runtime's own words. */
  createSession(path: string, threads: number): Pointer {
    const options = this.create('CreateSessionOptions');
    this.check(this.functions.SetIntraOpNumThreads(options, threads));
    return this.create('CreateSession', this.env, path, options);
  }

  releaseSession(session: Pointer): void {
    this.functions.ReleaseSession(session);
  }

  /** A tensor over `data`, which must stay allocated as long as the tensor lives. */
  createTensor(data: Pointer, type: keyof typeof elementTypes, shape: readonly number[]): Tensor {
    const bytes = shape.reduce((product, size) => product * size, elementBytes[type]);
    const sizes = BigInt64Array.from(shape, BigInt);
    const held = memoryOf(sizes);
    const value = this.create(
      'CreateTensor',
      this.memoryInfo,
      data,
      bytes,
      held,
      shape.length,
      elementTypes[type],
    );
    koffi.free(held);
    return { value };
  }

  releaseTensor({ value }: Tensor): void {
    this.functions.ReleaseValue(value);
  }

  /** Runs the graph once: reads the input tensors and writes the output tensors in place. */
  run(session: Pointer, inputs: TensorList, outputs: TensorList): void {
    this.check(
      this.functions.Run(
        session,
        null,
        inputs.names,
        inputs.values,
        inputs.length,
        outputs.names,
        outputs.length,
        outputs.values,
      ),
    );
  }

  private create(name: FunctionName, ...args: (Pointer | number | string)[]): Pointer {
    const out: [Pointer | null] = [null];
    this.check(this.functions[name](...args, out));
    if (out[0] === null) throw new Error(`ONNX Runtime gave nothing for ${name}.`);
    return out[0];
  }

  private check(status: unknown): void {
    if (status === null || status === 0n) return;
    const message = String(this.functions.GetErrorMessage(status as Pointer));
    this.functions.ReleaseStatus(status as Pointer);
    throw new Error(message);
  }
}

/** Names and handles in the form in which `Run` takes them, made once. */
export class TensorList {
  readonly names: Pointer;
  readonly values: Pointer;
  readonly length: number;
  private readonly slots: BigInt64Array;

  constructor(names: readonly string[]) {
    this.length = names.length;
    this.names = koffi.alloc('void *', names.length) as Pointer;
    this.values = koffi.alloc('void *', names.length) as Pointer;
    const nameSlots = new BigInt64Array(koffi.view(this.names, names.length * pointerBytes));
    this.slots = new BigInt64Array(koffi.view(this.values, names.length * pointerBytes));
    for (const [index, name] of names.entries()) nameSlots[index] = memoryOf(Buffer.from(`${name}\0`));
  }

  set(index: number, { value }: Tensor): void {
    this.slots[index] = value;
  }
}

/** Memory of our own, filled with zeros and touched only when it is used. `view` shows it to JavaScript. */
export function allocate(bytes: number): { pointer: Pointer; view: ArrayBuffer } {
  const pointer = koffi.alloc('uint8_t', bytes) as Pointer;
  return { pointer, view: koffi.view(pointer, bytes) };
}

function memoryOf(data: Uint8Array | BigInt64Array): Pointer {
  const { pointer, view } = allocate(data.byteLength);
  new Uint8Array(view).set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return pointer;
}

/** The library that `onnxruntime-node` installs for this system. */
function libraryPath(): string {
  const root = dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'));
  const folder = join(root, 'bin', 'napi-v6', process.platform, process.arch);
  const names = [
    'libonnxruntime.so.1',
    'libonnxruntime.1.30.0.dylib',
    'libonnxruntime.dylib',
    'onnxruntime.dll',
  ];
  const found = names.map((name) => join(folder, name)).find((path) => existsSync(path));
  if (!found) throw new Error(`ONNX Runtime has no library for ${process.platform} ${process.arch}.`);
  return found;
}
