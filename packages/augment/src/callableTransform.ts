import type { Transform } from '@dl/data';
import type { Tensor } from '@dl/tensor';

/**
 * A transform as an object that is called like a function. Subclasses say what is done to a sample and, where it is the same
 * arithmetic, have a `batch` method that does it to many at once.
 */
export abstract class CallableTransform<In, Out> {
  abstract readonly batch: ((samples: Tensor) => Tensor) | undefined;

  constructor() {
    const callable: CallableTransform<In, Out> = Object.setPrototypeOf((sample: In) => callable.transform(sample), new.target.prototype);
    // biome-ignore lint/correctness/noConstructorReturn: subclasses put their fields on what `super()` returns: a function of this class.
    return callable;
  }

  /** What a call does. */
  protected abstract transform(sample: In): Out;
}

export interface CallableTransform<In, Out> extends Transform<In, Out> {}
