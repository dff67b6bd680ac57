import { ArgumentError, arange, cat, ShapeError, stack, type Tensor } from '@dl/tensor';
import { checkInteger, describe, formatShape } from '@dl/tensor/internal';
import { checkInputs, checkPositive } from './checks.ts';

/** How a rotary embedding turns. */
export interface RotaryOptions {
  /** The slowest pair turns about once in `2π · base` places; default 10000. */
  readonly base?: number;
  /** Whether pairs are neighbours, `(0, 1), (2, 3), …`, as in the paper; else `(0, D/2), (1, D/2 + 1), …`, as many models have it. Default `true`. */
  readonly interleaved?: boolean;
}

/** What `applyRotaryEmbedding` takes. */
export interface RotaryEmbeddingOptions extends RotaryOptions {
  /** The place of the first row: how many tokens came before, as a `KeyValueCache` counts them. Default 0. */
  readonly offset?: number;
}

/**
 * Turns pair i of row t of queries or keys `[…, T, D]` by the angle `(offset + t) · base^(-2i / D)`: products of what was turned so depend on
 * distances only. Su et al., "RoFormer: enhanced transformer with rotary position embedding" (2021). Not in PyTorch's nn.
 *
 * @throws ShapeError if D is odd; ArgumentError for a base that is not above 0, or an offset that is not a whole number from 0 up.
 * @example applyRotaryEmbedding(query, { offset: cache.length })
 */
export function applyRotaryEmbedding(x: Tensor, options: RotaryEmbeddingOptions = {}): Tensor {
  const { base = 10_000, interleaved = true, offset = 0 } = options;
  checkRotary(caller, { base, interleaved });
  checkInputs(caller, { x });
  checkInteger(caller, 'offset', offset, 0);
  if (x.ndim < 2 || x.size(-1) % 2 !== 0)
    throw new ShapeError(`${caller}: x must be […, T, D] with an even D; got ${formatShape(x.shape)}`);
  const angles = anglesOf(x, base, offset);
  const [cosine, sine] = [angles.cos(), angles.sin()];
  const [a, b] = interleaved ? neighbours(x) : halves(x);
  const turned = [a.mul(cosine).sub(b.mul(sine)), a.mul(sine).add(b.mul(cosine))];
  return interleaved ? stack(turned, { dim: -1 }).reshape(x.shape) : cat(turned, { dim: -1 });
}

/** Refuses options of rotary embeddings that are out of range. */
export function checkRotary(name: string, { base, interleaved }: Required<RotaryOptions>): void {
  checkPositive(name, 'base', base);
  if (typeof interleaved !== 'boolean') throw new ArgumentError(`${name}: interleaved must be true or false; got ${describe(interleaved)}`);
}

// ---------------------------------------------------------------------------------------------------------------------

const caller = 'applyRotaryEmbedding';

/** `[T, D / 2]`. */
function anglesOf(x: Tensor, base: number, offset: number): Tensor {
  const [rows, width] = [x.size(-2), x.size(-1)];
  const { dtype } = x;
  const speeds = arange(width / 2, { dtype })
    .mul((-2 * Math.log(base)) / width)
    .exp();
  return arange(offset, offset + rows, { dtype })
    .unsqueeze(1)
    .mul(speeds);
}

function neighbours(x: Tensor): readonly [Tensor, Tensor] {
  const pairs = x.unflatten(-1, [x.size(-1) / 2, 2]);
  return [pairs.select(-1, 0), pairs.select(-1, 1)];
}

function halves(x: Tensor): readonly [Tensor, Tensor] {
  const half = x.size(-1) / 2;
  return [x.narrow(-1, 0, half), x.narrow(-1, half, half)];
}
