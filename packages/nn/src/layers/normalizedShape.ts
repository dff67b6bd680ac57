import { ArgumentError, type Shape } from '@dl/tensor';
import { checkInteger, describe } from '@dl/tensor/internal';

/** The last dims that a norm is over, from what a user gave: a size, or several. */
export function normalizedShapeOf(caller: string, given: unknown): Shape {
  const shape: unknown = typeof given === 'number' ? [given] : given;
  if (!Array.isArray(shape) || shape.length === 0)
    throw new ArgumentError(`${caller}: normalizedShape must be a size or a list of at least one; got ${describe(given)}`);
  for (const size of shape) checkInteger(caller, 'each size', size, 1);
  return [...shape];
}
