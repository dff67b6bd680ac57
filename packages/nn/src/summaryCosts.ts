import { Tensor, type TensorSpec } from '@dl/tensor';
import { bytesOf, type Node, type Primitives, sizeOf } from '@dl/tensor/internal';

/** The primitives that do nearly all multiplications; the others cost about one an element. */
type Multiplying =
  | 'matmul'
  | 'linear'
  | 'convolution'
  | 'convolutionInputGradient'
  | 'convolutionWeightGradient'
  | 'attention'
  | 'rnn'
  | 'lstm'
  | 'gru';

type Specs = readonly TensorSpec[];

/** How often a primitive multiplies and adds, from the sizes of its inputs and its first output. */
const costs: { readonly [N in Multiplying & keyof Primitives]: (inputs: Specs, output: TensorSpec, params: object) => number } = {
  matmul: ([a], output, params) => size(output) * sizeAt(a, 'transposeA' in params && params.transposeA === true ? -2 : -1),
  linear: ([x], output) => size(output) * sizeAt(x, -1),
  // Each element of the result meets one kernel of one group.
  convolution: ([, weight], output) => size(output) * kernelOf(weight),
  convolutionInputGradient: ([gradient, weight]) => size(gradient) * kernelOf(weight),
  convolutionWeightGradient: ([gradient], output) => size(gradient) * kernelOf(output),
  // Queries with keys, and weights with values.
  attention: ([query, key, value]) =>
    size(query) * sizeAt(key, -2) + (size(query) / Math.max(1, sizeAt(query, -1))) * sizeAt(key, -2) * sizeAt(value, -1),
  rnn: recurrence,
  lstm: recurrence,
  gru: recurrence,
};

/**
 * The multiply-adds of the graph between a call's inputs and its outputs, without nodes that were counted before; adds them to those.
 * What stands behind parameters and buffers is how they began, and not part of the call.
 */
export function multiplyAddsBehind(outputs: readonly Tensor[], inputs: readonly Tensor[], counted: Set<object>): number {
  const given = new Set(inputs.map(({ value }) => value));
  const met = new Set<object>();
  const work = outputs.map(({ value }) => value);
  let total = 0;
  for (let value = work.pop(); value !== undefined; value = work.pop()) {
    if (given.has(value) || value.owner !== null || met.has(value.node)) continue;
    met.add(value.node);
    work.push(...value.node.inputs);
    if (counted.has(value.node)) continue;
    counted.add(value.node);
    total += costOf(value.node);
  }
  return total;
}

/** The tensors in a call's inputs or outputs: alone, in arrays or in plain objects. */
export function tensorsIn(result: unknown): Tensor[] {
  if (result instanceof Tensor) return [result];
  if (typeof result !== 'object' || result === null) return [];
  return (Array.isArray(result) ? result : Object.values(result)).flatMap(tensorsIn);
}

/** What a tensor takes in memory. */
export function sizeInBytes({ shape, dtype }: TensorSpec): number {
  return sizeOf(shape) * bytesOf[dtype];
}

// ---------------------------------------------------------------------------------------------------------------------

function costOf({ primitive, inputs, outputs, params }: Node): number {
  const output = outputs[0]?.spec;
  if (primitive === null || output === undefined || !isMultiplying(primitive)) return 0;
  return costs[primitive](
    inputs.map(({ spec }) => spec),
    output,
    params,
  );
}

function isMultiplying(primitive: string): primitive is Multiplying {
  return Object.hasOwn(costs, primitive);
}

/** Each step multiplies the hidden state with the weight; what the inputs contribute is a product of its own. */
function recurrence([gates]: Specs, output: TensorSpec): number {
  // [T, B, gates · H] each: one product of H for every gate.
  return size(gates) * sizeAt(output, -1);
}

function size(spec: TensorSpec | undefined): number {
  return spec === undefined ? 0 : sizeOf(spec.shape);
}

function sizeAt(spec: TensorSpec | undefined, dim: number): number {
  return spec?.shape.at(dim) ?? 1;
}

/** The elements that one output of a convolution sees. */
function kernelOf(weight: TensorSpec | undefined): number {
  return size(weight) / Math.max(1, weight?.shape[0] ?? 1);
}
