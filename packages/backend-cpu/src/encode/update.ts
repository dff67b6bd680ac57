import type { TensorSpec } from '@dl/tensor';
import { sizeOf, type UpdatePrimitives } from '@dl/tensor/internal';
import type { EncoderTable } from './encoding.ts';

export const updateEncoders: EncoderTable<keyof UpdatePrimitives> = {
  sgd: ({ inputs: [parameter] }) => ({ kernel: 'sgd', params: elementsOf(parameter) }),
  sgdMomentum: ({ inputs: [parameter], params: { nesterov } }) => ({
    kernel: 'sgdMomentum',
    params: [...elementsOf(parameter), Number(nesterov)],
  }),
  adam: ({ inputs: [parameter], params: { decoupled } }) => ({ kernel: 'adam', params: [...elementsOf(parameter), Number(decoupled)] }),
  adamAmsgrad: ({ inputs: [parameter], params: { decoupled } }) => ({
    kernel: 'adamAmsgrad',
    params: [...elementsOf(parameter), Number(decoupled)],
  }),
};

/** How many, and whether they are float64. */
function elementsOf({ shape, dtype }: TensorSpec): readonly number[] {
  return [sizeOf(shape), Number(dtype === 'float64')];
}
