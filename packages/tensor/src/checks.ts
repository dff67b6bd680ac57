import { type DType, dtypes, isFloating } from './dtype.ts';
import { ArgumentError, DTypeError } from './errors.ts';
import { Tensor } from './tensor.ts';

/** Refuses what is not a tensor: callers without types pass arrays and numbers. */
export function checkTensor(caller: string, name: string, value: unknown): asserts value is Tensor {
  if (!(value instanceof Tensor))
    throw new ArgumentError(`${caller}: ${name} must be a tensor; got ${describe(value)}. Wrap it: tensor(…)`);
}

/** Refuses what is not a number, and `NaN`. Infinities pass. */
export function checkNumber(caller: string, name: string, value: unknown): asserts value is number {
  if (typeof value !== 'number' || Number.isNaN(value))
    throw new ArgumentError(`${caller}: ${name} must be a number; got ${describe(value)}`);
}

/** Refuses what is not a finite number. */
export function checkFinite(caller: string, name: string, value: unknown): asserts value is number {
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new ArgumentError(`${caller}: ${name} must be a finite number; got ${describe(value)}`);
  }
}

/** Refuses what is not a whole number in `[least, most]`. */
export function checkInteger(
  caller: string,
  name: string,
  value: unknown,
  least = Number.MIN_SAFE_INTEGER,
  most = Number.MAX_SAFE_INTEGER,
): asserts value is number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most) return;
  const range =
    most === Number.MAX_SAFE_INTEGER ? (least === Number.MIN_SAFE_INTEGER ? '' : ` from ${least} up`) : ` in [${least}, ${most}]`;
  throw new ArgumentError(`${caller}: ${name} must be a whole number${range}; got ${describe(value)}`);
}

/** Refuses what is not one of the allowed words. */
export function checkOneOf<W extends string>(caller: string, name: string, value: W, allowed: readonly W[]): void {
  if (!allowed.includes(value)) {
    throw new ArgumentError(`${caller}: ${name} must be one of ${allowed.map((word) => `'${word}'`).join(', ')}; got ${describe(value)}`);
  }
}

/** Refuses what is not the name of a dtype. */
export function checkDType(caller: string, dtype: DType): void {
  if (!dtypes.includes(dtype)) {
    throw new DTypeError(`${caller}: dtype must be one of ${dtypes.join(', ')}; got ${describe(dtype)}`);
  }
}

/** Refuses a tensor of integers or bools where fractions are needed. */
export function checkFloating(caller: string, name: string, x: Tensor): void {
  if (!isFloating(x.dtype)) throw new DTypeError(`${caller}: ${name} must be float32 or float64; got ${x.dtype}. Cast it: ${name}.float()`);
}

/** A value as an error message shows it. */
export function describe(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  if (value instanceof Tensor) return `a tensor of shape [${value.shape.join(', ')}]`;
  if (Array.isArray(value)) return value.length > 8 ? `an array of length ${value.length}` : `[${value.map(describe).join(', ')}]`;
  if (typeof value === 'object' && value !== null) return `a ${value.constructor?.name ?? 'object'}`;
  return typeof value === 'function' ? 'a function' : String(value);
}
