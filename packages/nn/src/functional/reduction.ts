import type { Tensor } from '@dl/tensor';
import { checkOneOf } from '@dl/tensor/internal';

/** What becomes of the losses of single elements: their mean, their sum, or nothing. */
export type Reduction = 'mean' | 'sum' | 'none';

const reductions: readonly Reduction[] = ['mean', 'sum', 'none'];

/** What all losses take. */
export interface ReductionOptions {
  /** Default `'mean'`. */
  readonly reduction?: Reduction;
}

/** Refuses another word. */
export function checkReduction(caller: string, reduction: string): void {
  checkOneOf<string>(caller, 'reduction', reduction, reductions);
}

/** Brings single losses together. @throws ArgumentError for another word. */
export function reduced(caller: string, losses: Tensor, { reduction = 'mean' }: ReductionOptions): Tensor {
  checkReduction(caller, reduction);
  if (reduction === 'none') return losses;
  return reduction === 'mean' ? losses.mean() : losses.sum();
}
