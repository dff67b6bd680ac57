import { ArgumentError, arange, DTypeError, indexCopy, ShapeError, type Tensor, zeros } from '@dl/tensor';
import { assign, checkInteger, checkTensor, formatShape, sameShape, stateTensor, type Value } from '@dl/tensor/internal';
import type { FloatingOptions } from './options.ts';

/** What a cache holds after new keys came in. */
export interface CachedKeys {
  /** `[B, heads, maxLength, D]`; behind what was written, whatever was there before. */
  readonly keys: Tensor;
  /** `[B, heads, maxLength, D]`. */
  readonly values: Tensor;
  /** `[T, maxLength]`, bool: true where one of the T new queries sees a key, up to its own place. As `scaledDotProductAttention` takes it. */
  readonly mask: Tensor;
}

/** The attention that a cache is for: a `MultiheadAttention`, say. */
interface CachedAttention {
  readonly embedDim: number;
  readonly numHeads: number;
  readonly outProj: { readonly weight: Tensor };
}

/**
 * The keys and values of the tokens so far, for generation: each new token's are added, and nothing is computed twice. One cache for
 * each attention layer. Buffers have their full size from the start, and where the new ones go is data: after the first token
 * every token runs the same plan. What is written in a module's call counts only if the outermost call returns. Not in PyTorch's nn.
 *
 * @throws ArgumentError if sizes are not whole numbers from 1 up.
 * @example
 * const cache = KeyValueCache.for(attention, { batchSize: 1, maxLength: 256 });
 * const [first] = attention(prompt, prompt, prompt, { cache, needWeights: false }); // [1, T, E]
 * const [next] = attention(token, token, token, { cache, needWeights: false }); // [1, 1, E]
 */
export class KeyValueCache {
  readonly maxLength: number;
  /** What an exception in a module's call takes back are the values: so each knows how much was written. */
  readonly #lengths = new WeakMap<Value, number>();
  readonly #keys: Tensor;
  readonly #values: Tensor;

  /** Buffers `[batchSize, numHeads, maxLength, headDim]`. */
  constructor(batchSize: number, numHeads: number, maxLength: number, headDim: number, { dtype = 'float32' }: FloatingOptions = {}) {
    for (const [name, size] of Object.entries({ batchSize, numHeads, maxLength, headDim })) checkInteger('KeyValueCache', name, size, 1);
    this.maxLength = maxLength;
    this.#keys = stateTensor(zeros([batchSize, numHeads, maxLength, headDim], { dtype }));
    this.#values = stateTensor(zeros([batchSize, numHeads, maxLength, headDim], { dtype }));
  }

  /** An empty cache of the sizes and dtype of an attention layer. */
  static for(attention: CachedAttention, sizes: { readonly batchSize: number; readonly maxLength: number }): KeyValueCache {
    const { embedDim, numHeads, outProj } = attention;
    const dtype = outProj.weight.dtype === 'float64' ? 'float64' : 'float32';
    return new KeyValueCache(sizes.batchSize, numHeads, sizes.maxLength, embedDim / numHeads, { dtype });
  }

  /** How many tokens have been written: the place of the next one. */
  get length(): number {
    return this.#lengths.get(this.#keys.value) ?? 0;
  }

  /** Forgets all tokens. */
  reset(): void {
    this.#lengths.set(this.#keys.value, 0);
  }

  /**
   * Writes the keys and values `[B, heads, T, D]` of T tokens behind those written before.
   *
   * @throws ShapeError, DTypeError if they do not fit the buffers; ArgumentError if there is no room for them: `reset()`, or make a longer one.
   */
  append(key: Tensor, value: Tensor): CachedKeys {
    const { length } = this;
    checkAppended(key, 'key', this.#keys);
    checkAppended(value, 'value', this.#values);
    const end = length + key.size(2);
    if (!sameShape(key.shape, value.shape))
      throw new ShapeError(`KeyValueCache: key and value must be of one shape; got ${formatShape(key.shape)}, ${formatShape(value.shape)}`);
    if (end > this.maxLength)
      throw new ArgumentError(
        `KeyValueCache: there must be room for ${key.size(2)} more; got ${length} of maxLength ${this.maxLength} written. Reset it, or make a longer one`,
      );
    const places = arange(length, end, { dtype: 'int32' });
    const keys = indexCopy(this.#keys, 2, places, key);
    const values = indexCopy(this.#values, 2, places, value);
    assign(this.#keys, keys);
    assign(this.#values, values);
    this.#lengths.set(this.#keys.value, end);
    return { keys, values, mask: arange(this.maxLength, { dtype: 'int32' }).le(places.unsqueeze(1)) };
  }
}

function checkAppended(x: Tensor, name: string, buffer: Tensor): void {
  checkTensor('KeyValueCache', name, x);
  const [batch = 1, heads = 1, , width = 1] = buffer.shape;
  const fits = x.ndim === 4 && sameShape([x.size(0), x.size(1), x.size(3)], [batch, heads, width]) && x.size(2) > 0;
  if (!fits)
    throw new ShapeError(`KeyValueCache: ${name} must be [${batch}, ${heads}, T, ${width}] with T from 1 up; got ${formatShape(x.shape)}`);
  if (x.dtype !== buffer.dtype) throw new DTypeError(`KeyValueCache: ${name} must be ${buffer.dtype}; got ${x.dtype}. Cast it`);
}
