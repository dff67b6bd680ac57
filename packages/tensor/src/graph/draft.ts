import type { PrimitiveName } from '../primitives/signatures.ts';
import type { Scalar } from '../primitives/tables.ts';
import type { TensorSpec } from '../shape.ts';
import type { Node, Value } from './node.ts';

/** One primitive applied, before places are given out. Numbers index `Draft.specs`. */
export interface DraftInstruction {
  readonly primitive: PrimitiveName;
  readonly params: object;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly scalars: readonly Scalar[];
}

/** A graph between lowering and its final form: what passes rewrite. The first `inputCount` values are the run's inputs. */
export interface Draft {
  readonly specs: readonly TensorSpec[];
  readonly inputCount: number;
  readonly instructions: readonly DraftInstruction[];
  readonly roots: readonly number[];
}

/** Nodes in running order, as instructions over numbered values. */
export function draftOf(inputs: readonly Value[], roots: readonly Value[]): Draft {
  const numbers = new Map<Value, number>();
  const specs: TensorSpec[] = [];
  const number = (value: Value): number => {
    numbers.set(value, specs.length);
    return specs.push(value.spec) - 1;
  };
  for (const input of inputs) number(input);
  const instructions = topologicalOrder(roots).map((node) => ({
    primitive: node.primitive as PrimitiveName,
    params: node.params,
    inputs: node.inputs.map((input) => numbers.get(input) as number),
    outputs: node.outputs.map(number),
    scalars: node.scalars,
  }));
  return { specs, inputCount: inputs.length, instructions, roots: roots.map((root) => numbers.get(root) as number) };
}

/** The nodes behind some values, inputs first, leaves left out. Depth first and without recursion. */
export function topologicalOrder(roots: readonly Value[]): Node[] {
  const order: Node[] = [];
  const met = new Set<Node>();
  const stack: { node: Node; next: number }[] = [];
  const visit = ({ node }: Value): void => {
    if (node.primitive === null || met.has(node)) return;
    met.add(node);
    stack.push({ node, next: 0 });
  };
  for (const root of roots) {
    visit(root);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const input = top.node.inputs[top.next++];
      if (input !== undefined) visit(input);
      else order.push((stack.pop() as { node: Node }).node);
    }
  }
  return order;
}
