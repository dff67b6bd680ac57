import type { AttentionPrimitives } from '@dl/tensor/internal';
import type { KernelTable } from './table.ts';

export const attentionKernels: KernelTable<keyof AttentionPrimitives> = {
  attention: 'decomposed',
  attentionGradient: 'decomposed',
};
