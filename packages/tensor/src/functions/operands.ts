import { apply } from '../apply.ts';
import { describe } from '../checks.ts';
import { type DType, isFloating, promoteNumber, promoteTypes } from '../dtype.ts';
import { ArgumentError } from '../errors.ts';
import { Tensor } from '../tensor.ts';

/** What operations take beside a tensor: a JavaScript number or boolean stands for a tensor of rank 0. */
export type TensorLike = Tensor | number | boolean;

/**
 * An operand as a tensor. A number becomes a constant of rank 0, of the dtype that it has beside `like` (`promoteNumber`);
 * alone it is float32, and a boolean bool.
 *
 * @throws ArgumentError if it is neither a tensor nor a number nor a boolean, or does not fit the integer dtype of `like`.
 */
export function asTensor(caller: string, value: TensorLike, like?: Tensor): Tensor {
  if (value instanceof Tensor) return value;
  if (typeof value !== 'number' && typeof value !== 'boolean') {
    throw new ArgumentError(`${caller}: an operand must be a tensor, a number or a boolean; got ${describe(value)}`);
  }
  return constant(caller, value, like === undefined ? dtypeAlone(value) : promoteNumber(like.dtype, value));
}

/** A tensor of rank 0 that holds one number. */
export function constant(caller: string, value: number | boolean, dtype: DType): Tensor {
  const number = Number(value);
  checkRange(caller, number, dtype);
  return apply('full', [], { shape: [], dtype }, [dtype === 'uint8' ? number & 255 : number]);
}

/** Least and greatest of the integer dtypes. As in PyTorch, a negative operand next to uint8 wraps: `x + -1` is `x - 1`. */
const operandRanges = { bool: [0, 1], uint8: [-255, 255], int32: [-(2 ** 31), 2 ** 31 - 1] } as const;

function checkRange(caller: string, value: number, dtype: DType): void {
  if (dtype === 'float32' || dtype === 'float64') return;
  const [least, most] = operandRanges[dtype];
  if (value >= least && value <= most && Number.isInteger(value)) return;
  throw new ArgumentError(
    `${caller}: a ${dtype} operand must be a whole number in [${least}, ${most}]; got ${value}. Cast the tensor first: x.float()`,
  );
}

/** The same elements in another dtype; `x` itself if it has it already. */
export function castTo(x: Tensor, dtype: DType): Tensor {
  return x.dtype === dtype ? x : apply('cast', [x], { dtype }, []);
}

/** `x` with integers and bools brought to float32: what `exp`, `sqrt` and their kin compute with. */
export function toFloating(x: Tensor): Tensor {
  return isFloating(x.dtype) ? x : castTo(x, 'float32');
}

/**
 * The dtype in which tensors meet: PyTorch's `result_type`. A tensor of rank 0 raises the category
 * (bool, integer, fraction) of the others but not the width within it.
 */
export function resultType(...tensors: readonly Tensor[]): DType {
  const scalars = tensors.filter((x) => x.ndim === 0).map((x) => x.dtype);
  const arrays = tensors.filter((x) => x.ndim > 0).map((x) => x.dtype);
  if (arrays.length === 0) return scalars.reduce(promoteTypes);
  const wide = arrays.reduce(promoteTypes);
  if (scalars.length === 0) return wide;
  const narrow = scalars.reduce(promoteTypes);
  return category(narrow) > category(wide) ? narrow : wide;
}

/** Two operands as tensors of one dtype, the promoted one, ready for a binary primitive. */
export function binaryOperands(caller: string, a: TensorLike, b: TensorLike): readonly [Tensor, Tensor] {
  const x = asTensor(caller, a, b instanceof Tensor ? b : undefined);
  const y = asTensor(caller, b, a instanceof Tensor ? a : undefined);
  if (x.dtype === y.dtype) return [x, y];
  const dtype = resultType(x, y);
  return [castTo(x, dtype), castTo(y, dtype)];
}

/** The same for operations that compute in fractions: two integers meet in float32. */
export function floatOperands(caller: string, a: TensorLike, b: TensorLike): readonly [Tensor, Tensor] {
  const [x, y] = binaryOperands(caller, a, b);
  return [toFloating(x), toFloating(y)];
}

function dtypeAlone(value: number | boolean): DType {
  return typeof value === 'boolean' ? 'bool' : 'float32';
}

function category(dtype: DType): number {
  if (isFloating(dtype)) return 2;
  return dtype === 'bool' ? 0 : 1;
}
