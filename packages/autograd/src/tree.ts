import { ArgumentError, Tensor } from '@dl/tensor';
import { describe } from '@dl/tensor/internal';

/** Tensors of the same nesting: each subclass of `Tensor` becomes plain. */
export type TensorsOf<T> = T extends Tensor ? Tensor : { readonly [K in keyof T]: TensorsOf<T[K]> };

/**
 * A tensor, or arrays and plain objects of such, with `f` of each tensor in its place.
 *
 * @throws ArgumentError where there is anything else.
 */
export function mapTensors<T>(caller: string, tree: T, f: (x: Tensor) => Tensor): TensorsOf<T> {
  return mapped(caller, tree, f) as TensorsOf<T>;
}

function mapped(caller: string, tree: unknown, f: (x: Tensor) => Tensor): unknown {
  if (tree instanceof Tensor) return f(tree);
  if (Array.isArray(tree)) return tree.map((item) => mapped(caller, item, f));
  if (isPlainObject(tree)) return Object.fromEntries(Object.entries(tree).map(([name, item]) => [name, mapped(caller, item, f)]));
  throw new ArgumentError(
    `${caller}: what is differentiated for must be a tensor, or arrays and plain objects of tensors; got ${describe(tree)}`,
  );
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
