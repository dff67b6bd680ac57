import type { Node } from '../graph/node.ts';
import { checkIndices } from '../primitives/checkIndices.ts';
import { indexCheckOf, isIndexed } from '../primitives/properties.ts';

/**
 * Checks the indices and labels that are leaves before a run is launched: nothing has happened yet when this throws.
 *
 * @throws IndexError naming the primitive, the index and its place.
 */
export function checkLeafIndices(order: readonly Node[]): void {
  for (const node of order) {
    if (node.primitive === null || !isIndexed(node.primitive)) continue;
    const check = indexCheckOf(node.primitive, specsOf(node), node.params);
    if (check === null) continue;
    const host = node.inputs[check.input]?.storage?.host;
    if (host !== null && host !== undefined) checkIndices(node.primitive, host, check);
  }
}

function specsOf(node: Node) {
  return node.inputs.map(({ spec }) => spec);
}
