import { noGrad } from '@dl/autograd';
import { KeyValueCache } from '@dl/nn';
import { type Tensor, type TypedArray, tensor } from '@dl/tensor';
import type { CharGPT } from './model.ts';

/** Reads a text token by token, and says what may come next. What it looks back on is at most the context. */
export interface Predictor {
  /** The scores of the token that follows `token` and those before it. */
  next(token: number): Promise<TypedArray>;
}

/**
 * Computes each token once: caches keep the keys and values of those before. One token after the other runs the same plan. When the caches
 * are full, it begins again with the latter half of what it saw.
 */
export function cachedPredictor(model: CharGPT, context: number): Predictor {
  const seen = new SlidingWindow(context);
  const { heads, headDim } = model;
  const caches = Array.from(model.blocks, () => new KeyValueCache(1, heads, context, headDim));
  const scoresAfter = (token: number): Tensor => noGrad(() => model(tensor(Int32Array.of(token), { shape: [1, 1] }), caches));
  return {
    async next(token) {
      const kept = seen.push(token);
      if (kept !== null) {
        for (const cache of caches) cache.reset();
        for (const earlier of kept) await scoresAfter(earlier).data();
      }
      return scoresAfter(token).data();
    },
  };
}

/** Computes the whole context for each token. Always of full length, for one plan: what is behind the last token does not matter to it. */
export function plainPredictor(model: CharGPT, context: number): Predictor {
  const seen = new SlidingWindow(context);
  const row = new Int32Array(context);
  return {
    next(token) {
      seen.push(token);
      row.set(seen.tokens);
      const scores = noGrad(() => model(tensor(row, { shape: [1, context] })));
      return scores.select(1, seen.tokens.length - 1).data();
    },
  };
}

// ---------------------------------------------------------------------------------------------------------------------

/** The last tokens of a text. When it is full, the next one drops the first half. */
class SlidingWindow {
  readonly #size: number;
  #tokens: readonly number[] = [];

  constructor(size: number) {
    this.#size = size;
  }

  get tokens(): readonly number[] {
    return this.#tokens;
  }

  /** Adds a token. If that moved the window, those before it. */
  push(token: number): readonly number[] | null {
    const kept = this.#tokens.length < this.#size ? null : this.#tokens.slice(Math.ceil(this.#size / 2));
    this.#tokens = [...(kept ?? this.#tokens), token];
    return kept;
  }
}
