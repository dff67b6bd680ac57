import type { Node, Value } from '../graph/node.ts';
import { freshStamp, type Walk } from '../graph/walk.ts';

/**
 * Cuts the graph behind what a step has consumed: each node of the plan that depended on a replaced value drops its inputs.
 * One with a value becomes a leaf through which no gradient passes; one without is gone, unless the old value lives on.
 * So `losses.push(loss)` keeps four bytes, not a graph.
 */
export function cutConsumed({ order, leaves, evaluatedCompanions }: Walk, replaced: ReadonlySet<Value>): void {
  const dependent = new Set<Node>();
  for (const values of [leaves, evaluatedCompanions]) {
    for (const { node } of values) if (node.inputs.length > 0) addDependent(node, replaced, dependent);
  }
  for (const node of order) if (dependsDirectly(node, replaced, dependent)) dependent.add(node);
  for (const node of dependent) cut(node);
}

/** Adds the nodes of an evaluated value's history that depend on the replaced values. Without recursion. */
function addDependent(root: Node, replaced: ReadonlySet<Value>, dependent: Set<Node>): void {
  if (dependent.has(root)) return;
  const stamp = freshStamp();
  const stack: { node: Node; next: number }[] = [{ node: root, next: 0 }];
  root.stamp = stamp;
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const input = top.node.inputs[top.next++];
    if (input === undefined) {
      stack.pop();
      if (dependsDirectly(top.node, replaced, dependent)) dependent.add(top.node);
    } else if (input.node.stamp !== stamp && input.node.inputs.length > 0 && !dependent.has(input.node)) {
      input.node.stamp = stamp;
      stack.push({ node: input.node, next: 0 });
    }
  }
}

function dependsDirectly({ inputs }: Node, replaced: ReadonlySet<Value>, dependent: ReadonlySet<Node>): boolean {
  for (let i = 0; i < inputs.length; i++) {
    const input = inputs[i] as Value;
    if (replaced.has(input) || dependent.has(input.node)) return true;
  }
  return false;
}

function cut(node: Node): void {
  if (node.outputs.some(({ owner }) => owner !== null)) return;
  node.inputs = [];
  node.consumed = node.engine !== null;
  for (const output of node.outputs) output.gone = output.storage === null;
}
