import { open, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ModelTask, RawConfig } from './folder-config';
import { fault } from './model-fault';

/**
 * How the numbers of a graph are stored, and what its file name ends with in Transformers.js' layout. In the order in
 * which they are chosen: small and fast on a processor first. Half precision comes last, since processors compute it
 * slowly or not at all.
 */
const suffixes = {
  q4: '_q4',
  q8: '_quantized',
  int8: '_int8',
  uint8: '_uint8',
  fp32: '',
  bnb4: '_bnb4',
  q4f16: '_q4f16',
  fp16: '_fp16',
} as const;

export type Dtype = keyof typeof suffixes;
export const dtypes = Object.keys(suffixes) as [Dtype, ...Dtype[]];

/** Names that the graphs of a task have, without suffix; one list for each layout. */
const layouts: Record<ModelTask, readonly (readonly string[])[]> = {
  'text-generation': [['model'], ['decoder_model_merged']],
  'text2text-generation': [['encoder_model', 'decoder_model_merged']],
};

export interface GraphFiles {
  dtype: Dtype;
  /** Absolute paths: for an encoder-decoder model the encoder's comes first. */
  graphs: string[];
  /** External data of the graphs. */
  parts: string[];
  /** Of all of them together. */
  bytes: number;
}

/**
 * Chooses the graphs of a model: those of `dtype`, or of what its configuration recommends, or the first of our order
 * that is there. Throws `model-unavailable` naming a file that is missing, empty, or only a pointer of Git LFS.
 */
export async function findGraphFiles(
  path: string,
  task: ModelTask,
  config: RawConfig['transformers.js_config'],
  dtype?: Dtype,
): Promise<GraphFiles> {
  const folder = join(path, 'onnx');
  const present = new Set(await readdir(folder).catch(() => []));
  const wanted = dtype ? [dtype] : [...recommended(config?.dtype), ...dtypes];
  const choices = wanted.flatMap((kind) =>
    layouts[task].map((names) => ({ kind, files: names.map((name) => `${name}${suffixes[kind]}.onnx`) })),
  );
  const chosen = choices.find(({ files }) => files.every((file) => present.has(file)));
  if (!chosen) {
    const looked = dtype ? (choices[0]?.files ?? []) : layouts[task].flat().map((name) => `${name}.onnx`);
    throw fault(
      `There is no ${looked.join(' or ')} in ${folder}.`,
      'Put the ONNX files of the model into its folder "onnx", as Transformers.js has them.',
    );
  }
  const parts = chosen.files.flatMap((file) => partsOf(file, present, config?.use_external_data_format));
  const graphs = chosen.files.map((file) => join(folder, file));
  const all = [...graphs, ...parts.map((part) => join(folder, part))];
  let bytes = 0;
  for (const file of all) bytes += await checkWeights(file);
  return { dtype: chosen.kind, graphs, parts: all.slice(graphs.length), bytes };
}

function recommended(dtype: string | Record<string, string> | undefined): Dtype[] {
  const named = typeof dtype === 'object' ? Object.values(dtype) : [dtype];
  return dtypes.filter((known) => named.includes(known));
}

type External = NonNullable<RawConfig['transformers.js_config']>['use_external_data_format'];

/** As Transformers.js names them: `..._data`, `..._data_1`. Those that are there are read, declared or not. */
function partsOf(file: string, present: ReadonlySet<string>, external: External): string[] {
  const base = file.replace(/\.onnx$/u, '');
  const declared =
    typeof external === 'object'
      ? (external[file] ?? external[base] ?? external[withoutSuffix(base)])
      : external;
  const count = Number(declared ?? 0);
  const names = Array.from({ length: count }, (_, index) => nameOfPart(file, index));
  const found = [...present].filter((name) => name.startsWith(`${file}_data`)).sort();
  return [...new Set([...names, ...found])];
}

function nameOfPart(file: string, index: number): string {
  return index === 0 ? `${file}_data` : `${file}_data_${String(index)}`;
}

function withoutSuffix(base: string): string {
  const suffix = Object.values(suffixes).find((text) => text !== '' && base.endsWith(text));
  return suffix === undefined ? base : base.slice(0, -suffix.length);
}

/** Returns its size in bytes. */
async function checkWeights(path: string): Promise<number> {
  const again = `Copy ${basename(path)} of the model there again.`;
  const file = await open(path).catch((cause: unknown) => {
    throw fault(`The file ${path} is missing.`, again, cause);
  });
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(64), 0, 64, 0);
    if (bytesRead === 0) throw fault(`The file ${path} is empty.`, again);
    if (buffer.toString('latin1', 0, bytesRead).startsWith('version https://git-lfs')) {
      throw fault(
        `The file ${path} is only a pointer of Git LFS.`,
        'Run "git lfs pull" in the folder of the model.',
      );
    }
  } finally {
    await file.close();
  }
  return (await stat(path)).size;
}
