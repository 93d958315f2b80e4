import { UnsuitableGraphError, type TensorInfo } from './signature';

/** Keys or values of a layer (or both in one): the input that holds them and the output that extends them. */
export interface CachePair {
  past: string;
  present: string;
  layer: number;
  type: 'float32' | 'float16';
  /** Of one sequence: the batch is 1, and `sequenceAxis`, which grows, is 0 here. */
  dims: readonly number[];
  sequenceAxis: number;
}

/**
 * Pairs what a graph reads of its cache with what it gives back: by layer and kind where the names say them
 * (`past_key_values.0.key` and `present.0.key`), else in their order. Throws `UnsuitableGraphError` with the reason.
 */
export function pairCaches(
  inputs: readonly TensorInfo[],
  outputs: readonly TensorInfo[],
): [CachePair, ...CachePair[]] {
  const strange = inputs.find((input) => !isCache(input));
  if (strange) throw new UnsuitableGraphError(whyNot(strange));
  const presents = outputs.filter(isCache);
  if (inputs.length === 0)
    throw new UnsuitableGraphError(
      'The graph has no cache of keys and values. Export it with one (task "text-generation-with-past").',
    );
  if (inputs.length !== presents.length)
    throw new UnsuitableGraphError(
      `The graph reads ${String(inputs.length)} caches of keys and values and gives ${String(presents.length)}.`,
    );
  const byPlace = new Map(presents.map((present) => [placeOf(present.name), present]));
  const places = new Set(inputs.map(({ name }) => placeOf(name)).filter((place) => byPlace.has(place)));
  const isNamed = byPlace.size === presents.length && places.size === inputs.length;
  const [first, ...rest] = inputs.map((past, index) =>
    pair(past, isNamed ? byPlace.get(placeOf(past.name)) : presents[index], Math.floor(index / 2)),
  );
  if (!first || rest.some(({ type }) => type !== first.type))
    throw new UnsuitableGraphError('The caches of the graph differ in their element types.');
  return [first, ...rest];
}

function isCache({ name, type, dims }: TensorInfo): boolean {
  return !/encoder(?!_?decoder)/iu.test(name) && /^(?:float|bfloat)/u.test(type ?? '') && dims.length >= 3;
}

function whyNot({ name, type }: TensorInfo): string {
  return /encoder/iu.test(name)
    ? `The graph is the decoder of an encoder-decoder model (input ${name}): it cannot write by itself.`
    : `The graph has an input that is not known for a decoder: ${name} (${type ?? 'no tensor'}).`;
}

/** The numbers and the kind in a name: equal for a past and its present. */
function placeOf(name: string): string {
  const kind = /value/iu.test(name.replace(/key_values?/iu, '')) ? 'value' : 'key';
  return `${(name.match(/\d+/gu) ?? ['?']).join('.')} ${kind}`;
}

function pair(past: TensorInfo, present: TensorInfo | undefined, place: number): CachePair {
  const { name, type, dims } = past;
  if (type !== 'float32' && type !== 'float16')
    throw new UnsuitableGraphError(
      `The cache ${name} is of type ${String(type)}; float32 or float16 is needed.`,
    );
  if (!present || present.type !== type || present.dims.length !== dims.length)
    throw new UnsuitableGraphError(`The cache ${name} has no output of its type and rank that extends it.`);
  const free = dims.flatMap((size, axis) => (typeof size === 'string' ? [axis] : []));
  const sequenceAxis = free.at(-1);
  // The batch may be fixed at 1; what else is not fixed cannot be known before a run.
  if (sequenceAxis === undefined || free.length > 2 || (free.length === 1 && dims[0] !== 1))
    throw new UnsuitableGraphError(
      `The sizes of the cache ${name} are not known: [${dims.map((size) => (size === '' ? '?' : size)).join(', ')}].`,
    );
  return {
    past: name,
    present: present.name,
    layer: Number(/\d+/u.exec(name)?.[0] ?? place),
    type,
    dims: dims.map((size, axis) => (typeof size === 'number' ? size : axis === sequenceAxis ? 0 : 1)),
    sequenceAxis,
  };
}
