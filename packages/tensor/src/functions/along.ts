import { apply } from '../apply.ts';
import { checkFloating, checkTensor } from '../checks.ts';
import { ShapeError } from '../errors.ts';
import { formatShape, normalizeDim, normalizeDims, type Shape } from '../shape.ts';
import type { Tensor } from '../tensor.ts';

/** Over which dims to reduce. */
export interface ReductionOptions {
  /** One dim or several; negative ones count from the end. Default: all. */
  readonly dim?: number | readonly number[];
  /** Whether reduced dims stay, with size 1; default false. */
  readonly keepDim?: boolean;
}

/** Along which single dim to reduce. */
export interface DimOptions {
  /** One dim; negative ones count from the end. Default: the whole tensor, flattened. */
  readonly dim?: number;
  /** Whether the reduced dim stays, with size 1; default false. */
  readonly keepDim?: boolean;
}

/** No dim and an empty list of dims mean all, as in PyTorch. */
export function dimsOf(caller: string, x: Tensor, dim: number | readonly number[] | undefined): readonly number[] {
  const isList = Array.isArray(dim);
  if (dim !== undefined && !isList) return normalizeDims(caller, normalizeDim(caller, dim as number, x.ndim), x.ndim);
  return normalizeDims(caller, isList && dim.length === 0 ? undefined : dim, x.ndim);
}

export function reduce(name: 'sum' | 'prod' | 'amax' | 'amin', x: Tensor, options: ReductionOptions, caller: string = name): Tensor {
  checkTensor(caller, 'x', x);
  const { dim, keepDim = false } = options;
  return apply(name, [x], { dims: dimsOf(caller, x, dim), keepDim }, []);
}

export function extreme(name: 'amax' | 'amin', x: Tensor, options: ReductionOptions, caller: string = name): Tensor {
  checkTensor(caller, 'x', x);
  checkNotEmpty(caller, x.shape, dimsOf(caller, x, options.dim));
  return reduce(name, x, options, caller);
}

export function isEmptyAlong(shape: Shape, dims: readonly number[]): boolean {
  return dims.some((dim) => shape[dim] === 0);
}

function checkNotEmpty(caller: string, shape: Shape, dims: readonly number[]): void {
  if (isEmptyAlong(shape, dims))
    throw new ShapeError(`${caller}: there must be an element to find; got ${formatShape(shape)} along dims [${dims.join(', ')}]`);
}

/** The tensor and the dim along which to look, flattened where none is given, and the shape of the result. */
export function lineUp(caller: string, x: Tensor, { dim, keepDim = false }: DimOptions): { line: Tensor; dim: number; shape: Shape } {
  const dims = normalizeDims(caller, dim === undefined ? dim : normalizeDim(caller, dim, x.ndim), x.ndim);
  checkNotEmpty(caller, x.shape, dims);
  const shape = keepDim ? x.shape.map((size, i) => (dims.includes(i) ? 1 : size)) : x.shape.filter((_, i) => !dims.includes(i));
  if (dim !== undefined && x.ndim > 0) return { line: x, dim: normalizeDim(caller, dim, x.ndim), shape };
  return { line: apply('reshape', [x], { shape: [x.numel()] }, []), dim: 0, shape };
}

/** How many elements a reduction takes together. */
export function countOf(caller: string, x: Tensor, { dim }: ReductionOptions): number {
  return dimsOf(caller, x, dim).reduce((count, d) => count * x.size(d), 1);
}

/** Refuses what is not a tensor of fractions. */
export function checkInput(caller: string, x: Tensor): void {
  checkTensor(caller, 'x', x);
  checkFloating(caller, 'x', x);
}
