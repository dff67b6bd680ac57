import type { Tensor } from '@dl/tensor';
import type { Node, Value } from '@dl/tensor/internal';

/**
 * Values behind the roots that have consumers which are not: nodes that were built for nothing. An evaluation of the roots
 * would have to keep such values, and a step could not update a parameter among them in place.
 */
export function unseenUses(roots: readonly Tensor[]): string[] {
  const seen = new Map<Value, number>();
  const nodes = new Set<Node>(roots.map(({ value }) => value.node));
  for (const node of nodes) {
    for (const input of node.inputs) {
      seen.set(input, (seen.get(input) ?? 0) + 1);
      nodes.add(input.node);
    }
  }
  return [...seen].filter(([value, count]) => value.uses !== count).map(([value]) => value.node.primitive ?? 'leaf');
}
