import { checkInteger, checkTensor, describe } from '../checks.ts';
import { ArgumentError, ShapeError } from '../errors.ts';
import { reachOf, type Steps } from '../primitives/shapes/windows.ts';
import { formatShape } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { reshapeTo } from './movement.ts';

/** How errors call the spatial dims of one, two and three. */
const layouts = ['L', 'H, W', 'D, H, W'] as const;

/** One number for each spatial dim, of an option that is one number for all or a list; each from `least` up. */
export function eachDim(caller: string, name: string, value: number | readonly number[], rank: number, least: number): readonly number[] {
  const sizes = typeof value === 'number' ? new Array<number>(rank).fill(value) : value;
  if (!Array.isArray(sizes) || sizes.length !== rank) {
    const list = rank === 1 ? 'a list of one' : `a list of ${rank}`;
    throw new ArgumentError(`${caller}: ${name} must be a number or ${list}; got ${describe(value)}`);
  }
  for (const size of sizes) checkInteger(caller, name, size, least);
  return [...sizes];
}

/** `x` as a batch: one image alone gets a batch dim of size 1. */
export function batchOf(caller: string, x: Tensor, rank: number): Tensor {
  checkTensor(caller, 'x', x);
  if (x.ndim === rank + 2) return x;
  if (x.ndim === rank + 1) return reshapeTo(x, [1, ...x.shape]);
  const layout = layouts[rank - 1];
  throw new ShapeError(`${caller}: x must be [N, C, ${layout}] or [C, ${layout}]; got ${formatShape(x.shape)}`);
}

/** Without the batch dim that `batchOf` added. */
export function unbatched(y: Tensor, x: Tensor): Tensor {
  return y.ndim === x.ndim ? y : reshapeTo(y, y.shape.slice(1));
}

/** Refuses windows that do not fit into the padded input. */
export function checkReach(caller: string, sizes: readonly number[], dims: readonly Steps[]): void {
  const padded = sizes.map((size, dim) => size + 2 * (dims[dim]?.padding ?? 0));
  const reach = dims.map(reachOf);
  if (padded.every((size, dim) => size >= (reach[dim] ?? 1))) return;
  throw new ShapeError(
    `${caller}: the kernel must not be larger than the padded input; got ${formatShape(reach)} over ${formatShape(padded)}`,
  );
}
