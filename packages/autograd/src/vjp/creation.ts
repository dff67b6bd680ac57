import type { CreationPrimitives } from '@dl/tensor/internal';
import type { VjpTable } from './table.ts';

/** Nothing flows in, so nothing flows back. */
export const creationVjps: VjpTable<keyof CreationPrimitives> = {
  full: 'notDifferentiable',
  iota: 'notDifferentiable',
};
