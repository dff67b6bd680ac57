import { ArgumentError, adopt, argsort, narrow, pad, ShapeError, select, stack, type Tensor, transpose, where } from '@dl/tensor';
import { checkInteger, checkNumber, checkOneOf, checkTensor, describe, formatShape, sameShape } from '@dl/tensor/internal';
import { type HostIntegers, hostIntegers, type Integers } from './rnnHost.ts';
import { Lengths, rowsOf, selectRows } from './rnnLengths.ts';
import { PackedSequence } from './rnnPackedSequence.ts';
import { Packing } from './rnnPacking.ts';

export type { HostIntegers } from './rnnHost.ts';
export { PackedSequence } from './rnnPackedSequence.ts';

/** Which of the first two dims is the batch. */
export interface BatchFirstOptions {
  /** `[B, T, …]` rather than `[T, B, …]`; default `false`. */
  readonly batchFirst?: boolean;
}

/** What `packSequence` takes. */
export interface PackOptions {
  /** Whether lengths that do not fall are refused; else the sequences are sorted, and every result is in the order in which they came. Default `true`. */
  readonly enforceSorted?: boolean;
}

/** What `padSequence` takes. */
export interface PadSequenceOptions extends BatchFirstOptions {
  /** Default 0. */
  readonly paddingValue?: number;
  /** Default `'right'`: behind the end. */
  readonly paddingSide?: 'right' | 'left';
}

/** What `padPackedSequence` takes. */
export interface PadPackedOptions extends BatchFirstOptions {
  /** Default 0. */
  readonly paddingValue?: number;
  /** The padded length, at least the longest sequence's, which is the default. Give it where plans shall not depend on the lengths. */
  readonly totalLength?: number | null;
}

/**
 * Packs a padded batch `[T, B, …]`, or `[B, T, …]` where `batchFirst`. Padding is never looked at. PyTorch:
 * `torch.nn.utils.rnn.pack_padded_sequence`.
 *
 * @param lengths of each sequence: numbers, or an int32 tensor made of them, in `[1, T]`; falling if `enforceSorted`.
 * @throws ShapeError for fewer than two dims, or if lengths are not as many as sequences; ArgumentError for lengths out of range or order,
 *   or for a tensor of lengths that has yet to be computed.
 * @example packPaddedSequence(x, [3, 5, 2], { batchFirst: true, enforceSorted: false })
 */
export function packPaddedSequence(input: Tensor, lengths: HostIntegers, options: BatchFirstOptions & PackOptions = {}): PackedSequence {
  const { batchFirst = false, enforceSorted = true } = options;
  checkTensor('packPaddedSequence', 'input', input);
  if (input.ndim < 2) throw new ShapeError(`packPaddedSequence: input must be ${layout(batchFirst)}; got ${formatShape(input.shape)}`);
  const [steps, count] = batchFirst ? [input.size(1), input.size(0)] : [input.size(0), input.size(1)];
  const packing = packingFor('packPaddedSequence', hostIntegers('packPaddedSequence', 'lengths', lengths), steps, count, enforceSorted);
  const place = (t: number, b: number, length: number) => {
    const step = Math.min(t, length - 1);
    return batchFirst ? b * steps + step : step * count + b;
  };
  const rows = adopt(packing.lengths.places(place));
  return new PackedSequence({ padded: selectRows(rowsOf(input), rows, steps), packing });
}

/**
 * The padded batch `[T, B, …]`, or `[B, T, …]` where `batchFirst`, in the order in which it was packed, and the lengths, int32 `[B]`.
 * PyTorch: `torch.nn.utils.rnn.pad_packed_sequence`.
 *
 * @throws ArgumentError if `totalLength` is less than the longest sequence's, or there is nothing packed.
 * @example const [padded, lengths] = padPackedSequence(output, { batchFirst: true })
 */
