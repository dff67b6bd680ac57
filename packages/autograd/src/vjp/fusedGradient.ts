import type { FusedGradientPrimitives } from '@dl/tensor/internal';
import type { VjpTable } from './table.ts';

export const fusedGradientVjps: VjpTable<keyof FusedGradientPrimitives> = {
  reluGradient: 'decomposed',
  softmaxGradient: 'decomposed',
  logSoftmaxGradient: 'decomposed',
  crossEntropyGradient: 'decomposed',
  layerNormGradient: 'decomposed',
  batchNormGradient: 'decomposed',
};
