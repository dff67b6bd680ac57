// The words that the rules are written in.
import { neg, reshape, type Shape, square, sub, type Tensor, zerosLike } from '@dl/tensor';
import { apply, sameShape } from '@dl/tensor/internal';

interface Unary {
  readonly inputs: readonly [Tensor];
  readonly output: Tensor;
}
interface Binary {
  readonly inputs: readonly [Tensor, Tensor];
  readonly output: Tensor;
}
type UnaryRule = (g: Tensor, context: Unary) => readonly [() => Tensor];
type BinaryRule = (g: Tensor, context: Binary) => readonly [() => Tensor, () => Tensor];

/** `y = f(x)`, element by element: the cotangent from `g`, `x` and `y`. */
export function unary(toX: (g: Tensor, x: Tensor, y: Tensor) => Tensor): UnaryRule {
  return (g, { inputs: [x], output: y }) => [() => toX(g, x, y)];
}

/** A step function: its derivative is zero wherever it has one. */
export const stepRule: UnaryRule = unary((_g, x) => zerosLike(x));

/** `y = f(a, b)`, element by element with broadcasting: both cotangents in the broadcast shape. */
export function binary(
  toA: (g: Tensor, a: Tensor, b: Tensor, y: Tensor) => Tensor,
  toB: (g: Tensor, a: Tensor, b: Tensor, y: Tensor) => Tensor,
): BinaryRule {
  return (g, { inputs: [a, b], output: y }) => [() => unbroadcast(toA(g, a, b, y), a.shape), () => unbroadcast(toB(g, a, b, y), b.shape)];
}

/** The sum of two inputs up to their signs: the derivative is a constant. */
export function linearRule(signA: 1 | -1, signB: 1 | -1): BinaryRule {
  return binary(signed(signA), signed(signB));
}

/** The transpose of broadcasting: sums what was repeated, so that the result has the given shape. */
export function unbroadcast(g: Tensor, shape: Shape): Tensor {
  if (sameShape(g.shape, shape)) return g;
  const lead = g.ndim - shape.length;
  const dims = g.shape.flatMap((size, dim) => (dim < lead || (shape[dim - lead] === 1 && size !== 1) ? [dim] : []));
  return reshape(apply('sum', [g], { dims, keepDim: false }, []), shape);
}

/** The sum over some dims, which stay with size 1. */
export function sumKept(x: Tensor, dims: readonly number[]): Tensor {
  return apply('sum', [x], { dims, keepDim: true }, []);
}

/** A reduction's result with the reduced dims back in place, size 1 each, so that it broadcasts against the input. */
export function restoreDims(y: Tensor, x: Tensor, dims: readonly number[]): Tensor {
  return reshape(
    y,
    x.shape.map((size, dim) => (dims.includes(dim) ? 1 : size)),
  );
}

/** Zeros of a shape, in the dtype of `like`. */
export function zerosOf(shape: Shape, like: Tensor): Tensor {
  return apply('full', [], { shape, dtype: like.dtype }, [0]);
}

/** In the dtype of `like`: a mask as zeros and ones, a cotangent as its input wants it. */
export function castLike(x: Tensor, like: Tensor): Tensor {
  return apply('cast', [x], { dtype: like.dtype }, []);
}

/** `1 - x²`. */
export function oneMinusSquare(x: Tensor): Tensor {
  return sub(1, square(x));
}

/** Made when it is first wanted, for several thunks. */
export function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

function signed(sign: 1 | -1): (g: Tensor) => Tensor {
  return sign === 1 ? (g) => g : (g) => neg(g);
}
