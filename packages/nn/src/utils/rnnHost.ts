import { ArgumentError, ShapeError, Tensor } from '@dl/tensor';
import { describe } from '@dl/tensor/internal';

/** Whole numbers on the host. */
export type Integers = Int32Array<ArrayBuffer>;

/** Whole numbers that shapes depend on: an array, or an int32 or uint8 tensor made from one. */
export type HostIntegers = ArrayLike<number> | Tensor;

/** The numbers, at once. @throws ArgumentError for a tensor that has yet to be computed, or is none of integers; or for another thing. */
export function hostIntegers(caller: string, name: string, given: HostIntegers): Integers {
  const values = given instanceof Tensor ? elementsOf(caller, name, given) : given;
  if (typeof values !== 'object' || values === null || typeof values.length !== 'number')
    throw new ArgumentError(`${caller}: ${name} must be whole numbers; got ${describe(values)}`);
  const odd = Array.from(values).find((value) => !Number.isInteger(value) || Math.abs(value) >= 2 ** 31);
  if (odd !== undefined) throw new ArgumentError(`${caller}: ${name} must be whole numbers; got ${describe(odd)}`);
  return Int32Array.from(values);
}

function elementsOf(caller: string, name: string, given: Tensor): ArrayLike<number> {
  if (given.ndim !== 1) throw new ShapeError(`${caller}: ${name} must have one dim; got ${describe(given)}`);
  const host = given.value.storage?.host;
  if (host !== null && host !== undefined) return host;
  throw new ArgumentError(
    `${caller}: ${name} must be numbers, or an int32 tensor made of them; got one to be computed. Read it first: await ${name}.data()`,
  );
}
