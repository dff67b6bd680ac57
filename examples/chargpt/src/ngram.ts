/** What came after a context, and how often. */
interface Followers {
  total: number;
  readonly counts: Map<number, number>;
}

/**
 * A model that only counts: which character followed the last `order - 1`, interpolated with what followed shorter contexts (Witten and
 * Bell 1991). With N(h) characters seen after context h, of T(h) kinds, and h' the context without its first character,
 * `P(c | h) = (N(h c) + T(h) · P(c | h')) / (N(h) + T(h))`; below the empty context all characters are equally likely.
 */
export class NgramModel {
  readonly order: number;
  readonly #vocabularySize: number;
  /** At i, what followed each context of i tokens. */
  readonly #followers: readonly Map<number, Followers>[];

  constructor(tokens: Int32Array, order: number, vocabularySize: number) {
    this.order = order;
    this.#vocabularySize = vocabularySize;
    this.#followers = Array.from({ length: order }, (_, length) => this.#count(tokens, length));
  }

  /** The probability of the token at `position` after those before it. */
  probability(tokens: Int32Array, position: number): number {
    const token = tokens[position] ?? 0;
    let probability = 1 / this.#vocabularySize;
    for (const [length, contexts] of this.#followers.entries()) {
      const followers = length > position ? undefined : contexts.get(this.#key(tokens, position - length, position));
      if (followers === undefined) break;
      const { total, counts } = followers;
      probability = ((counts.get(token) ?? 0) + counts.size * probability) / (total + counts.size);
    }
    return probability;
  }

  /** The mean of `-log2 P` over all tokens but the first. */
  bitsPerToken(tokens: Int32Array): number {
    let bits = 0;
    for (let position = 1; position < tokens.length; position++) bits -= Math.log2(this.probability(tokens, position));
    return bits / (tokens.length - 1);
  }

  #count(tokens: Int32Array, length: number): Map<number, Followers> {
    const contexts = new Map<number, Followers>();
    for (let position = length; position < tokens.length; position++) {
      const key = this.#key(tokens, position - length, position);
      const followers = contexts.get(key) ?? { total: 0, counts: new Map() };
      if (followers.total === 0) contexts.set(key, followers);
      const token = tokens[position] ?? 0;
      followers.total++;
      followers.counts.set(token, (followers.counts.get(token) ?? 0) + 1);
    }
    return contexts;
  }

  /** The tokens of a range as the digits of one number. */
  #key(tokens: Int32Array, from: number, to: number): number {
    let key = 0;
    for (let i = from; i < to; i++) key = key * this.#vocabularySize + (tokens[i] ?? 0);
    return key;
  }
}
