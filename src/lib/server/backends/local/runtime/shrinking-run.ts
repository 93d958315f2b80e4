import type { OnnxRuntime, Place, Pointer } from '../onnx-runtime';

const places = {
  CreateRunOptions: [39, 'void *CreateRunOptions(_Out_ void **options)'],
  AddRunConfigEntry: [165, 'void *AddRunConfigEntry(void *options, const char *key, const char *value)'],
} as const satisfies Record<string, Place>;

const known = new WeakMap<OnnxRuntime, Pointer>();

/**
 * Options of a run after which ONNX Runtime frees the memory that it keeps for the values between two operators. It grows
 * with the tokens of the longest run; made anew, it costs as much time as its pages take to be filled with zeros. The key
 * is one of `onnxruntime_run_options_config_keys.h`.
 */
export function shrinkingRun(runtime: OnnxRuntime): Pointer {
  const made = known.get(runtime);
  if (made !== undefined) return made;
  const { CreateRunOptions: create, AddRunConfigEntry: add } = runtime.lookUp(places);
  const out: [Pointer | null] = [null];
  runtime.check(create(out));
  const [options] = out;
  if (options === null) throw new Error('ONNX Runtime gave no options for a run.');
  runtime.check(add(options, 'memory.enable_memory_arena_shrinkage', 'cpu:0'));
  known.set(runtime, options);
  return options;
}
