import type { RandomPrimitives } from '@dl/tensor/internal';
import type { VjpTable } from './table.ts';

/** Nothing flows in, so nothing flows back. */
export const randomVjps: VjpTable<keyof RandomPrimitives> = {
  randomUniform: 'notDifferentiable',
};
