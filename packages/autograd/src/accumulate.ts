import { add, Tensor } from '@dl/tensor';
import { claimGradient, type Node, startEvaluation, type Value, withGradMode } from '@dl/tensor/internal';

/** Adds gradients to those that their leaves have already, and returns the sums. */
export function accumulate(gradients: ReadonlyMap<Tensor, Tensor>, createGraph: boolean): Tensor[] {
  startWaiting(gradients);
  return withGradMode('backward', createGraph, () => Array.from(gradients, ([leaf, gradient]) => accumulateInto(leaf, gradient)));
}

function accumulateInto(leaf: Tensor, gradient: Tensor): Tensor {
  // A handle of its own: two leaves may have got the same value.
  const sum = leaf.gradient === null ? new Tensor(gradient.value) : add(leaf.gradient, gradient);
  claimGradient(leaf, sum);
  return sum;
}

/**
 * Starts the evaluation of gradients that wait to be added to, unless they have work in common with the new ones:
 * accumulating over microbatches then takes the memory of one.
 */
function startWaiting(gradients: ReadonlyMap<Tensor, Tensor>): void {
  const waiting = valuesOf([...gradients.keys()].map(({ gradient }) => gradient)).filter(({ storage }) => storage === null);
  if (waiting.length === 0) return;
  const work = workBehind(waiting);
  for (const node of workBehind(valuesOf(gradients.values()))) if (work.has(node)) return;
  startEvaluation(waiting);
}

/** The nodes that an evaluation of these values would compute; constants and parameters' initial values do not count. */
function workBehind(values: readonly Value[]): Set<Node> {
  const nodes = new Set<Node>();
  addWork(values, nodes);
  for (const node of nodes) addWork(node.inputs, nodes);
  return nodes;
}

function addWork(values: readonly Value[], nodes: Set<Node>): void {
  for (const { node, owner, storage } of values) if (storage === null && owner === null && node.inputs.length > 0) nodes.add(node);
}

function valuesOf(tensors: Iterable<Tensor | null>): Value[] {
  return [...tensors].flatMap((tensor) => tensor?.value ?? []);
}
