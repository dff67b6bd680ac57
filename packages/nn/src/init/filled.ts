import type { Tensor } from '@dl/tensor';
import { assign, checkFloating, checkTensor, withGradMode } from '@dl/tensor/internal';

/** Gives a floating tensor the value of a recipe, and returns it. */
export function filled<T extends Tensor>(caller: string, target: T, recipe: (target: T) => Tensor): T {
  checkTensor(caller, 'the tensor', target);
  checkFloating(caller, 'the tensor', target);
  return assign(
    target,
    withGradMode(caller, false, () => recipe(target)),
  );
}
