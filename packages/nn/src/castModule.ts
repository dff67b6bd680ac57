import { DTypeError } from '@dl/tensor';
import { describe, isFloating, own, releaseGradient } from '@dl/tensor/internal';
import type { Module } from './module.ts';

/** See `Module.to`. */
export function castModule(module: Module, dtype: unknown): void {
  if (dtype !== 'float32' && dtype !== 'float64') throw new DTypeError(`to: dtype must be float32 or float64; got ${describe(dtype)}`);
  for (const tensor of [...module.parameters(), ...module.buffers()]) {
    if (!isFloating(tensor.dtype) || tensor.dtype === dtype) continue;
    const { engine } = tensor.value.node;
    releaseGradient(tensor);
    own(tensor, tensor.detach().to(dtype)).value.node.engine = engine;
  }
}
