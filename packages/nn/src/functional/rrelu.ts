import { ArgumentError, leakyRelu, rand, type Tensor, where } from '@dl/tensor';
import { checkFinite } from '@dl/tensor/internal';
import { checkInputs } from './checks.ts';

/** What `rrelu` takes. */
export interface RReluOptions {
  /** The least slope below zero; default 1/8. */
  readonly lower?: number;
  /** The greatest; default 1/3. */
  readonly upper?: number;
  /** Whether slopes are drawn; else their mean is taken. Default `false`. */
  readonly training?: boolean;
}

/**
 * `x` above 0, else `slope · x` with a slope drawn for each element, uniform in `[lower, upper)`; out of training it is their mean
 * (Xu et al. 2015). PyTorch: `torch.nn.functional.rrelu`.
 *
 * @throws ArgumentError if lower is above upper.
 * @example rrelu(x, { training: true })
 */
export function rrelu(x: Tensor, options: RReluOptions = {}): Tensor {
  const { lower = 1 / 8, upper = 1 / 3, training = false } = options;
  checkInputs('rrelu', { x });
  checkSlopes('rrelu', lower, upper);
  if (!training) return leakyRelu(x, { negativeSlope: (lower + upper) / 2 });
  const slopes = rand(x.shape, { dtype: x.dtype })
    .mul(upper - lower)
    .add(lower);
  return where(x.gt(0), x, x.mul(slopes));
}

/** Refuses slopes that are not finite, or in the wrong order. */
export function checkSlopes(caller: string, lower: number, upper: number): void {
  checkFinite(caller, 'lower', lower);
  checkFinite(caller, 'upper', upper);
  if (lower > upper) throw new ArgumentError(`${caller}: lower must not be above upper; got ${lower} and ${upper}`);
}
