import { constant, model, node, value, type Attribute, type Bytes } from './onnx-writer';
import type { TinyWeights } from './tiny-weights';

export interface TinyOptions {
  /** Whether positions are an input, or counted in the graph. */
  positionIds?: boolean;
  /** Of the cache and the logits. */
  type?: 'float32' | 'float16';
  /** The keys as [batch, heads, head size, length] instead of [batch, heads, length, head size]. */
  transposedKeys?: boolean;
  logitsToKeep?: 'optional' | 'required';
  /** A flag that spoils the logits unless it says whether there is a past. */
  cacheBranch?: boolean;
  names?: Partial<TinyNames>;
}

export interface TinyNames {
  ids: string;
  mask: string;
  positions: string;
  logits: string;
  past: (layer: number, kind: 'key' | 'value') => string;
  present: (layer: number, kind: 'key' | 'value') => string;
}

const usualNames: TinyNames = {
  ids: 'input_ids',
  mask: 'attention_mask',
  positions: 'position_ids',
  logits: 'logits',
  past: (layer, kind) => `past_key_values.${String(layer)}.${kind}`,
  present: (layer, kind) => `present.${String(layer)}.${kind}`,
};

/** A decoder as an ONNX model whose cache grows, in the shape that exports of real models have. */
export function tinyGraph(weights: TinyWeights, options: TinyOptions = {}): Bytes {
  return new TinyGraph(weights, options).build();
}

class TinyGraph {
  private readonly names: TinyNames;
  private readonly type: 'float32' | 'float16';
  private readonly nodes: Bytes[] = [];
  private readonly constants: Bytes[] = [];
  private readonly inputs: Bytes[] = [];
  private readonly outputs: Bytes[] = [];

  constructor(
    private readonly weights: TinyWeights,
    private readonly options: TinyOptions,
  ) {
    this.names = { ...usualNames, ...options.names };
    this.type = options.type ?? 'float32';
  }

  build(): Bytes {
    const { names, weights } = this;
    const { vocabulary, heads, headSize } = weights.size;
    this.inputs.push(
      value(names.ids, 'int64', ['batch_size', 'sequence_length']),
      value(names.mask, 'int64', ['batch_size', 'total_sequence_length']),
    );
    this.addConstants();
    this.addBias();
    this.matrix('embedding', weights.embedding, vocabulary);
    this.matrix('positions', weights.positions, weights.size.context);
    this.op('Gather', ['embedding', names.ids], 'embedded');
    this.op('Gather', ['positions', this.positions()], 'placed');
    let state = this.op('Add', ['embedded', 'placed'], 'state');
    for (const index of weights.layers.keys()) state = this.layer(index, state);
    state = this.keepLast(state);
    this.constants.push(constant('head', [heads * headSize, vocabulary], weights.head));
    this.logits(this.op('MatMul', [state, 'head'], 'all_logits'));
    const { nodes, constants, inputs, outputs } = this;
    return model({ nodes, constants, inputs, outputs });
  }

  private layer(index: number, state: string): string {
    const { heads, headSize } = this.weights.size;
    const at = (name: string) => `${name}.${String(index)}`;
    const weights = this.weights.layers[index];
    if (!weights) throw new Error('There is no such layer.');
    for (const [name, matrix] of Object.entries(weights))
      this.matrix(at(name), matrix as Float32Array, heads * headSize);
    const query = this.split(this.op('MatMul', [state, at('query')], at('q')), at('q'), [0, 2, 1, 3]);
    const key = this.cached(index, 'key', state);
    const values = this.cached(index, 'value', state);
    const turned = this.options.transposedKeys
      ? key
      : this.op('Transpose', [key], at('turned'), { perm: [0, 1, 3, 2] });
    this.op('MatMul', [query, turned], at('products'));
    this.op('Mul', [at('products'), 'scale'], at('scaled'));
    this.op('Add', [at('scaled'), 'bias'], at('scores'));
    this.op('Softmax', [at('scores')], at('shares'), { axis: -1 });
    this.op('MatMul', [at('shares'), values], at('mixed'));
    this.op('Transpose', [at('mixed')], at('mixed_back'), { perm: [0, 2, 1, 3] });
    this.op('Reshape', [at('mixed_back'), 'joined_shape'], at('joined'));
    this.op('MatMul', [at('joined'), at('output')], at('attention'));
    return this.op('Add', [state, at('attention')], at('state'));
  }

  /** All keys or values of a layer, after the past ones, as floats of 32 bits. */
  private cached(layer: number, kind: 'key' | 'value', state: string): string {
    const { heads, headSize } = this.weights.size;
    const [past, present] = [this.names.past(layer, kind), this.names.present(layer, kind)];
    const isTurned = kind === 'key' && this.options.transposedKeys === true;
    const dims = (length: string) =>
      isTurned ? ['batch_size', heads, headSize, length] : ['batch_size', heads, length, headSize];
    this.inputs.push(value(past, this.type, dims('past_sequence_length')));
    this.outputs.push(value(present, this.type, dims('total_sequence_length')));
    const name = `${kind}.new.${String(layer)}`;
    this.op('MatMul', [state, `${kind}.${String(layer)}`], name);
    const fresh = this.cast(this.split(name, name, isTurned ? [0, 2, 3, 1] : [0, 2, 1, 3]), this.type);
    this.op('Concat', [past, fresh], present, { axis: isTurned ? 3 : 2 });
    return this.cast(present, 'float32');
  }

