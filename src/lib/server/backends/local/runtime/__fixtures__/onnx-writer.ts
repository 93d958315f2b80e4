/** Field numbers and wire types below are those of `onnx.proto3` (https://github.com/onnx/onnx, Apache-2.0). */
export type Bytes = Uint8Array;

export const onnxTypes = { float32: 1, int32: 6, int64: 7, bool: 9, float16: 10, float64: 11 } as const;
export type OnnxType = keyof typeof onnxTypes;

/** An attribute of a node: one whole number, several, or a fraction. */
export type Attribute = number | number[] | { float: number };

export function node(
  op: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Record<string, Attribute> = {},
  domain = '',
): Bytes {
  return message(
    ...inputs.map((name) => text(1, name)),
    ...outputs.map((name) => text(2, name)),
    text(4, op),
    ...Object.entries(attributes).map(([name, value]) => field(5, attribute(name, value))),
    text(7, domain),
  );
}

/** A constant of the graph. */
export function constant(
  name: string,
  dims: readonly number[],
  values: Float32Array | BigInt64Array | Int32Array,
): Bytes {
  const type = values instanceof Float32Array ? 'float32' : values instanceof Int32Array ? 'int32' : 'int64';
  return message(
    ...dims.map((size) => number(1, size)),
    number(2, onnxTypes[type]),
    text(8, name),
    field(9, new Uint8Array(values.buffer, values.byteOffset, values.byteLength)),
  );
}

/** An input or output; a size without a number is a name. */
export function value(name: string, type: OnnxType, dims: readonly (number | string)[]): Bytes {
  const shape = dims.map((size) => field(1, typeof size === 'number' ? number(1, size) : text(2, size)));
  return message(
    text(1, name),
    field(2, field(1, message(number(1, onnxTypes[type]), field(2, message(...shape))))),
  );
}

/** A whole model file, with ONNX Runtime's own operators beside the standard ones. */
export function model(parts: {
  nodes: readonly Bytes[];
  constants: readonly Bytes[];
  inputs: readonly Bytes[];
  outputs: readonly Bytes[];
}): Bytes {
  const graph = message(
    ...parts.nodes.map((part) => field(1, part)),
    text(2, 'tiny'),
    ...parts.constants.map((part) => field(5, part)),
    ...parts.inputs.map((part) => field(11, part)),
    ...parts.outputs.map((part) => field(12, part)),
  );
  const operators = [message(number(2, 17)), message(text(1, 'com.microsoft'), number(2, 1))];
  return message(number(1, 8), field(7, graph), ...operators.map((set) => field(8, set)));
}

function attribute(name: string, given: Attribute): Bytes {
  if (typeof given === 'number') return message(text(1, name), number(3, given), number(20, 2));
  if (Array.isArray(given))
    return message(text(1, name), ...given.map((each) => number(8, each)), number(20, 7));
  const float = new Uint8Array(Float32Array.of(given.float).buffer);
  return message(text(1, name), varint((2 << 3) | 5), float, number(20, 1));
}

function message(...parts: Bytes[]): Bytes {
  return Buffer.concat(parts);
}

function field(index: number, content: Bytes): Bytes {
  return message(varint((index << 3) | 2), varint(content.length), content);
}

function text(index: number, content: string): Bytes {
  return field(index, Buffer.from(content));
}

function number(index: number, content: number): Bytes {
  return message(varint(index << 3), varint(content));
}

/** Seven bits a byte, the lowest first; a negative number as its 64 bits. */
function varint(content: number): Bytes {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(content));
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Uint8Array.from([...bytes, Number(rest)]);
}
