import type { TypedArray } from '../dtype.ts';
import { IndexError } from '../errors.ts';
import type { Node } from '../graph/node.ts';
import { type IndexCheck, indexCheckOf } from '../primitives/properties.ts';

/**
 * Checks the indices and labels that are leaves before a run is launched: nothing has happened yet when this throws.
 *
 * @throws IndexError naming the primitive, the index and its place.
 */
export function checkLeafIndices(order: readonly Node[]): void {
  for (const node of order) {
    const check = node.primitive === null ? null : indexCheckOf(node.primitive, specsOf(node), node.params);
    if (check === null) continue;
    const host = node.inputs[check.input]?.storage?.host;
    if (host !== null && host !== undefined) checkAll(node.primitive ?? '', host, check);
  }
}

function specsOf(node: Node) {
  return node.inputs.map(({ spec }) => spec);
}

function checkAll(primitive: string, indices: TypedArray, { noun, limit, ignored }: IndexCheck): void {
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i] as number;
    if ((index < 0 || index >= limit) && index !== ignored) {
      throw new IndexError(`${primitive}: every ${noun} must be in [0, ${limit}); got ${index} at position ${i}`);
    }
  }
}
