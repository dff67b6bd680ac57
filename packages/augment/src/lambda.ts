import { ArgumentError, type Tensor } from '@dl/tensor';
import { describe } from '@dl/tensor/internal';
import { CallableTransform } from './callableTransform.ts';

/** What `Lambda` takes beside the function. */
export interface LambdaOptions {
  /** The function does the same to samples stacked along a new first dim: call it once a batch. Only for tensors. Default false. */
  readonly batched?: boolean;
}

/**
 * A function of one's own as a transform. PyTorch: `torchvision.transforms.Lambda`.
 *
 * @throws ArgumentError for what is not a function.
 * @example new Lambda((image: Tensor) => image.neg(), { batched: true })
 */
export class Lambda<In = Tensor, Out = In> extends CallableTransform<In, Out> {
  readonly batch: ((samples: Tensor) => Tensor) | undefined;
  readonly #f: (sample: In) => Out;

  constructor(f: (sample: In) => Out, { batched = false }: LambdaOptions = {}) {
    super();
    if (typeof f !== 'function') throw new ArgumentError(`Lambda: needs a function; got ${describe(f)}`);
    this.#f = f;
    const untyped: (samples: never) => unknown = f;
    // Who says `batched` says that In and Out are tensors.
    this.batch = batched ? (untyped as (samples: Tensor) => Tensor) : undefined;
  }

  protected transform(sample: In): Out {
    return this.#f(sample);
  }

  override toString(): string {
    return `Lambda(${this.#f.name || '…'})`;
  }
}
