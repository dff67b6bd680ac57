import { eachElement, type GoldenSet, goldenSet } from '@dl/nn/testing';
import { lbfgs } from './lbfgs.ts';
import { parameterwise } from './parameterwise.ts';
import { sgdAndAdam } from './sgdAndAdam.ts';
import { averagedModels } from './swa.ts';

const compare = eachElement;

/** Every file in which PyTorch has recorded tensors of this package, and how near ours have to be. Schedulers compute no tensors. */
export const goldenSets: readonly GoldenSet[] = [
  // A few operations an element and a step.
  goldenSet('optimizers', { tolerance: 1e-6, compare }, sgdAndAdam),
  goldenSet('parameterwise', { tolerance: 1e-6, compare }, parameterwise),
  // In float64; its state's curvatures are quotients of small differences.
  goldenSet('lbfgs', { tolerance: 1e-7, compare, dtype: 'float64' }, lbfgs),
  // Statistics are sums over a batch.
  goldenSet('swa', { tolerance: 2e-6, compare }, averagedModels),
];
