import { noGrad } from '@dl/autograd';
import { functional } from '@dl/nn';
import type { CharGPT } from './model.ts';
import { windowsAt } from './windows.ts';

const batchSize = 32;

/**
 * The mean of `-log2 P` over all characters of a text but the first. Pieces overlap by half, and only the latter half of each counts (of
 * the first piece all does), so that each character is predicted from at least half a context.
 */
export async function bitsPerCharacter(model: CharGPT, tokens: Int32Array, context: number): Promise<number> {
  let nats = 0;
  for (const piece of piecesOf(tokens.length - 1, context)) nats += await lossOf(model, tokens, piece);
  return nats / Math.LN2 / (tokens.length - 1);
}

/** Pieces of the same length, of which the characters from `skip` on count. */
export interface Piece {
  readonly starts: readonly number[];
  readonly length: number;
  readonly skip: number;
}

/** Batches of pieces whose counted characters make up 0 to `count - 1`, each once. */
export function piecesOf(count: number, context: number): readonly Piece[] {
  const skip = Math.floor(context / 2);
  const stride = context - skip;
  const first = { starts: [0], length: Math.min(context, count), skip: 0 };
  const whole = Math.max(0, Math.floor((count - context) / stride));
  const starts = Array.from({ length: whole }, (_, i) => (i + 1) * stride);
  const batches = Array.from({ length: Math.ceil(whole / batchSize) }, (_, i) => starts.slice(i * batchSize, (i + 1) * batchSize));
  const end = context + whole * stride;
  const last = count > end ? [{ starts: [count - context], length: context, skip: context - (count - end) }] : [];
  return [first, ...batches.map((batch) => ({ starts: batch, length: context, skip })), ...last];
}

// ---------------------------------------------------------------------------------------------------------------------

/** The sum over the counted characters. */
function lossOf(model: CharGPT, tokens: Int32Array, { starts, length, skip }: Piece): Promise<number> {
  const { inputs, targets } = windowsAt(tokens, starts, length);
  return noGrad(() => {
    const scores = model(inputs).narrow(1, skip, length - skip);
    const wanted = targets.narrow(1, skip, length - skip);
    return functional.crossEntropy(scores.flatten({ endDim: 1 }), wanted.flatten(), { reduction: 'sum' });
  }).item();
}
