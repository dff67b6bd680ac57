import { describe } from '../checks.ts';
import { ShapeError } from '../errors.ts';
import { checkShape, type Shape } from '../shape.ts';

/** Sizes, or one size for one dimension. */
export type Sizes = number | Shape;

/** Sizes as a shape of their own, checked. */
export function shapeFrom(caller: string, shape: Sizes): Shape {
  if (typeof shape !== 'number' && !Array.isArray(shape))
    throw new ShapeError(`${caller}: a shape must be an array of sizes; got ${describe(shape)}`);
  const sizes = typeof shape === 'number' ? [shape] : [...shape];
  checkShape(caller, sizes);
  return sizes;
}
