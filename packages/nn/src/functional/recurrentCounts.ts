import type { Tensor } from '@dl/tensor';
import type { Node } from '@dl/tensor/internal';

/**
 * Takes a recipe that somebody may use, or not, out of the count of its inputs' uses, down to the ends given: as if it had been evaluated
 * and its value not kept. Its first consumer, or evaluation, brings it back. So a layer can offer results, and a plan need not keep
 * what they are made of until somebody wants them.
 */
export function uncounted(x: Tensor, ends: readonly Tensor[]): void {
  const stops = new Set<Node>(ends.map(({ value }) => value.node));
  const work = [x.value.node];
  for (let node = work.pop(); node !== undefined; node = work.pop()) {
    if (node.settled || stops.has(node) || node.inputs.length === 0 || node.outputs.some(({ uses }) => uses > 0)) continue;
    node.settled = true;
    for (const input of node.inputs) {
      input.uses--;
      work.push(input.node);
    }
  }
}
