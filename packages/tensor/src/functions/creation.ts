import { apply } from '../apply.ts';
import { checkDType, checkFinite, checkInteger, checkTensor, describe } from '../checks.ts';
import { type DType, isIntegral } from '../dtype.ts';
import { ArgumentError, ShapeError } from '../errors.ts';
import { sizeOf } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { pow, sub } from './arithmetic.ts';
import { eq, le } from './comparison.ts';
import { tensor } from './fromData.ts';
import { castTo } from './operands.ts';
import { type Sizes, shapeFrom } from './sizes.ts';
import { where } from './where.ts';

/** The element type of what is created. */
export interface DTypeOptions {
  /** Default float32, or that of the tensor to resemble. */
  readonly dtype?: DType;
}

/** What `arange` takes. */
export interface ArangeOptions extends DTypeOptions {
  /** The distance between neighbours, not 0; default 1. */
  readonly step?: number;
}

/** What `logspace` takes. */
export interface LogspaceOptions extends DTypeOptions {
  /** What is raised to the powers; default 10. */
  readonly base?: number;
}

/** What `eye` takes. */
export interface EyeOptions extends DTypeOptions {
  /** The number of columns; default that of rows. */
  readonly m?: number;
}

/** What `tril` and `triu` take. */
export interface DiagonalOptions {
  /** Which diagonal bounds the triangle: 0 the main one, 1 the one above it. Default 0. */
  readonly diagonal?: number;
}

/**
 * A tensor of zeros. PyTorch: `torch.zeros`.
 *
 * @throws ShapeError for sizes that are not whole numbers from 0 up.
 * @example zeros([2, 3])
 */
export function zeros(shape: Sizes, options: DTypeOptions = {}): Tensor {
  return filled('zeros', shape, 0, options.dtype ?? 'float32');
}

/**
 * A tensor of ones. PyTorch: `torch.ones`.
 *
 * @throws ShapeError for sizes that are not whole numbers from 0 up.
 * @example ones([2, 3], { dtype: 'int32' })
 */
export function ones(shape: Sizes, options: DTypeOptions = {}): Tensor {
  return filled('ones', shape, 1, options.dtype ?? 'float32');
}

/**
 * A tensor with `value` everywhere; bool for a boolean, else float32 unless `dtype` says. PyTorch: `torch.full`.
 *
 * @throws ShapeError for sizes that are not whole numbers from 0 up; ArgumentError if the dtype cannot hold the value.
 * @example full([2, 2], 7)
 */
export function full(shape: Sizes, value: number | boolean, options: DTypeOptions = {}): Tensor {
  return filled('full', shape, value, options.dtype ?? (typeof value === 'boolean' ? 'bool' : 'float32'));
}

/**
 * A tensor whose elements do not matter: zeros. PyTorch: `torch.empty`.
 *
 * @throws ShapeError for sizes that are not whole numbers from 0 up.
 * @example empty([2, 3])
 */
export function empty(shape: Sizes, options: DTypeOptions = {}): Tensor {
  return filled('empty', shape, 0, options.dtype ?? 'float32');
}

/**
 * Zeros of the shape and dtype of `x`. PyTorch: `torch.zeros_like`.
 *
 * @example zerosLike(x, { dtype: 'int32' })
 */
export function zerosLike(x: Tensor, options: DTypeOptions = {}): Tensor {
  return filledLike('zerosLike', x, 0, options);
}

/**
 * Ones of the shape and dtype of `x`. PyTorch: `torch.ones_like`.
 *
 * @example onesLike(x)
 */
export function onesLike(x: Tensor, options: DTypeOptions = {}): Tensor {
  return filledLike('onesLike', x, 1, options);
}

/**
 * A tensor of the shape and dtype of `x` with `value` everywhere. PyTorch: `torch.full_like`.
 *
 * @throws ArgumentError if the dtype cannot hold the value.
 * @example fullLike(x, -Infinity)
 */
