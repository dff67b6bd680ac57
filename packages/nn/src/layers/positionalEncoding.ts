import { ArgumentError, arange, dropout as drop, ShapeError, stack, type Tensor } from '@dl/tensor';
import { checkInteger, describe, formatShape } from '@dl/tensor/internal';
import { checkInputs, checkProbability } from '../functional/checks.ts';
import { applyRotaryEmbedding, checkRotary, type RotaryOptions } from '../functional/rotary.ts';
import { Module } from '../module.ts';
import { Buffer } from '../parameter.ts';
import { bool, float } from '../repr.ts';
import type { FloatingOptions } from './options.ts';

/** Where a sequence begins. */
export interface OffsetOptions {
  /** The place of the first row: how many tokens came before. Default 0. */
  readonly offset?: number;
}

/** What `SinusoidalPositionalEncoding` takes. */
export interface SinusoidalPositionalEncodingOptions extends FloatingOptions {
  /** The greatest length that it knows; default 5000. */
  readonly maxLength?: number;
  /** The probability of an element of the sum to become zero in training; default 0. */
  readonly dropout?: number;
  /** Whether inputs are `[B, T, E]`; else `[T, B, E]`. Default `false`. */
  readonly batchFirst?: boolean;
}

/**
 * `x + P` with `P[t, 2i] = sin(t / 10000^(2i / dModel))` and `P[t, 2i + 1] = cos(…)` (Vaswani et al. 2017), then dropout: `[T, B, dModel]`,
 * `[B, T, dModel]` with `batchFirst`, or `[T, dModel]`. Not in PyTorch's nn; its tutorial writes it out.
 *
 * @throws ArgumentError for an odd `dModel` and sizes that are not whole; at the call ShapeError for another width, or beyond `maxLength`.
 * @example new SinusoidalPositionalEncoding(64, { dropout: 0.1, batchFirst: true })(embedded)
 */
export class SinusoidalPositionalEncoding extends Module {
  readonly dModel: number;
  readonly maxLength: number;
  readonly batchFirst: boolean;
  /** May be set at any time. */
  dropout: number;
  /** P, `[maxLength, dModel]`; not in the state dict. */
  readonly encoding: Buffer;

  constructor(dModel: number, options: SinusoidalPositionalEncodingOptions = {}) {
    super();
    const { maxLength = 5000, dropout = 0, batchFirst = false, dtype = 'float32' } = options;
    checkInteger(sinusoidal, 'dModel', dModel, 2);
    if (dModel % 2 !== 0) throw new ArgumentError(`${sinusoidal}: dModel must be even; got ${dModel}`);
    checkInteger(sinusoidal, 'maxLength', maxLength, 1);
    checkProbability(sinusoidal, 'dropout', dropout);
    this.dModel = dModel;
    this.maxLength = maxLength;
    this.batchFirst = batchFirst;
    this.dropout = dropout;
    this.encoding = new Buffer(sinusoids(maxLength, dModel, dtype), { persistent: false });
  }

  override forward(x: Tensor, { offset = 0 }: OffsetOptions = {}): Tensor {
    checkInputs(sinusoidal, { x });
    checkInteger(sinusoidal, 'offset', offset, 0);
    const time = x.ndim === 3 && this.batchFirst ? 1 : 0;
    if ((x.ndim !== 2 && x.ndim !== 3) || x.size(-1) !== this.dModel)
      throw new ShapeError(`${sinusoidal}: x must have 2 or 3 dims, the last of ${this.dModel}; got ${formatShape(x.shape)}`);
    const length = x.size(time);
    if (offset + length > this.maxLength)
      throw new ShapeError(`${sinusoidal}: places must be below maxLength, ${this.maxLength}; got ${length} from ${offset} on`);
    const rows = this.encoding.narrow(0, offset, length);
    const sum = x.add(x.ndim === 3 && time === 0 ? rows.unsqueeze(1) : rows);
    return drop(sum, { p: this.dropout, training: this.training });
  }

  override extraRepr(): string {
    return `${this.dModel}, max_length=${this.maxLength}, dropout=${float(this.dropout)}`;
  }
}

/**
 * Turns pairs of elements of queries or keys `[…, T, dim]` by angles that grow with the place: see `functional.applyRotaryEmbedding`.
 * It learns nothing. Su et al., "RoFormer" (2021). Not in PyTorch's nn.
 *
 * @throws ArgumentError for an odd `dim` and options out of range; at the call ShapeError for another width.
 * @example
 * const rotary = new RotaryEmbedding(32);
 * const scores = rotary(query).matmul(rotary(key).transpose(-2, -1));
 */
export class RotaryEmbedding extends Module {
  readonly dim: number;
  readonly base: number;
  readonly interleaved: boolean;

  constructor(dim: number, options: RotaryOptions = {}) {
    super();
    const { base = 10_000, interleaved = true } = options;
    checkInteger('RotaryEmbedding', 'dim', dim, 2);
    if (dim % 2 !== 0) throw new ArgumentError(`RotaryEmbedding: dim must be even; got ${describe(dim)}`);
    checkRotary('RotaryEmbedding', { base, interleaved });
    this.dim = dim;
    this.base = base;
    this.interleaved = interleaved;
  }

  override forward(x: Tensor, { offset = 0 }: OffsetOptions = {}): Tensor {
    checkInputs('RotaryEmbedding', { x });
    if (x.shape.at(-1) !== this.dim)
      throw new ShapeError(`RotaryEmbedding: the last dim must be ${this.dim}; got x ${formatShape(x.shape)}`);
    return applyRotaryEmbedding(x, { base: this.base, interleaved: this.interleaved, offset });
  }

  override extraRepr(): string {
    return `${this.dim}, base=${float(this.base)}, interleaved=${bool(this.interleaved)}`;
  }
}

// ---------------------------------------------------------------------------------------------------------------------

const sinusoidal = 'SinusoidalPositionalEncoding';

function sinusoids(length: number, width: number, dtype: 'float32' | 'float64'): Tensor {
  const speeds = arange(width / 2, { dtype })
    .mul((-2 * Math.log(10_000)) / width)
    .exp();
  const angles = arange(length, { dtype }).unsqueeze(1).mul(speeds);
  return stack([angles.sin(), angles.cos()], { dim: -1 }).reshape([length, width]);
}
