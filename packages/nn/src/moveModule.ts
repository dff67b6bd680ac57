import { type Backend, type DType, DTypeError, type Tensor } from '@dl/tensor';
import { describe, isFloating, own, releaseGradient } from '@dl/tensor/internal';
import type { Module } from './module.ts';

/** `Module.to` of a dtype. */
export function castModule(module: Module, dtype: DType): void {
  if (dtype !== 'float32' && dtype !== 'float64') throw new DTypeError(`to: dtype must be float32 or float64; got ${describe(dtype)}`);
  for (const tensor of stateOf(module)) if (isFloating(tensor.dtype)) renew(tensor, tensor.detach().to(dtype));
}

/** `Module.to` of a backend. */
export async function moveModule(module: Module, backend: Backend): Promise<void> {
  const tensors = stateOf(module);
  const moved = await Promise.all(tensors.map((tensor) => tensor.detach().to(backend)));
  tensors.forEach((tensor, i) => {
    renew(tensor, moved[i] ?? tensor);
  });
}

function stateOf(module: Module): readonly Tensor[] {
  return [...module.parameters(), ...module.buffers()];
}

/** Another value, perhaps of another dtype; whether gradients flow to it stays as it is. */
function renew(tensor: Tensor, value: Tensor): void {
  const { engine } = tensor.value.node;
  releaseGradient(tensor);
  own(tensor, value).value.node.engine = engine;
}