export function fullLike(x: Tensor, value: number | boolean, options: DTypeOptions = {}): Tensor {
  return filledLike('fullLike', x, value, options);
}

/**
 * A tensor of the shape and dtype of `x` whose elements do not matter: zeros. PyTorch: `torch.empty_like`.
 *
 * @example emptyLike(x)
 */
export function emptyLike(x: Tensor, options: DTypeOptions = {}): Tensor {
  return filledLike('emptyLike', x, 0, options);
}

/**
 * `0, 1, …` below `end`: `arange(0, end)`.
 *
 * @example arange(3) // [0, 1, 2]
 */
export function arange(end: number, options?: ArangeOptions): Tensor;
/**
 * `start, start + step, …` below `end` (above it, if the step is negative): `ceil((end - start) / step)` elements,
 * each computed as `start + i * step` in float64 and rounded once. float32 unless `dtype` says, for whole numbers
 * too (PyTorch would say int64). PyTorch: `torch.arange`.
 *
 * @throws ArgumentError if the step is 0 or points away from `end`, or if int32 or uint8 is asked for and start or step is not whole or does not fit.
 * @example arange(1, 2, { step: 0.5 }) // [1, 1.5]
 */
export function arange(start: number, end: number, options?: ArangeOptions): Tensor;
export function arange(first: number, second: number | ArangeOptions = {}, third: ArangeOptions = {}): Tensor {
  const [start, end, options] = typeof second === 'number' ? [first, second, third] : [0, first, second];
  const { step = 1, dtype = 'float32' } = options;
  checkDType('arange', dtype);
  checkFinite('arange', 'start', start);
  checkFinite('arange', 'end', end);
  checkFinite('arange', 'step', step);
  const length = Math.ceil((end - start) / step);
  if (step === 0 || length < 0) throw new ArgumentError(`arange: step must lead from start to end; got ${start} to ${end} by ${step}`);
  checkSequence('arange', start, step, length, dtype);
  return apply('iota', [], { length: length + 0, dtype }, [start, step]);
}

/**
 * `steps` numbers from `start` to `end`, both included, at equal distances. PyTorch: `torch.linspace`.
 *
 * @throws ArgumentError if a bound is not finite, or `steps` is not a whole number from 0 up.
 * @example linspace(0, 1, 5) // [0, 0.25, 0.5, 0.75, 1]
 */
export function linspace(start: number, end: number, steps: number, options: DTypeOptions = {}): Tensor {
  const { dtype = 'float32' } = options;
  checkDType('linspace', dtype);
  checkFinite('linspace', 'start', start);
  checkFinite('linspace', 'end', end);
  checkInteger('linspace', 'steps', steps, 0);
  if (isIntegral(dtype)) return tensor(wholeSteps(start, end, steps), { dtype });
  return apply('iota', [], { length: steps, dtype }, [start, steps > 1 ? (end - start) / (steps - 1) : 0]);
}

/** Multiplied before divided, so that whole results come out whole. */
function wholeSteps(start: number, end: number, steps: number): number[] {
  return Array.from({ length: steps }, (_, i) => Math.trunc(steps > 1 ? start + (i * (end - start)) / (steps - 1) : start));
}

/**
 * `base` to the powers `linspace(start, end, steps)`. PyTorch: `torch.logspace`.
 *
 * @throws ArgumentError if a bound is not finite, or `steps` is not a whole number from 0 up.
 * @example logspace(0, 2, 3) // [1, 10, 100]
 */
export function logspace(start: number, end: number, steps: number, options: LogspaceOptions = {}): Tensor {
  const { dtype = 'float32', base = 10 } = options;
  checkDType('logspace', dtype);
  checkFinite('logspace', 'base', base);
  const exponents = linspace(start, end, steps, { dtype: dtype === 'float64' ? 'float64' : 'float32' });
  return castTo(pow(base, exponents), dtype);
}

/**
 * The matrix with ones on the diagonal and zeros elsewhere. PyTorch: `torch.eye`.
 *
 * @throws ArgumentError if a size is not a whole number from 0 up.
 * @example eye(2) // [[1, 0], [0, 1]]
 */
