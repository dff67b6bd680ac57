import type { Generator } from '@dl/tensor';

/** How the next token is chosen. */
export interface SamplingOptions {
  /** What scores are divided by: below 1 likely tokens become likelier; at 0 the likeliest is certain. */
  readonly temperature: number;
  /** How many of the likeliest tokens have a chance; default: all. */
  readonly topK?: number;
}

/** The probabilities of tokens with these scores: `softmax(scores / temperature)` over the `topK` highest. */
export function probabilitiesOf(scores: ArrayLike<number>, { temperature, topK = scores.length }: SamplingOptions): Float64Array {
  const probabilities = new Float64Array(scores.length);
  const ranked = Array.from(scores, (score, token) => ({ score, token })).sort((a, b) => b.score - a.score);
  const [best] = ranked;
  const candidates = ranked.slice(0, temperature === 0 ? 1 : topK);
  for (const { score, token } of candidates)
    probabilities[token] = temperature === 0 ? 1 : Math.exp((score - (best?.score ?? 0)) / temperature);
  const total = probabilities.reduce((sum, weight) => sum + weight, 0);
  return probabilities.map((weight) => weight / total);
}

/** One token, drawn by probabilities. */
export function draw(probabilities: Float64Array, generator: Generator): number {
  let rest = generator.uniform();
  let last = 0;
  for (const [token, probability] of probabilities.entries()) {
    if (probability === 0) continue;
    last = token;
    rest -= probability;
    if (rest < 0) break;
  }
  return last;
}
