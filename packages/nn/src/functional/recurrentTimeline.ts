import { select, type Tensor } from '@dl/tensor';

/** How the sequences of a batch `[T, B, …]` lie in time. */
export interface Timeline {
  /** Whether all are as long as the batch, so that a primitive can begin at the end by itself. */
  readonly even: boolean;
  /** Each sequence turned round within its length, and turned back. */
  turned(x: Tensor): Tensor;
  /** The last step of each sequence. */
  last(x: Tensor): Tensor;
  /** Gates of minus infinity behind the end of each sequence. */
  silenced(gates: Tensor): Tensor;
}

/** All sequences are as long as the batch. */
export const evenTimeline: Timeline = {
  even: true,
  turned: (x) => x,
  last: (x) => select(x, 0, -1),
  silenced: (gates) => gates,
};
