import { ArgumentError, type DType, ShapeError, type Tensor } from '@dl/tensor';
import { checkTensor, describe, heldTensors, type TensorHolder } from '@dl/tensor/internal';
import { type HostIntegers, hostIntegers, type Integers } from './rnnHost.ts';
import { Lengths } from './rnnLengths.ts';
import { Packing } from './rnnPacking.ts';

/** @internal A batch `[T, B, …]` whose padding is finite where the sequences are. */
export interface PaddedBatch {
  readonly padded: Tensor;
  readonly packing: Packing;
}

/**
 * A batch of sequences of their own lengths, without padding; made by `packPaddedSequence` and `packSequence`, taken and given by `RNN`, `LSTM`
 * and `GRU`. Inside, it keeps the padded batch, time first, and `data` is a recipe: so layers compute at full speed, and batches of one
 * padded shape share a plan whatever their lengths. PyTorch: `torch.nn.utils.rnn.PackedSequence`.
 *
 * @example
 * const packed = utils.rnn.packPaddedSequence(x, [5, 3, 2]);
 * const [output, [hidden]] = new LSTM(8, 16)(packed);
 */
export class PackedSequence implements TensorHolder {
  /** @internal */
  readonly packing: Packing;
  #data: Tensor | null = null;
  #padded: Tensor | null = null;

  /**
   * Packed data as they are, such as those of another packed sequence after an elementwise function.
   *
   * @param batchSizes how many sequences reach each step.
   * @param sortedIndices the sequences from the longest to the shortest, if the batch's order is another.
   * @param unsortedIndices the inverse, for PyTorch's sake: it is computed.
   * @throws ShapeError if data are not as many as the batch sizes sum to; ArgumentError if these do not fall from B to at least 1, or the
   *   indices are no permutation.
   */
  constructor(data: Tensor, batchSizes: HostIntegers, sortedIndices?: HostIntegers | null, unsortedIndices?: HostIntegers | null);
  /** @internal */
  constructor(batch: PaddedBatch);
  constructor(given: Tensor | PaddedBatch, batchSizes: HostIntegers = [], sortedIndices: HostIntegers | null = null) {
    if ('packing' in given) {
      this.packing = given.packing;
      this.#padded = given.padded;
    } else {
      checkTensor('PackedSequence', 'data', given);
      this.packing = packingOf(given, hostIntegers('PackedSequence', 'batchSizes', batchSizes), sortedIndices);
      this.#data = given;
    }
  }

  /** The elements, `[N, …]`: the first steps of all sequences, the longest first, then the second ones, and so on. */
  get data(): Tensor {
    this.#data ??= this.packing.pack(this.padded);
    return this.#data;
  }

  /** How many sequences reach each step: int32 `[T]`. */
  get batchSizes(): Tensor {
    return this.packing.batchSizes;
  }

  /** The sequences from the longest to the shortest, int32 `[B]`; `null` if they were so from the start. */
  get sortedIndices(): Tensor | null {
    return this.packing.sortedIndices;
  }

  /** The inverse of `sortedIndices`. */
  get unsortedIndices(): Tensor | null {
    return this.packing.unsortedIndices;
  }

  /** @internal `[T, B, …]`, in the batch's order; behind its end a sequence has anything that is finite. */
  get padded(): Tensor {
    if (this.#padded === null) this.#padded = this.packing.pad(this.data);
    return this.#padded;
  }

  /** @internal What a module that returns it returns. */
  [heldTensors](): readonly Tensor[] {
    return [this.#padded, this.#data].filter((x) => x !== null);
  }

  /** The same sequences with elements of another dtype. */
  to(dtype: DType): PackedSequence {
    return new PackedSequence({ padded: this.padded.to(dtype), packing: this.packing });
  }
}

// ---------------------------------------------------------------------------------------------------------------------

function packingOf(data: Tensor, sizes: Integers, sortedIndices: HostIntegers | null): Packing {
  const count = sizes[0] ?? 0;
  if (count < 1 || sizes.some((size, t) => size < 1 || size > (sizes[t - 1] ?? size))) {
    throw new ArgumentError(`PackedSequence: batchSizes must fall, to 1 at the least; got ${describe([...sizes])}`);
  }
  const sum = sizes.reduce((total, size) => total + size, 0);
  if (data.ndim === 0 || data.size(0) !== sum)
    throw new ShapeError(`PackedSequence: data must have ${sum} rows, as batchSizes have in all; got ${describe(data)}`);
  const order = sortedIndices === null ? null : permutation(hostIntegers('PackedSequence', 'sortedIndices', sortedIndices), count);
  const values = new Int32Array(count);
  for (let rank = 0; rank < count; rank++) values[order?.[rank] ?? rank] = sizes.filter((size) => size > rank).length;
  return new Packing(new Lengths(values, sizes.length), order);
}

function permutation(order: Integers, count: number): Integers {
  const isComplete = [...order].sort((a, b) => a - b).every((b, place) => b === place);
  if (order.length === count && isComplete) return order;
  throw new ArgumentError(`PackedSequence: sortedIndices must be a permutation of 0 to ${count - 1}; got ${describe([...order])}`);
}
