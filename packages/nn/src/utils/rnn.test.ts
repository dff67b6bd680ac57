import { requiresGrad } from '@dl/autograd';
import { ArgumentError, manualSeed, ones, randn, reference, ShapeError, type Tensor, tensor, useBackend, zeros } from '@dl/tensor';
import { planCacheOf } from '@dl/tensor/internal';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LSTM, Module, utils } from '../index.ts';

const {
  invertPermutation,
  PackedSequence,
  packPaddedSequence,
  packSequence,
  padPackedSequence,
  padSequence,
  unpackSequence,
  unpadSequence,
} = utils.rnn;

/** The example of PyTorch's documentation. */
const padded = () => integers([1, 2, 0, 3, 0, 0, 4, 5, 6], [3, 3]);

describe('packing', () => {
  test('lays the steps of a batch out as PyTorch does', async () => {
    const packed = packPaddedSequence(padded(), [2, 1, 3], { batchFirst: true, enforceSorted: false });
    expect(await packed.data.tolist()).toEqual([4, 1, 3, 5, 2, 6]);
    expect(await packed.batchSizes.tolist()).toEqual([3, 2, 1]);
    expect(await packed.sortedIndices?.tolist()).toEqual([2, 0, 1]);
    expect(await packed.unsortedIndices?.tolist()).toEqual([1, 2, 0]);
    expect(packed.data.dtype).toBe('int32');
    const [back, lengths] = padPackedSequence(packed, { batchFirst: true });
    expect([await back.tolist(), await lengths.tolist()]).toEqual([await padded().tolist(), [2, 1, 3]]);
  });

  test('of sequences that are sorted has no indices', async () => {
    const packed = packSequence([tensor([1, 2, 3]), tensor([4, 5]), tensor([6])]);
    expect(await packed.data.tolist()).toEqual([1, 4, 6, 2, 5, 3]);
    expect([packed.sortedIndices, packed.unsortedIndices]).toEqual([null, null]);
  });

  test('takes lengths as arrays of any kind, or tensors made of them', async () => {
    for (const lengths of [[3, 1], new Uint8Array([3, 1]), integers([3, 1], [2])]) {
      expect(await packPaddedSequence(ones([3, 2]), lengths).batchSizes.tolist()).toEqual([2, 1, 1]);
    }
  });

  test('and unpacking give the sequences back, whatever their lengths and dims', async () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(lengths, fc.constantFrom([], [2], [2, 3]), fc.boolean(), async (lengths, rest, batchFirst) => {
        const sequences = lengths.map((length) => randn([length, ...rest]));
        const packed = packPaddedSequence(padSequence(sequences, { batchFirst }), lengths, { batchFirst, enforceSorted: false });
        const again = new PackedSequence(packed.data.mul(1), packed.batchSizes, packed.sortedIndices, packed.unsortedIndices);
        for (const sequence of [packed, again, packSequence(sequences, { enforceSorted: false })]) {
          const unpacked = unpackSequence(sequence);
          expect(unpacked).toHaveLength(lengths.length);
          for (const [b, x] of unpacked.entries()) expect(await x.tolist()).toEqual(await sequences[b]?.tolist());
        }
      }),
      { numRuns: 20 },
    );
  });

  test('sends gradients to the steps, and none to the padding', async () => {
    const x = requiresGrad(ones([3, 2]));
    packPaddedSequence(x, [3, 1])
      .data.mul(tensor([1, 2, 3, 4]))
      .sum()
      .backward();
    expect(await x.grad?.tolist()).toEqual([
      [1, 2],
      [3, 0],
      [4, 0],
    ]);
  });

  test('keeps what another dtype makes of it', async () => {
    const packed = packSequence([tensor([1.5, 2.5])]).to('int32');
    expect([packed.data.dtype, await packed.data.tolist()]).toEqual(['int32', [1, 2]]);
  });
});

describe('padding', () => {
  test('fills with a value, on either side, up to a total length', async () => {
    const sequences = [tensor([1, 2]), tensor([3])];
    expect(await padSequence(sequences, { batchFirst: true, paddingValue: 9, paddingSide: 'left' }).tolist()).toEqual([
      [1, 2],
      [9, 3],
    ]);
    const [total] = padPackedSequence(packSequence(sequences), { batchFirst: true, paddingValue: 0.5, totalLength: 3 });
    expect(await total.tolist()).toEqual([
      [1, 2, 0.5],
      [3, 0.5, 0.5],
    ]);
  });

  test('is cut off to the longest sequence, or the total length', () => {
    const packed = packPaddedSequence(ones([7, 2]), [4, 1]);
    expect(padPackedSequence(packed)[0].shape).toEqual([4, 2]);
    expect(padPackedSequence(packed, { totalLength: 6 })[0].shape).toEqual([6, 2]);
    expect(padPackedSequence(packed, { totalLength: 9 })[0].shape).toEqual([9, 2]);
  });

  test('is taken off sequences, empty ones too', async () => {
    const parts = unpadSequence(padded(), [2, 0, 3], { batchFirst: true });
    expect(await Promise.all(parts.map((part) => part.tolist()))).toEqual([[1, 2], [], [4, 5, 6]]);
  });
});

test('reading the last state of a packed batch computes its output with it, and the other way round: the forward runs once', async () => {
  const packed = packPaddedSequence(randn([3, 2, 4]), [3, 1]);
  const [output, [hidden, cell]] = new LSTM(4, 5)(packed);
  await hidden.data();
  expect([output.padded, cell].map(({ value }) => value.storage === null)).toEqual([false, false]);
  const [again, [state]] = new LSTM(4, 5)(packed);
  await again.data.data();
  expect(state.value.storage).not.toBeNull();
});