export function padPackedSequence(sequence: PackedSequence, options: PadPackedOptions = {}): readonly [Tensor, Tensor] {
  const { batchFirst = false, paddingValue = 0, totalLength = null } = options;
  const { padded, packing } = checkPacked('padPackedSequence', sequence);
  const { lengths } = packing;
  checkNumber('padPackedSequence', 'paddingValue', paddingValue);
  if (totalLength !== null) checkInteger('padPackedSequence', 'totalLength', totalLength, lengths.longest);
  const steps = totalLength ?? lengths.longest;
  const missing = Math.max(0, steps - lengths.steps);
  const cut = missing === 0 ? narrow(padded, 0, 0, steps) : pad(padded, [...Array<number>(2 * padded.ndim - 1).fill(0), missing]);
  const filled = where(lengths.within(steps, padded.ndim), cut, paddingValue).to(padded.dtype);
  return [batchFirst ? transpose(filled, 0, 1) : filled, lengths.vector];
}

/**
 * Sequences `[L, …]` as one batch `[T, B, …]`, or `[B, T, …]` where `batchFirst`, padded to the longest. PyTorch:
 * `torch.nn.utils.rnn.pad_sequence`.
 *
 * @throws ShapeError if dims but the first differ; ArgumentError for no sequences.
 * @example padSequence([ones([3, 2]), ones([5, 2])]).shape // [5, 2, 2]
 */
export function padSequence(sequences: readonly Tensor[], options: PadSequenceOptions = {}): Tensor {
  const { batchFirst = false, paddingValue = 0, paddingSide = 'right' } = options;
  checkOneOf('padSequence', 'paddingSide', paddingSide, ['right', 'left']);
  checkSequences('padSequence', sequences);
  const longest = Math.max(...sequences.map((sequence) => sequence.size(0)));
  const padded = sequences.map((sequence) => {
    const missing = longest - sequence.size(0);
    const margins = paddingSide === 'right' ? [0, missing] : [missing, 0];
    return pad(sequence, [...Array<number>(2 * (sequence.ndim - 1)).fill(0), ...margins], { value: paddingValue });
  });
  return stack(padded, { dim: batchFirst ? 0 : 1 });
}

/**
 * The sequences of a padded batch, each `[length, …]`. PyTorch: `torch.nn.utils.rnn.unpad_sequence`.
 *
 * @throws as `packPaddedSequence`.
 * @example unpadSequence(padded, [3, 5]).map(({ shape }) => shape)
 */
export function unpadSequence(padded: Tensor, lengths: HostIntegers, options: BatchFirstOptions = {}): Tensor[] {
  const { batchFirst = false } = options;
  checkTensor('unpadSequence', 'padded', padded);
  if (padded.ndim < 2) throw new ShapeError(`unpadSequence: padded must be ${layout(batchFirst)}; got ${formatShape(padded.shape)}`);
  const [steps, count] = batchFirst ? [padded.size(1), padded.size(0)] : [padded.size(0), padded.size(1)];
  const values = hostIntegers('unpadSequence', 'lengths', lengths);
  checkLengths('unpadSequence', values, steps, count, 0);
  return Array.from(values, (length, b) => narrow(select(padded, batchFirst ? 0 : 1, b), 0, 0, length));
}

/**
 * Packs sequences `[L, …]`. PyTorch: `torch.nn.utils.rnn.pack_sequence`.
 *
 * @throws ShapeError if dims but the first differ; ArgumentError if lengths do not fall and `enforceSorted`, or for an empty sequence.
 * @example packSequence([ones([5, 2]), ones([3, 2])])
 */
export function packSequence(sequences: readonly Tensor[], options: PackOptions = {}): PackedSequence {
  checkSequences('packSequence', sequences);
  const lengths = sequences.map((sequence) => sequence.size(0));
  packingFor('packSequence', Int32Array.from(lengths), Math.max(...lengths), lengths.length, options.enforceSorted ?? true);
  return packPaddedSequence(padSequence(sequences), lengths, options);
}

