import { unobserved } from '../apply.ts';
import type { Backend } from '../backend.ts';
import { withGradMode } from '../gradMode.ts';
import { decompositions } from '../primitives/decompositions/index.ts';
import type { DecomposableName, PrimitiveName } from '../primitives/signatures.ts';
import type { Scalar } from '../primitives/tables.ts';
import { Tensor } from '../tensor.ts';
import { type Draft, draftOf, topologicalOrder } from './draft.ts';
import { leafValue, Node, Value } from './node.ts';

type Mapping = Map<Value, Value>;

/** A walked graph as a draft: the same nodes over placeholders, with scalar slots for numbers, and without what the backend wants decomposed. */
export function lower(order: readonly Node[], leaves: readonly Value[], roots: readonly Value[], backend: Backend): Draft {
  return unobserved(() => lowered(order, leaves, roots, backend));
}

function lowered(order: readonly Node[], leaves: readonly Value[], roots: readonly Value[], backend: Backend): Draft {
  const placeholders: Mapping = new Map(leaves.map((leaf) => [leaf, leafValue(leaf.spec, null)]));
  const inputs = [...placeholders.values()];
  let current = withGradMode('lower', false, () => {
    const mapping = copyWithSlots(order, placeholders);
    return roots.map((root) => mapping.get(root) as Value);
  });
  for (let order = topologicalOrder(current); order.some((node) => isDecomposed(node, backend)); order = topologicalOrder(current)) {
    const nodes = order;
    current = withGradMode('lower', false, () => decomposeOnce(nodes, current, backend));
  }
  return draftOf(inputs, current);
}

/** Counts scalars in the nodes' order: slot k of a run's block is the k-th scalar met. */
function copyWithSlots(order: readonly Node[], mapping: Mapping): Mapping {
  let slot = 0;
  for (const node of order) {
    const scalars = node.scalars.map(() => ({ slot: slot++ }));
    copyNode(node, scalars, mapping);
  }
  return mapping;
}

function decomposeOnce(order: readonly Node[], roots: readonly Value[], backend: Backend): Value[] {
  const mapping: Mapping = new Map();
  for (const node of order) {
    if (isDecomposed(node, backend)) decomposeNode(node, mapping);
    else copyNode(node, node.scalars, mapping);
  }
  return roots.map((root) => mapped(root, mapping));
}

function copyNode(node: Node, scalars: readonly Scalar[], mapping: Mapping): void {
  const copy = new Node(
    node.primitive,
    node.inputs.map((input) => mapped(input, mapping)),
    node.params,
    scalars,
  );
  copy.outputs = node.outputs.map((output) => new Value(copy, output.index, output.spec));
  for (const output of node.outputs) if (output.storage === null) mapping.set(output, copy.outputs[output.index] as Value);
}

function decomposeNode(node: Node, mapping: Mapping): void {
  const inputs = node.inputs.map((input) => new Tensor(mapped(input, mapping)));
  const rule = decompositions[node.primitive as DecomposableName];
  // The rule is of this very primitive; the compiler cannot follow the correlation.
  const result: Tensor | readonly Tensor[] = rule(inputs as never, node.params as never, node.scalars as never);
  const outputs = result instanceof Tensor ? [result] : result;
  for (const output of node.outputs) mapping.set(output, (outputs[output.index] as Tensor).value);
}

function isDecomposed({ primitive }: Node, backend: Backend): boolean {
  const names: ReadonlySet<PrimitiveName> = backend.decomposed;
  return primitive !== null && names.has(primitive);
}

/** Leaves stand for themselves. */
function mapped(value: Value, mapping: Mapping): Value {
  return mapping.get(value) ?? value;
}
