import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A constant of a graph, as its bytes lie in the file. */
export interface Tensor {
  dims: number[];
  bytes: Uint8Array;
}

interface Field {
  number: number;
  value: number;
  bytes: Uint8Array;
}

/** The named constants of an ONNX graph, those in side files too (fields by their numbers in `onnx.proto`). */
export function readTensors(path: string): Map<string, Tensor> {
  const sides = new Map<string, Uint8Array>();
  const side = (name: string) => {
    const bytes = sides.get(name) ?? readFileSync(join(dirname(path), name));
    sides.set(name, bytes);
    return bytes;
  };
  const graph = only(readFileSync(path), 7);
  return new Map(
    [...fields(graph)].filter(({ number }) => number === 5).map(({ bytes }) => read(bytes, side)),
  );
}

function read(message: Uint8Array, side: (name: string) => Uint8Array): [string, Tensor] {
  const all = [...fields(message)];
  const dims = all.filter(({ number }) => number === 1).map(({ value }) => value);
  const external = all.filter(({ number }) => number === 13);
  const places = new Map(external.map(({ bytes }) => [text(only(bytes, 1)), text(only(bytes, 2))]));
  const location = places.get('location');
  if (location === undefined) return [text(only(message, 8)), { dims, bytes: only(message, 9) }];
  const start = Number(places.get('offset'));
  const bytes = side(location).subarray(start, start + Number(places.get('length')));
  return [text(only(message, 8)), { dims, bytes }];
}

/** The bytes of a field that is there once. */
function only(message: Uint8Array, wanted: number): Uint8Array {
  for (const { number, bytes } of fields(message)) if (number === wanted) return bytes;
  throw new Error(`There is no field ${String(wanted)}.`);
}

/** The fields of a message of Protocol Buffers; those of a fixed size are not read, since ONNX needs none here. */
function* fields(message: Uint8Array): Generator<Field> {
  const none = new Uint8Array();
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = message[at++] ?? 0;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const key = varint();
    const [number, kind] = [key >> 3, key & 7];
    if (kind === 0) yield { number, value: varint(), bytes: none };
    else if (kind === 2) {
      const length = varint();
      yield { number, value: length, bytes: message.subarray(at, (at += length)) };
    } else at += kind === 1 ? 8 : 4;
  }
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
