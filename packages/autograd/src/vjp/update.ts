import type { UpdatePrimitives } from '@dl/tensor/internal';
import type { VjpTable } from './table.ts';

/** A step of an optimizer starts a new graph: parameters are leaves again. */
export const updateVjps: VjpTable<keyof UpdatePrimitives> = {
  sgd: 'notDifferentiable',
  sgdMomentum: 'notDifferentiable',
  adam: 'notDifferentiable',
  adamAmsgrad: 'notDifferentiable',
};
