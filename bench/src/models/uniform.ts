import { Parameter } from '@dl/nn';
import { rand, type Shape } from '@dl/tensor';

/** A parameter that starts uniform in ±bound. */
export function uniform(shape: Shape, bound: number): Parameter {
  return new Parameter(
    rand(shape)
      .mul(2 * bound)
      .sub(bound),
  );
}