/**
 * The sequences of a packed batch, each `[length, …]`, in the order in which they were packed. PyTorch: `torch.nn.utils.rnn.unpack_sequence`.
 *
 * @throws ArgumentError if there is nothing packed.
 * @example unpackSequence(packSequence([a, b])) // [a, b]
 */
export function unpackSequence(sequence: PackedSequence): Tensor[] {
  const { padded, packing } = checkPacked('unpackSequence', sequence);
  return unpadSequence(padded, packing.lengths.values);
}

/**
 * The inverse of a permutation, int32 `[n]`; `null` of `null`. PyTorch: `torch.nn.utils.rnn.invert_permutation`.
 *
 * @throws ShapeError if there is not one dim.
 * @example invertPermutation(tensor([2, 0, 1], { dtype: 'int32' })) // [1, 2, 0]
 */
export function invertPermutation(permutation: Tensor | null): Tensor | null {
  if (permutation === null) return null;
  checkTensor('invertPermutation', 'permutation', permutation);
  if (permutation.ndim !== 1) throw new ShapeError(`invertPermutation: permutation must have one dim; got ${describe(permutation)}`);
  return argsort(permutation);
}

// ---------------------------------------------------------------------------------------------------------------------

function layout(batchFirst: boolean): string {
  return batchFirst ? '[B, T, …]' : '[T, B, …]';
}

function packingFor(caller: string, lengths: Integers, steps: number, count: number, enforceSorted: boolean): Packing {
  checkLengths(caller, lengths, steps, count, 1);
  if (count === 0) throw new ShapeError(`${caller}: input must have a sequence; got none`);
  const isSorted = lengths.every((length, b) => b === 0 || length <= (lengths[b - 1] ?? 0));
  if (enforceSorted && !isSorted) {
    throw new ArgumentError(`${caller}: lengths must fall; got ${describe([...lengths])}. Sort the batch, or set enforceSorted to false`);
  }
  return new Packing(new Lengths(lengths, steps), enforceSorted ? null : byLength(lengths));
}

/** The sequences from the longest to the shortest; those of one length in their order. */
function byLength(lengths: Integers): Integers {
  const order = Array.from(lengths, (_, b) => b);
  return Int32Array.from(order.sort((a, b) => (lengths[b] ?? 0) - (lengths[a] ?? 0)));
}

function checkLengths(caller: string, lengths: Integers, steps: number, count: number, least: number): void {
  if (lengths.length !== count) {
    throw new ShapeError(`${caller}: lengths must be as many as sequences, ${count}; got ${lengths.length}`);
  }
  const odd = lengths.find((length) => length < least || length > steps);
  if (odd === undefined) return;
  throw new ArgumentError(`${caller}: lengths must be in [${least}, ${steps}], ${steps} being the padded length; got ${odd}`);
}

function checkSequences(caller: string, sequences: readonly Tensor[]): void {
  if (!Array.isArray(sequences) || sequences.length === 0)
    throw new ArgumentError(`${caller}: sequences must be an array of one tensor or more; got ${describe(sequences)}`);
  const [first] = sequences;
  sequences.forEach((sequence: Tensor, i) => {
    checkTensor(caller, `sequence ${i}`, sequence);
    if (sequence.ndim > 0 && first !== undefined && sameShape(sequence.shape.slice(1), first.shape.slice(1))) return;
    throw new ShapeError(`${caller}: sequences must be [L, …], alike but for L; got ${describe(first)} and ${describe(sequence)}`);
  });
}

function checkPacked(caller: string, sequence: PackedSequence): PackedSequence {
  if (sequence instanceof PackedSequence) return sequence;
  throw new ArgumentError(`${caller}: takes a PackedSequence; got ${describe(sequence)}. Pack it: packPaddedSequence(x, lengths)`);
}
