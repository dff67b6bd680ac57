import type { Transform } from '@dl/data';
import { ArgumentError, type Tensor } from '@dl/tensor';
import { describe } from '@dl/tensor/internal';
import { CallableTransform } from './callableTransform.ts';

/** Any transform. */
type Step = Transform<never, unknown>;
type InputOf<S> = S extends (sample: infer In) => unknown ? In : never;
type OutputOf<S> = S extends (sample: never) => infer Out ? Out : never;

/** What the first step takes. */
export type FirstInput<Steps extends readonly Step[]> = InputOf<Steps[0]>;
/** What the last step gives. */
export type LastOutput<Steps extends readonly Step[]> = Steps extends readonly [...infer _, infer Last]
  ? OutputOf<Last>
  : OutputOf<Steps[number]>;

/** The same steps, each taking what the one before it gives. */
export type Chained<Steps extends readonly unknown[], In = InputOf<Steps[0]>> = Steps extends readonly [infer Head, ...infer Rest]
  ? readonly [Transform<In, OutputOf<Head>>, ...Chained<Rest, OutputOf<Head>>]
  : Steps;

/**
 * Transforms one after the other; each must take what the one before it gives, which the compiler checks. It acts on batches where all
 * of them do. PyTorch: `torchvision.transforms.Compose`.
 *
 * @throws ArgumentError if a transform is not a function.
 * @example new Compose([new ToTensor(), new Normalize([0.1307], [0.3081])])
 */
export class Compose<const Steps extends readonly Step[]> extends CallableTransform<FirstInput<Steps>, LastOutput<Steps>> {
  readonly transforms: Steps;
  /** The same for a batch; `undefined` if one of the transforms works on single samples only. */
  readonly batch: ((samples: Tensor) => Tensor) | undefined;

  constructor(transforms: Steps & Chained<Steps>) {
    super();
    checkSteps(transforms);
    this.transforms = transforms;
    this.batch = transforms.every(({ batch }) => batch !== undefined) ? (samples) => applyBatches(transforms, samples) : undefined;
  }

  protected transform(sample: FirstInput<Steps>): LastOutput<Steps> {
    const result = this.transforms.reduce((value: unknown, step) => step(value as never), sample);
    // The chain was checked, step by step.
    return result as LastOutput<Steps>;
  }

  override toString(): string {
    return `Compose([${this.transforms.map(String).join(', ')}])`;
  }
}

function applyBatches(steps: readonly Step[], samples: Tensor): Tensor {
  return steps.reduce((value, step) => step.batch?.(value) ?? value, samples);
}

function checkSteps(steps: readonly unknown[]): void {
  if (!Array.isArray(steps) || !steps.every((step) => typeof step === 'function')) {
    throw new ArgumentError(`Compose: needs an array of transforms, which are functions; got ${describe(steps)}`);
  }
}
