import type { Tensor } from '@dl/tensor';

/** The elements of a tensor of whole numbers that was made from data: they can be checked before any work. `null` for a recipe. */
export function knownNumbers(x: Tensor): readonly number[] | null {
  const host = x.value.storage?.host ?? null;
  return host === null ? null : Array.from(host);
}
