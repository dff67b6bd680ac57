import { isFloating } from './dtype.ts';
import { isGradEnabled } from './gradMode.ts';
import { Node, Value } from './graph/node.ts';
import { stopsGradient } from './primitives/properties.ts';
import { shapeRules } from './primitives/shapes/index.ts';
import type { PrimitiveName } from './primitives/signatures.ts';
import type { InputsOf, ParamsOf, ResultOf, Scalar, ScalarsOf } from './primitives/tables.ts';
import type { TensorSpec } from './shape.ts';
import { type GradientEngine, Tensor } from './tensor.ts';

/**
 * Makes the node of a primitive and returns its outputs as tensors. Nothing is computed.
 * Arguments must have been checked by the calling function.
 */
export function apply<N extends PrimitiveName>(
  primitive: N,
  inputs: InputsOf<N, Tensor>,
  params: ParamsOf<N>,
  scalars: ScalarsOf<N, Scalar>,
): ResultOf<N, Tensor>;
export function apply(
  primitive: PrimitiveName,
  inputs: readonly Tensor[],
  params: object,
  scalars: readonly Scalar[],
): Tensor | readonly Tensor[] {
  const values = new Array<Value>(inputs.length);
  const inputSpecs = new Array<TensorSpec>(inputs.length);
  for (let i = 0; i < inputs.length; i++) {
    const { value } = inputs[i] as Tensor;
    values[i] = value;
    inputSpecs[i] = value.spec;
  }
  const node = new Node(primitive, values, params, scalars);
  const result = addOutputs(node, inferSpecs(primitive, inputSpecs, params));
  if (isGradEnabled()) node.engine = inheritedEngine(primitive, node);
  if (observe !== null) observe(node);
  return result;
}

/** The specs of a primitive's outputs: one, or a list where it has several. */
export function inferSpecs(primitive: PrimitiveName, inputs: readonly TensorSpec[], params: object): TensorSpec | readonly TensorSpec[] {
  // The rule is of this very primitive, so its inputs and params fit; the compiler cannot follow the correlation.
  return shapeRules[primitive](inputs as never, params as never);
}

/** Called with each new node while the debug switch is on. */
let observe: ((node: Node) => void) | null = null;

export function observeNodes(observer: ((node: Node) => void) | null): void {
  observe = observer;
}

/** Calls a function whose nodes are a draft that is never evaluated: the debug switch must not look at them. */
export function unobserved<T>(f: () => T): T {
  const before = observe;
  observe = null;
  try {
    return f();
  } finally {
    observe = before;
  }
}

function addOutputs(node: Node, specs: TensorSpec | readonly TensorSpec[]): Tensor | readonly Tensor[] {
  if ('dtype' in specs) {
    const value = new Value(node, 0, specs);
    node.outputs = [value];
    return new Tensor(value);
  }
  node.outputs = specs.map((spec, index) => new Value(node, index, spec));
  return node.outputs.map((value) => new Tensor(value));
}

function inheritedEngine(primitive: PrimitiveName, node: Node): GradientEngine | null {
  const [output] = node.outputs;
  if (output === undefined || !isFloating(output.spec.dtype) || stopsGradient.has(primitive)) return null;
  for (const input of node.inputs) {
    if (input.node.engine !== null && isFloating(input.spec.dtype)) return input.node.engine;
  }
  return null;
}
