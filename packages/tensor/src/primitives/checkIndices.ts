import type { TypedArray } from '../dtype.ts';
import { IndexError } from '../errors.ts';
import type { IndexCheck } from './properties.ts';

/**
 * Refuses indices and labels that point outside.
 *
 * @throws IndexError naming the primitive, the first wrong index, its place among the indices, and the range.
 */
export function checkIndices(primitive: string, indices: TypedArray, { noun, limit, ignored, place }: IndexCheck): void {
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i] as number;
    if ((index < 0 || index >= limit) && index !== ignored) {
      throw new IndexError(`${primitive}: ${noun} ${index} at position ${i} is out of range for ${place}`);
    }
  }
}
