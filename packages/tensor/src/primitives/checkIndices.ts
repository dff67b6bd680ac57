import type { TypedArray } from '../dtype.ts';
import { IndexError } from '../errors.ts';
import type { IndexCheck } from './properties.ts';

/**
 * Refuses indices and labels that point outside.
 *
 * @throws IndexError naming the primitive, the first wrong index, its place among the indices, and the range.
 */
export function checkIndices(primitive: string, indices: TypedArray, check: IndexCheck): void {
  const { limit, ignored } = check;
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i] as number;
    if ((index < 0 || index >= limit) && index !== ignored) throw indexError(primitive, index, i, check);
  }
}

/** The error for an index that points outside. */
export function indexError(primitive: string, index: number, position: number, { noun, place }: IndexCheck): IndexError {
  return new IndexError(`${primitive}: ${noun} ${index} at position ${position} is out of range for ${place}`);
}
