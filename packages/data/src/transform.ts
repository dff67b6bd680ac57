import type { Tensor } from '@dl/tensor';

/**
 * What is done to a sample: any function. One that makes tensors of tensors may have a `batch` method as well, which does the same to
 * samples stacked along a new first dim: then a data set that keeps its samples together calls it once a batch. Those of `@dl/augment` do.
 */
export interface Transform<In, Out = In> {
  (sample: In): Out;
  readonly batch?: ((samples: Tensor) => Tensor) | undefined;
}