test('the inverse of a permutation leads back', async () => {
  expect(await invertPermutation(integers([2, 0, 1], [3]))?.tolist()).toEqual([1, 2, 0]);
  expect(invertPermutation(null)).toBeNull();
});

test('batches of one padded shape share a plan, whatever their lengths', async () => {
  const backend = reference();
  useBackend(backend);
  manualSeed(5);
  const model = new Classifier();
  const step = async (lengths: number[]) => {
    model.zeroGrad();
    const loss = model(randn([3, 5, 2]), lengths)
      .square()
      .sum();
    loss.backward();
    const gradient = model.lstm.weightHhL0Reverse?.grad?.sum() ?? zeros([]);
    return [await loss.item(), await gradient.item()];
  };
  const first = await step([5, 2, 3]);
  const plans = planCacheOf(backend).size;
  expect(await step([1, 4, 4])).not.toEqual(first);
  expect(await step([2, 1, 1])).not.toEqual(first);
  expect(planCacheOf(backend).size).toBe(plans);
});

describe('what does not fit is refused', () => {
  const x = zeros([5, 3, 2]);

  test('lengths', () => {
    expect(() => packPaddedSequence(x, [2, 3, 1])).toThrow(
      new ArgumentError('packPaddedSequence: lengths must fall; got [2, 3, 1]. Sort the batch, or set enforceSorted to false'),
    );
    expect(() => packPaddedSequence(x, [5, 2, 0])).toThrow(
      'packPaddedSequence: lengths must be in [1, 5], 5 being the padded length; got 0',
    );
    expect(() => packPaddedSequence(x, [6, 2, 1])).toThrow(ArgumentError);
    expect(() => packPaddedSequence(x, [5, 2])).toThrow(
      new ShapeError('packPaddedSequence: lengths must be as many as sequences, 3; got 2'),
    );
    expect(() => packPaddedSequence(x, [5, 2.5, 1])).toThrow('packPaddedSequence: lengths must be whole numbers; got 2.5');
    expect(() => packPaddedSequence(x, [2 ** 32 + 5, 2, 1])).toThrow('packPaddedSequence: lengths must be whole numbers; got 4294967301');
    expect(() => packPaddedSequence(x, 5 as never)).toThrow('packPaddedSequence: lengths must be whole numbers; got 5');
    expect(() => packPaddedSequence(x, integers([5, 2, 1], [3]).add(0))).toThrow('Read it first: await lengths.data()');
    expect(() => packSequence([zeros([1]), zeros([2])])).toThrow('packSequence: lengths must fall; got [1, 2]');
    expect(() => packSequence([zeros([1]), zeros([0])])).toThrow('packSequence: lengths must be in [1, 1]');
    expect(() => unpadSequence(x, [5, 6, 1])).toThrow('unpadSequence: lengths must be in [0, 5]');
    expect(() => padPackedSequence(packPaddedSequence(x, [4, 2, 1]), { totalLength: 3 })).toThrow(
      'padPackedSequence: totalLength must be a whole number from 4 up; got 3',
    );
  });

  test('ranks, shapes and other things', () => {
    expect(() => packPaddedSequence(zeros([5]), [5])).toThrow('packPaddedSequence: input must be [T, B, …]; got [5]');
    expect(() => packPaddedSequence(zeros([5, 0]), [])).toThrow('packPaddedSequence: input must have a sequence; got none');
    expect(() => padSequence([])).toThrow(ArgumentError);
    expect(() => padSequence([zeros([2, 3]), zeros([2, 4])])).toThrow('padSequence: sequences must be [L, …], alike but for L');
    expect(() => padSequence([zeros([])])).toThrow(ShapeError);
    expect(() => padSequence([zeros([2])], { paddingSide: 'top' as never })).toThrow(ArgumentError);
    expect(() => unpackSequence(x as never)).toThrow('unpackSequence: takes a PackedSequence; got a tensor of shape [5, 3, 2]');
    expect(() => invertPermutation(x)).toThrow(ShapeError);
  });

  test('packed data', () => {
    expect(() => new PackedSequence(zeros([3]), [2, 2])).toThrow(
      'PackedSequence: data must have 4 rows, as batchSizes have in all; got a tensor of shape [3]',
    );
    expect(() => new PackedSequence(zeros([3]), [1, 2])).toThrow('PackedSequence: batchSizes must fall, to 1 at the least; got [1, 2]');
    expect(() => new PackedSequence(zeros([0]), [])).toThrow(ArgumentError);
    expect(() => new PackedSequence(zeros([3]), [2, 1], [0, 0])).toThrow('PackedSequence: sortedIndices must be a permutation of 0 to 1');
  });
});

class Classifier extends Module {
  readonly lstm = new LSTM(2, 3, { batchFirst: true, bidirectional: true });

  forward(x: Tensor, lengths: number[]): Tensor {
    const [output, [hidden]] = this.lstm(packPaddedSequence(x, lengths, { batchFirst: true, enforceSorted: false }));
    return padPackedSequence(output, { totalLength: 5 })[0].sum({ dim: 0 }).add(hidden.sum());
  }
}

function integers(values: readonly number[], shape: readonly number[]): Tensor {
  return tensor(new Int32Array(values), { shape });
}
