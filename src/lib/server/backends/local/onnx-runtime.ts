import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type Koffi from 'koffi';

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
  ReleaseSessionOptions: [100, 'void ReleaseSessionOptions(void *options)'],
  AddSessionConfigEntry: [
    130,
    'void *AddSessionConfigEntry(void *options, const char *key, const char *value)',
  ],
} as const satisfies Record<string, Place>;

/** The index of a function in the table, and its signature as koffi reads it. */
export type Place = readonly [number, string];
type FunctionName = keyof typeof places;
type Argument = Pointer | number | string | null | [unknown];
export interface NativeFunction {
  (...args: Argument[]): unknown;
  /** Calls it in another thread. */
  async(...args: [...Argument[], (error: Error | null, result: unknown) => void]): void;
}

/** The table is one for the process, and koffi takes each name of a signature once. */
const knownFunctions = new Map<string, NativeFunction>();
/** koffi unloads a library whose handle is forgotten, and its functions then lead nowhere: the handle stays here. */
let loadedTable: { library: ReturnType<typeof Koffi.load>; table: Pointer } | undefined;
let loadedKoffi: typeof Koffi | undefined;

/** Loaded by whoever needs it first: without it the engine still starts and uses the other binding. */
export function koffi(): typeof Koffi {
  loadedKoffi ??= createRequire(import.meta.url)('koffi') as typeof Koffi;
  return loadedKoffi;
}

const apiVersion = 20;
/** Only what ends the process: whatever else goes wrong is thrown in the same words. */
export const fatalLevel = 4;
const pointerBytes = 8;
/** ONNX' numbers of the element types that decoder graphs use. */
export const elementTypes = { float32: 1, int32: 6, int64: 7, bool: 9, float16: 10 } as const;
export const elementBytes = { float32: 4, int32: 4, int64: 8, bool: 1, float16: 2 } as const;
export type ElementType = keyof typeof elementTypes;

/** A tensor over memory that this program owns; `value` is ONNX Runtime's handle of it. */
export interface Tensor {
  value: Pointer;
}

/**
 * ONNX Runtime's C API, reached without a compiler. Its `Run` writes into memory that we keep, so nothing is copied:
 * the binding for Node copies each of the sixty key and value outputs for every token, which costs more than the model.
 */
export class OnnxRuntime {
  private readonly table: Pointer;
  private readonly functions: Record<FunctionName, NativeFunction>;
  private readonly env: Pointer;
  private readonly memoryInfo: Pointer;

  constructor() {
    this.table = loadTable();
    this.functions = this.lookUp(places);
    this.env = this.create('CreateEnv', fatalLevel, 'parlance');
    this.memoryInfo = this.create('CreateCpuMemoryInfo', 1, 0);
  }

  /** Further functions of the table, each by its place. */
  lookUp<Name extends string>(wanted: Record<Name, Place>): Record<Name, NativeFunction> {
    return Object.fromEntries(
      Object.entries<Place>(wanted).map(([name, place]) => [name, this.functionAt(name, place)]),
    ) as Record<Name, NativeFunction>;
  }

  private functionAt(name: string, [index, signature]: Place): NativeFunction {
    const { decode, proto } = koffi();
    const known = knownFunctions.get(name);
    if (known) return known;
    const found = decode(
      decode(this.table, index * pointerBytes, 'void *'),
      proto(signature),
    ) as NativeFunction;
    knownFunctions.set(name, found);
    return found;
  }

  /**
   * Loads a graph with its external data. `entries` are settings of `onnxruntime_session_options_config_keys.h`. Throws
   * with ONNX Runtime's own words.
   */
  createSession(path: string, threads: number, entries: Readonly<Record<string, string>> = {}): Pointer {
    const options = this.create('CreateSessionOptions');
    try {
      this.check(this.functions.SetIntraOpNumThreads(options, threads));
      for (const [key, value] of Object.entries(entries))
        this.check(this.functions.AddSessionConfigEntry(options, key, value));
      return this.create('CreateSession', this.env, path, options);
    } finally {
      this.functions.ReleaseSessionOptions(options);
    }
  }

  releaseSession(session: Pointer): void {
    this.functions.ReleaseSession(session);
  }

  /** A tensor over `data`, which must stay allocated as long as the tensor lives. */
  createTensor(data: Pointer, type: ElementType, shape: readonly number[]): Tensor {
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
    freeMemory(held);
    return { value };
  }

  releaseTensor({ value }: Tensor): void {
    this.functions.ReleaseValue(value);
  }

