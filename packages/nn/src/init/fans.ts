import { type Shape, ShapeError, type Tensor } from '@dl/tensor';
import { checkTensor, formatShape, sizeOf } from '@dl/tensor/internal';

/** How many inputs each output of a layer sums up, and how many outputs each input goes to. */
export interface Fans {
  readonly fanIn: number;
  readonly fanOut: number;
}

/**
 * The fans of a weight `[out, in, …]`; the dims that follow, a convolution's kernel, multiply both.
 * PyTorch: `torch.nn.init._calculate_fan_in_and_fan_out`.
 *
 * @throws ShapeError for less than 2 dims.
 * @example calculateFanInAndFanOut(zeros([10, 784])) // { fanIn: 784, fanOut: 10 }
 */
export function calculateFanInAndFanOut(weight: Tensor): Fans {
  checkTensor('calculateFanInAndFanOut', 'weight', weight);
  return fansOf('calculateFanInAndFanOut', weight.shape);
}

/** The fans of a shape, for a function that errors name. */
export function fansOf(caller: string, shape: Shape): Fans {
  const [out, inner, ...kernel] = shape;
  if (out === undefined || inner === undefined)
    throw new ShapeError(`${caller}: the weight must have at least 2 dims, [out, in, …]; got ${formatShape(shape)}`);
  const field = sizeOf(kernel);
  return { fanIn: inner * field, fanOut: out * field };
}
