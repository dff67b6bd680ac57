import type { Generator } from '@dl/tensor';
import type { Predictor } from './predictor.ts';
import { draw, probabilitiesOf, type SamplingOptions } from './sampling.ts';

/** What `write` takes. */
export interface WriteOptions extends SamplingOptions {
  /** How many tokens to write. */
  readonly length: number;
  readonly generator: Generator;
}

/** Goes on after a prompt of at least one token: each next one is drawn, then read. */
export async function* write(
  predictor: Predictor,
  prompt: Int32Array,
  { length, generator, ...sampling }: WriteOptions,
): AsyncGenerator<number> {
  let scores: ArrayLike<number> = [];
  for (const token of prompt) scores = await predictor.next(token);
  for (let written = 0; written < length; written++) {
    const token = draw(probabilitiesOf(scores, sampling), generator);
    yield token;
    scores = await predictor.next(token);
  }
}
