import type { Tensor } from '@dl/tensor';
import { tie } from '@dl/tensor/internal';

/** Makes tensors companions: an evaluation of one computes all, so that what leads to them runs once. */
export function tieTensors(tensors: readonly (Tensor | null)[]): void {
  tie(tensors.flatMap((tensor) => tensor?.value ?? []));
}
