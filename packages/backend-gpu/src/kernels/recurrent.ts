import type { RecurrentPrimitives } from '@dl/tensor/internal';
import type { KernelTable } from './table.ts';

export const recurrentKernels: KernelTable<keyof RecurrentPrimitives> = {
  rnn: 'decomposed',
  rnnGradient: 'decomposed',
  lstm: 'decomposed',
  lstmGradient: 'decomposed',
  gru: 'decomposed',
  gruGradient: 'decomposed',
};
