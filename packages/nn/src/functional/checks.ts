import { ArgumentError, DTypeError, type Shape, ShapeError, type Tensor } from '@dl/tensor';
import { checkFloating, checkTensor, describe, formatShape, isFloating, sameShape } from '@dl/tensor/internal';

/** Refuses inputs that are not tensors of one floating dtype; `null` ones are left out. */
export function checkInputs(caller: string, inputs: Readonly<Record<string, Tensor | null>>): void {
  const given = Object.entries(inputs).filter((entry): entry is [string, Tensor] => entry[1] !== null);
  for (const [name, x] of given) {
    checkTensor(caller, name, x);
    checkFloating(caller, name, x);
  }
  const [first, ...rest] = given;
  const odd = rest.find(([, x]) => x.dtype !== first?.[1].dtype);
  if (first === undefined || odd === undefined) return;
  throw new DTypeError(
    `${caller}: inputs must have one dtype; got ${first[0]} ${first[1].dtype} and ${odd[0]} ${odd[1].dtype}. Cast one: x.to(dtype)`,
  );
}

/** Refuses a tensor of another shape than the one it must have. */
export function checkSize(caller: string, name: string, x: Tensor, shape: Shape): void {
  if (!sameShape(x.shape, shape)) throw new ShapeError(`${caller}: ${name} must be ${formatShape(shape)}; got ${formatShape(x.shape)}`);
}

/** Refuses an input and a target of different shapes: they would broadcast, which is hardly ever meant. */
export function checkSameShape(caller: string, name: string, x: Tensor, otherName: string, y: Tensor): void {
  if (sameShape(x.shape, y.shape)) return;
  throw new ShapeError(
    `${caller}: ${name} and ${otherName} must have the same shape; got ${name} ${formatShape(x.shape)} and ${otherName} ${formatShape(y.shape)}`,
  );
}

/** Refuses an input that is no floating tensor, and a target that is none or bool; a target of numbers is brought to the input's dtype. */
export function numericTarget(caller: string, input: Tensor, target: Tensor): Tensor {
  checkTensor(caller, 'input', input);
  checkFloating(caller, 'input', input);
  checkTensor(caller, 'target', target);
  checkSameShape(caller, 'input', input, 'target', target);
  return isFloating(target.dtype) && isFloating(input.dtype) ? target : target.to(input.dtype);
}

/** Refuses a probability outside [0, 1]. */
export function checkProbability(caller: string, name: string, p: unknown): void {
  if (typeof p === 'number' && p >= 0 && p <= 1) return;
  throw new ArgumentError(`${caller}: ${name} must be a number in [0, 1]; got ${describe(p)}`);
}

/** Refuses what is not a finite number above 0. */
export function checkPositive(caller: string, name: string, value: unknown): void {
  if (typeof value === 'number' && Number.isFinite(value) && value > 0) return;
  throw new ArgumentError(`${caller}: ${name} must be a finite number above 0; got ${describe(value)}`);
}

/** Refuses what is not a finite number from 0 up. */
export function checkNonNegative(caller: string, name: string, value: unknown): void {
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return;
  throw new ArgumentError(`${caller}: ${name} must be a finite number from 0 up; got ${describe(value)}`);
}

/** Refuses another exponent than 1 and 2. */
export function checkPower(caller: string, p: unknown): void {
  if (p !== 1 && p !== 2) throw new ArgumentError(`${caller}: p must be 1 or 2; got ${describe(p)}`);
}
