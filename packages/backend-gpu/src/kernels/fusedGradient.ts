import type { FusedGradientPrimitives } from '@dl/tensor/internal';
import type { KernelTable } from './table.ts';

export const fusedGradientKernels: KernelTable<keyof FusedGradientPrimitives> = {
  reluGradient: 'decomposed',
  softmaxGradient: 'decomposed',
  logSoftmaxGradient: 'decomposed',
  crossEntropyGradient: 'decomposed',
  layerNormGradient: 'decomposed',
  batchNormGradient: 'decomposed',
};