  /** Runs the graph once: reads the input tensors and writes the output tensors in place. `options` are a run's, if any. */
  run(session: Pointer, inputs: TensorList, outputs: TensorList, options: Pointer | null = null): void {
    const [, , ...rest] = runArguments(session, inputs, outputs);
    this.check(this.functions.Run(session, options, ...rest));
  }

  /**
   * As `run`, in another thread. ONNX Runtime makes the tensors of those outputs that are not set; they are the caller's
   * then. None of the tensors may be released before it ends.
   */
  runAsync(session: Pointer, inputs: TensorList, outputs: TensorList): Promise<void> {
    return new Promise((resolve, reject) => {
      this.functions.Run.async(...runArguments(session, inputs, outputs), (error, status) => {
        try {
          if (error) throw error;
          this.check(status);
          resolve();
        } catch (thrown) {
          reject(thrown as Error);
        }
      });
    });
  }

  private create(name: FunctionName, ...args: (Pointer | number | string)[]): Pointer {
    const out: [Pointer | null] = [null];
    this.check(this.functions[name](...args, out));
    if (out[0] === null) throw new Error(`ONNX Runtime gave nothing for ${name}.`);
    return out[0];
  }

  /** Throws what a status says, with ONNX Runtime's own words. */
  check(status: unknown): void {
    if (status === null || status === 0n) return;
    const message = String(this.functions.GetErrorMessage(status as Pointer));
    this.functions.ReleaseStatus(status as Pointer);
    throw new Error(message);
  }
}

function runArguments(session: Pointer, inputs: TensorList, outputs: TensorList): Argument[] {
  return [
    session,
    null,
    inputs.names,
    inputs.values,
    inputs.length,
    outputs.names,
    outputs.length,
    outputs.values,
  ];
}

/** Names and handles in the form in which `Run` takes them, made once. */
export class TensorList {
  readonly names: Pointer;
  readonly values: Pointer;
  readonly length: number;
  private readonly slots: BigInt64Array;
  private readonly nameSlots: BigInt64Array;

  constructor(names: readonly string[]) {
    this.length = names.length;
    const [nameSlots, slots] = [allocate(names.length * pointerBytes), allocate(names.length * pointerBytes)];
    this.names = nameSlots.pointer;
    this.values = slots.pointer;
    this.nameSlots = new BigInt64Array(nameSlots.view);
    this.slots = new BigInt64Array(slots.view);
    for (const [index, name] of names.entries()) this.nameSlots[index] = memoryOf(Buffer.from(`${name}\0`));
  }

  set(index: number, { value }: Tensor): void {
    this.slots[index] = value;
  }

  /** The handles, set by us or by a run; zero for none. */
  get handles(): readonly Pointer[] {
    return [...this.slots];
  }

  clear(): void {
    this.slots.fill(0n);
  }

  /** Gives the list's own memory back; the tensors in it stay. */
  release(): void {
    for (const name of this.nameSlots) freeMemory(name);
    freeMemory(this.names);
    freeMemory(this.values);
  }
}

/** Memory of our own, filled with zeros and touched only when it is used. `view` shows it to JavaScript. */
export function allocate(bytes: number): { pointer: Pointer; view: ArrayBuffer } {
  // Nothing wants an address too: an empty tensor, the shape of a single number.
  const pointer = koffi().alloc('uint8_t', Math.max(bytes, 1)) as Pointer;
  return { pointer, view: viewMemory(pointer, bytes) };
}

/** Gives back what `allocate` gave; nothing may look at it any more. */
export function freeMemory(pointer: Pointer): void {
  koffi().free(pointer);
}

/** Memory of somebody else as JavaScript sees it, for as long as it stays allocated. */
export function viewMemory(pointer: Pointer, bytes: number): ArrayBuffer {
  return bytes === 0 ? new ArrayBuffer(0) : koffi().view(pointer, bytes);
}

/** Text of C, up to its zero byte. */
export function readText(pointer: Pointer): string {
  return String(koffi().decode(pointer, 'char', -1));
}

function memoryOf(data: Uint8Array | BigInt64Array): Pointer {
  const { pointer, view } = allocate(data.byteLength);
  new Uint8Array(view).set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return pointer;
}

function loadTable(): Pointer {
  if (loadedTable) return loadedTable.table;
  const { decode, load, proto } = koffi();
  const library = load(libraryPath());
  const base = library.func('void *OrtGetApiBase()')() as Pointer;
  const getApi = decode(decode(base, 0, 'void *'), proto('void *GetApi(uint32_t version)'));
  const table = (getApi as (version: number) => Pointer)(apiVersion);
  loadedTable = { library, table };
  return table;
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