export function eye(n: number, options: EyeOptions = {}): Tensor {
  const { m = n, dtype = 'float32' } = options;
  checkDType('eye', dtype);
  checkInteger('eye', 'n', n, 0);
  checkInteger('eye', 'm', m, 0);
  return castTo(eq(offDiagonal(n, m), 0), dtype);
}

/**
 * The lower triangle of each matrix of the last two dims, zeros above it. PyTorch: `torch.tril`.
 *
 * @throws ShapeError if `x` has fewer than two dims.
 * @example tril(ones([2, 2])) // [[1, 0], [1, 1]]
 */
export function tril(x: Tensor, options: DiagonalOptions = {}): Tensor {
  const [distance, diagonal] = triangle('tril', x, options);
  return where(le(distance, diagonal), x, false);
}

/**
 * The upper triangle of each matrix of the last two dims, zeros below it. PyTorch: `torch.triu`.
 *
 * @throws ShapeError if `x` has fewer than two dims.
 * @example triu(ones([2, 2])) // [[1, 1], [0, 1]]
 */
export function triu(x: Tensor, options: DiagonalOptions = {}): Tensor {
  const [distance, diagonal] = triangle('triu', x, options);
  return where(le(diagonal, distance), x, false);
}

export const creationMethods = { zerosLike, onesLike, fullLike, emptyLike, tril, triu };

function filled(caller: string, shape: Sizes, value: number | boolean, dtype: DType): Tensor {
  const sizes = shapeFrom(caller, shape);
  checkDType(caller, dtype);
  if (typeof value !== 'number' && typeof value !== 'boolean')
    throw new ArgumentError(`${caller}: value must be a number; got ${describe(value)}`);
  const number = dtype === 'bool' ? Number(value !== 0 && value !== false) : Number(value);
  checkSequence(caller, number, 0, sizeOf(sizes), dtype);
  return apply('full', [], { shape: sizes, dtype }, [number]);
}

function filledLike(caller: string, x: Tensor, value: number | boolean, { dtype }: DTypeOptions): Tensor {
  checkTensor(caller, 'x', x);
  return filled(caller, x.shape, value, dtype ?? x.dtype);
}

const ranges = { bool: [0, 1], uint8: [0, 255], int32: [-(2 ** 31), 2 ** 31 - 1] } as const;

/** Refuses a sequence that leaves the range of an integer dtype, or its whole numbers. */
function checkSequence(caller: string, start: number, step: number, length: number, dtype: DType): void {
  if (dtype === 'float32' || dtype === 'float64' || length === 0) return;
  const [least, most] = ranges[dtype];
  const last = start + (length - 1) * step;
  const isWhole = Number.isInteger(start) && Number.isInteger(step);
  if (isWhole && Math.min(start, last) >= least && Math.max(start, last) <= most) return;
  throw new ArgumentError(
    `${caller}: ${dtype} elements must be whole numbers in [${least}, ${most}]; got ${length > 1 ? `${start} to ${last} by ${step}` : start}`,
  );
}

/** Column minus row of each place of a matrix. */
function offDiagonal(rows: number, columns: number): Tensor {
  const row = apply('iota', [], { length: rows, dtype: 'int32' }, [0, 1]);
  const column = apply('iota', [], { length: columns, dtype: 'int32' }, [0, 1]);
  return sub(column, apply('reshape', [row], { shape: [rows, 1] }, []));
}

function triangle(caller: string, x: Tensor, { diagonal = 0 }: DiagonalOptions): readonly [Tensor, number] {
  checkTensor(caller, 'x', x);
  checkInteger(caller, 'diagonal', diagonal, -(2 ** 31), 2 ** 31 - 1);
  if (x.ndim < 2) throw new ShapeError(`${caller}: needs at least two dims; got [${x.shape.join(', ')}]`);
  return [offDiagonal(x.size(-2), x.size(-1)), diagonal];
}
