import type { ElementType } from '../onnx-runtime';
import { pairCaches, type CachePair } from './pair-caches';
import { UnsuitableGraphError, type GraphSignature, type TensorInfo } from './signature';

/** An input that we fill with numbers. */
export interface NumberInput {
  name: string;
  type: ElementType;
  /** Number of dimensions. */
  rank: number;
}

/** A decoder's inputs and outputs by what they are for; names as in Transformers.js and Optimum, or alike. */
export interface DecoderDescription {
  ids: NumberInput;
  attentionMask: NumberInput | undefined;
  positionIds: NumberInput | undefined;
  /** Of a graph that holds two, one for an empty cache: whether the other one is to run. */
  useCacheBranch: NumberInput | undefined;
  /** How many of the last positions' logits are wanted. */
  logitsToKeep: NumberInput | undefined;
  logits: { name: string; type: 'float32' | 'float16' };
  /** `undefined` where only a run can tell. */
  vocabulary: number | undefined;
  layers: number;
  cacheType: 'float32' | 'float16';
  caches: readonly CachePair[];
  /** Where each layer has a key and a value of four dimensions. */
  keyValueHeads: number | undefined;
  headSize: number | undefined;
}

type Role = 'ids' | 'attentionMask' | 'positionIds' | 'useCacheBranch' | 'logitsToKeep';

const integers = ['int64', 'int32'];
const roles: { role: Role; name: RegExp; types: readonly string[]; ranks: readonly number[] }[] = [
  { role: 'logitsToKeep', name: /logits?_to_keep/iu, types: integers, ranks: [0, 1] },
  { role: 'useCacheBranch', name: /use_cache/iu, types: ['bool'], ranks: [0, 1] },
  { role: 'positionIds', name: /position/iu, types: integers, ranks: [2] },
  { role: 'attentionMask', name: /mask/iu, types: [...integers, 'float32'], ranks: [2] },
  { role: 'ids', name: /(?:^|_)(?:ids|tokens?)$/iu, types: integers, ranks: [2] },
];

/** Finds a decoder's parts in a signature. Throws `UnsuitableGraphError` for a graph that is none, with the reason. */
export function describeDecoder(signature: GraphSignature): DecoderDescription {
  const found = new Map<Role, NumberInput>();
  const others: TensorInfo[] = [];
  for (const input of signature.inputs) {
    const role = roleOf(input);
    if (role && !found.has(role)) found.set(role, toNumberInput(input));
    else others.push(input);
  }
  for (const input of signature.optionalInputs) {
    const role = roleOf(input);
    if (role === 'logitsToKeep') found.set(role, toNumberInput(input));
  }
  const ids = found.get('ids') ?? takeOnlyIds(others);
  if (!ids) throw new UnsuitableGraphError(whyNoIds(signature.inputs));
  const { logits, presents } = splitOutputs(signature.outputs);
  const caches = pairCaches(others, presents);
  const { type, sequenceAxis, dims } = caches[0];
  const isPerHead = dims.length === 4 && sequenceAxis > 1;
  return {
    ids,
    attentionMask: found.get('attentionMask'),
    positionIds: found.get('positionIds'),
    useCacheBranch: found.get('useCacheBranch'),
    logitsToKeep: found.get('logitsToKeep'),
    logits: { name: logits.name, type: logits.type as 'float32' | 'float16' },
    vocabulary: lastSize(logits),
    layers: new Set(caches.map(({ layer }) => layer)).size,
    cacheType: type,
    caches,
    keyValueHeads: isPerHead ? dims[1] : undefined,
    headSize: isPerHead ? dims[sequenceAxis === 2 ? 3 : 2] : undefined,
  };
}

function roleOf({ name, type = '', dims }: TensorInfo): Role | undefined {
  return roles.find(
    (role) => role.name.test(name) && role.types.includes(type) && role.ranks.includes(dims.length),
  )?.role;
}

function toNumberInput({ name, type, dims }: TensorInfo): NumberInput {
  return { name, type: type as ElementType, rank: dims.length };
}

/** The one input of whole numbers that has no other use, whatever its name. */
function takeOnlyIds(inputs: TensorInfo[]): NumberInput | undefined {
  const fitting = inputs.filter(({ type = '', dims }) => integers.includes(type) && dims.length === 2);
  const [only] = fitting;
  if (!only || fitting.length > 1) return undefined;
  inputs.splice(inputs.indexOf(only), 1);
  return toNumberInput(only);
}

function whyNoIds(inputs: readonly TensorInfo[]): string {
  return inputs.some(({ name }) => name.includes('inputs_embeds'))
    ? 'The graph reads embeddings (inputs_embeds) instead of token ids: it is a part of a larger model.'
    : `The graph has no input for token ids. Its inputs are ${namesOf(inputs)}.`;
}

function splitOutputs(outputs: readonly TensorInfo[]): { logits: TensorInfo; presents: TensorInfo[] } {
  const isLogits = ({ type, dims }: TensorInfo) =>
    (type === 'float32' || type === 'float16') && dims.length === 3;
  const unnumbered = outputs.filter(({ name }) => !/\d/u.test(name)).filter(isLogits);
  const logits =
    outputs.filter(isLogits).find(({ name }) => name === 'logits') ??
    (unnumbered.length === 1 ? unnumbered[0] : undefined);
  if (!logits)
    throw new UnsuitableGraphError(
      `The graph has no output of logits (batch, positions, vocabulary). Its outputs are ${namesOf(outputs)}.`,
    );
  return { logits, presents: outputs.filter((output) => output !== logits) };
}

function lastSize({ dims }: TensorInfo): number | undefined {
  const last = dims.at(-1);
  return typeof last === 'number' ? last : undefined;
}

export function namesOf(infos: readonly TensorInfo[]): string {
  const names = infos.map(({ name }) => name);
  return names.length > 6
    ? `${names.slice(0, 6).join(', ')} and ${String(names.length - 6)} more`
    : names.join(', ');
}