  private positions(): string {
    if (!this.options.positionIds) return 'query_positions';
    this.inputs.push(value(this.names.positions, 'int64', ['batch_size', 'sequence_length']));
    return this.names.positions;
  }

  /** Minus ten thousand where a token may not look: behind itself, and at padding. */
  private addBias(): void {
    const { ids, mask } = this.names;
    this.op('Shape', [ids], 'ids_shape');
    this.op('Shape', [mask], 'mask_shape');
    this.op('Gather', ['ids_shape', 'one'], 'count');
    this.op('Gather', ['mask_shape', 'one'], 'total');
    this.op('Sub', ['total', 'count'], 'past_length');
    this.op('Range', ['past_length', 'total', 'one'], 'query_positions');
    this.op('Range', ['zero', 'total', 'one'], 'key_positions');
    this.op('Unsqueeze', ['query_positions', 'last_axis'], 'query_column');
    this.op('Greater', ['key_positions', 'query_column'], 'is_later');
    this.op('Where', ['is_later', 'never', 'nothing'], 'causal');
    this.op('Cast', [mask], 'mask_float', { to: 1 });
    this.op('Unsqueeze', ['mask_float', 'middle_axes'], 'mask_wide');
    this.op('Sub', ['float_one', 'mask_wide'], 'padding');
    this.op('Mul', ['padding', 'never'], 'padding_bias');
    this.op('Add', ['causal', 'padding_bias'], 'bias');
  }

  private keepLast(state: string): string {
    const { logitsToKeep } = this.options;
    if (!logitsToKeep) return state;
    const isOptional = logitsToKeep === 'optional';
    const name = isOptional ? 'logits_to_keep' : 'num_logits_to_keep';
    this.inputs.push(value(name, 'int64', isOptional ? [1] : []));
    if (isOptional) this.constants.push(constant(name, [1], BigInt64Array.of(1n)));
    this.op('Neg', [name], 'minus_kept');
    this.op('Reshape', ['minus_kept', 'flat_shape'], 'first_kept');
    return this.op('Slice', [state, 'first_kept', 'end', 'axis_one'], 'kept');
  }

  private logits(all: string): void {
    const { names, options, weights } = this;
    this.outputs.push(
      value(names.logits, this.type, ['batch_size', 'logits_length', weights.size.vocabulary]),
    );
    if (!options.cacheBranch) {
      this.cast(all, this.type, names.logits);
      return;
    }
    this.inputs.push(value('use_cache_branch', 'bool', [1]));
    this.op('Greater', ['past_length', 'zero'], 'has_past');
    this.op('Equal', ['has_past', 'use_cache_branch'], 'is_right');
    this.cast('is_right', 'float32', 'right_factor');
    this.cast(this.op('Mul', [all, 'right_factor'], 'checked'), this.type, names.logits);
  }

  private addConstants(): void {
    const { heads, headSize } = this.weights.size;
    const whole = (name: string, dims: number[], ...values: number[]) =>
      this.constants.push(constant(name, dims, BigInt64Array.from(values, BigInt)));
    whole('zero', [], 0);
    whole('one', [], 1);
    whole('axis_one', [1], 1);
    whole('last_axis', [1], -1);
    whole('middle_axes', [2], 1, 2);
    whole('flat_shape', [1], -1);
    whole('end', [1], Number.MAX_SAFE_INTEGER);
    whole('split_shape', [4], 0, 0, heads, headSize);
    whole('joined_shape', [3], 0, 0, heads * headSize);
    this.constants.push(
      constant('scale', [], Float32Array.of(1 / Math.sqrt(headSize))),
      constant('never', [], Float32Array.of(-10_000)),
      constant('nothing', [], Float32Array.of(0)),
      constant('float_one', [], Float32Array.of(1)),
    );
  }

  private matrix(name: string, values: Float32Array, rows: number): void {
    this.constants.push(constant(name, [rows, values.length / rows], values));
  }

  /** [batch, length, heads * size] to four dimensions in the given order. */
  private split(input: string, name: string, perm: number[]): string {
    this.op('Reshape', [input, 'split_shape'], `${name}.split`);
    return this.op('Transpose', [`${name}.split`], `${name}.heads`, { perm });
  }

  private cast(input: string, type: 'float32' | 'float16', output = `${input}.${type}`): string {
    return this.op('Cast', [input], output, { to: type === 'float32' ? 1 : 10 });
  }

  private op(
    kind: string,
    inputs: string[],
    output: string,
    attributes: Record<string, Attribute> = {},
  ): string {
    this.nodes.push(node(kind, inputs, [output], attributes));
    return output;
  }
}
