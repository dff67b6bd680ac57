import type { Tensor } from '@dl/tensor';
import { checkBetween } from '../hyperparameters.ts';

/** The next average of one parameter, from the last one, the parameter, and how many were averaged. A recipe. */
export type AvgFn = (averaged: Tensor, current: Tensor, numAveraged: Tensor) => Tensor;

/** The same for all parameters at once. */
export type MultiAvgFn = (averaged: readonly Tensor[], current: readonly Tensor[], numAveraged: Tensor) => readonly Tensor[];

/**
 * The exponential moving average, `decay averaged + (1 - decay) current`. PyTorch: `torch.optim.swa_utils.get_ema_avg_fn`.
 *
 * @throws ArgumentError if `decay` is not from 0 to 1.
 * @example const ema = new AveragedModel(model, { avgFn: getEmaAvgFn(0.999) });
 */
export function getEmaAvgFn(decay = 0.999): AvgFn {
  checkBetween('getEmaAvgFn', 'decay', decay, 0, 1);
  return (averaged, current) => averaged.mul(decay).add(current.mul(1 - decay));
}

/**
 * The same for all parameters at once. PyTorch: `torch.optim.swa_utils.get_ema_multi_avg_fn`, whose function changes its first argument,
 * where this one returns the averages.
 *
 * @throws ArgumentError if `decay` is not from 0 to 1.
 * @example const ema = new AveragedModel(model, { multiAvgFn: getEmaMultiAvgFn(0.999) });
 */
export function getEmaMultiAvgFn(decay = 0.999): MultiAvgFn {
  checkBetween('getEmaMultiAvgFn', 'decay', decay, 0, 1);
  return eachBy(getEmaAvgFn(decay));
}

/**
 * The mean of all, `averaged + (current - averaged) / (numAveraged + 1)`. PyTorch: `torch.optim.swa_utils.get_swa_avg_fn`.
 *
 * @example const swa = new AveragedModel(model, { avgFn: getSwaAvgFn() });
 */
export function getSwaAvgFn(): AvgFn {
  return (averaged, current, numAveraged) => averaged.add(current.sub(averaged).div(numAveraged.add(1)));
}

/**
 * The same for all parameters at once. PyTorch: `torch.optim.swa_utils.get_swa_multi_avg_fn`, whose function changes its first argument,
 * where this one returns the averages.
 *
 * @example const swa = new AveragedModel(model, { multiAvgFn: getSwaMultiAvgFn() });
 */
export function getSwaMultiAvgFn(): MultiAvgFn {
  return eachBy(getSwaAvgFn());
}

/** One function for each of the parameters. */
export function eachBy(average: AvgFn): MultiAvgFn {
  return (averaged, current, numAveraged) => averaged.map((one, i) => average(one, current[i] ?? one, numAveraged));
}
