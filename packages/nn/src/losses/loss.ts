import type { Tensor } from '@dl/tensor';
import { checkReduction, type Reduction } from '../functional/reduction.ts';
import { Module } from '../module.ts';
import { Buffer } from '../parameter.ts';

/** What all losses share: how the losses of single elements are brought together. */
export abstract class Loss<R extends string = Reduction> extends Module {
  readonly reduction: R | Reduction;

  constructor(
    { reduction = 'mean' }: { readonly reduction?: R | Reduction },
    check: (caller: string, reduction: string) => void = checkReduction,
  ) {
    super();
    check(new.target.name, reduction);
    this.reduction = reduction;
  }
}

/** A tensor that a loss keeps, as a buffer. */
export function kept(weight: Tensor | null | undefined): Buffer | null {
  return weight === null || weight === undefined ? null : new Buffer(weight);
}
