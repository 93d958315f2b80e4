/** Numbers of the types in a GGUF file: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md */
const kinds = { u32: 4, i32: 5, f32: 6, bool: 7, text: 8, list: 9 } as const;
const weightKinds = { F32: 0, Q4_1: 3, Q8_0: 8 } as const;

export type Metadata =
  | { u32: number }
  | { f32: number }
  | { bool: boolean }
  | { text: string }
  | { texts: readonly string[] }
  | { i32s: readonly number[] };

export interface Weights {
  name: string;
  kind: keyof typeof weightKinds;
  /** Of the matrix; a vector has no rows. */
  rows?: number;
  columns: number;
  bytes: Uint8Array;
}

const alignment = 32;

/** A GGUF file of version 3 in parts, to be written one after another. */
export function ggufFile(metadata: Record<string, Metadata>, weights: readonly Weights[]): Uint8Array[] {
  const entries = Object.entries(metadata);
  const head = [bytes('GGUF'), u32(3), u64(weights.length), u64(entries.length)];
  for (const [key, value] of entries) head.push(text(key), ...valueOf(value));
  let offset = 0;
  for (const { name, kind, rows, columns, bytes: data } of weights) {
    // The innermost first.
    const dims = rows === undefined ? [columns] : [columns, rows];
    head.push(text(name), u32(dims.length), ...dims.map(u64), u32(weightKinds[kind]), u64(offset));
    offset += data.length + padding(data.length).length;
  }
  const start = Buffer.concat(head);
  return [
    start,
    padding(start.length),
    ...weights.flatMap(({ bytes: data }) => [data, padding(data.length)]),
  ];
}

function valueOf(value: Metadata): Uint8Array[] {
  if ('u32' in value) return [u32(kinds.u32), u32(value.u32)];
  if ('f32' in value) return [u32(kinds.f32), new Uint8Array(Float32Array.of(value.f32).buffer)];
  if ('bool' in value) return [u32(kinds.bool), Uint8Array.of(Number(value.bool))];
  if ('text' in value) return [u32(kinds.text), text(value.text)];
  const [kind, items] =
    'texts' in value ? [kinds.text, value.texts.map(text)] : [kinds.i32, value.i32s.map(u32)];
  return [u32(kinds.list), u32(kind), u64(items.length), ...items];
}

function padding(length: number): Uint8Array {
  return new Uint8Array((alignment - (length % alignment)) % alignment);
}

function text(value: string): Uint8Array {
  const utf8 = bytes(value);
  return Buffer.concat([u64(utf8.length), utf8]);
}

function bytes(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}

function u32(value: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(value).buffer);
}

function u64(value: number): Uint8Array {
  return new Uint8Array(BigUint64Array.of(BigInt(value)).buffer);
}
