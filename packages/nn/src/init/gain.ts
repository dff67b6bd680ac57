import { ArgumentError } from '@dl/tensor';
import { checkFinite, describe } from '@dl/tensor/internal';

/** What follows a layer, and so decides how wide its weights start. */
export type Nonlinearity =
  | 'linear'
  | 'conv1d'
  | 'conv2d'
  | 'conv3d'
  | 'convTranspose1d'
  | 'convTranspose2d'
  | 'convTranspose3d'
  | 'sigmoid'
  | 'tanh'
  | 'relu'
  | 'leakyRelu'
  | 'selu';

const gains: Readonly<Record<Nonlinearity, number | ((slope: number) => number)>> = {
  linear: 1,
  conv1d: 1,
  conv2d: 1,
  conv3d: 1,
  convTranspose1d: 1,
  convTranspose2d: 1,
  convTranspose3d: 1,
  sigmoid: 1,
  tanh: 5 / 3,
  relu: Math.SQRT2,
  leakyRelu: (slope) => Math.sqrt(2 / (1 + slope ** 2)),
  selu: 3 / 4,
};

/**
 * By how much a nonlinearity wants the standard deviation of weights scaled. PyTorch: `torch.nn.init.calculate_gain`.
 *
 * @param param For `'leakyRelu'` the slope below zero; default 0.01.
 * @throws ArgumentError for another name, or a slope that is not finite.
 * @example calculateGain('relu') // √2
 */
export function calculateGain(nonlinearity: Nonlinearity, param = 0.01): number {
  checkFinite('calculateGain', 'param', param);
  if (!Object.hasOwn(gains, nonlinearity)) {
    throw new ArgumentError(`calculateGain: nonlinearity must be one of ${Object.keys(gains).join(', ')}; got ${describe(nonlinearity)}`);
  }
  const gain = gains[nonlinearity];
  return typeof gain === 'number' ? gain : gain(param);
}
