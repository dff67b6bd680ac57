import { ArgumentError, DataError, IndexError, manualSeed, type Tensor, tensor } from '@dl/tensor';
import { describe, expect, test } from 'vitest';
import { DataLoader, Dataset, IterableDataset, SequentialSampler, Subset, TensorDataset } from './index.ts';
import { numbersUpTo } from './testing/numbers.ts';

async function collect<Batch>(batches: AsyncIterable<Batch>): Promise<Batch[]> {
  const all: Batch[] = [];
  for await (const batch of batches) all.push(batch);
  return all;
}

const listed = async (batches: AsyncIterable<Tensor>): Promise<unknown[]> =>
  Promise.all((await collect(batches)).map((batch) => batch.tolist()));

class Letters extends IterableDataset<string> {
  closed = false;
  async *[Symbol.asyncIterator](): AsyncGenerator<string, void, undefined> {
    try {
      yield* 'abcde';
    } finally {
      this.closed = true;
    }
  }
}

describe('DataLoader', () => {
  test('gives batches in order, the last one smaller or dropped', async () => {
    const dataset = numbersUpTo(5);
    expect(await listed(new DataLoader(dataset, { batchSize: 2 }))).toEqual([[0, 1], [2, 3], [4]]);
    expect(await listed(new DataLoader(dataset, { batchSize: 2, dropLast: true }))).toEqual([
      [0, 1],
      [2, 3],
    ]);
    expect(await listed(new DataLoader(dataset))).toEqual([[0], [1], [2], [3], [4]]);
    expect(await listed(new DataLoader(dataset, { batchSize: 100 }))).toEqual([[0, 1, 2, 3, 4]]);
  });

  test.each([
    [5, 2, false, 3],
    [5, 2, true, 2],
    [4, 2, false, 2],
    [1, 64, false, 1],
  ])('knows its length: %d samples in batches of %d, dropLast %s', (samples, batchSize, dropLast, length) => {
    expect(new DataLoader(numbersUpTo(samples), { batchSize, dropLast }).length).toBe(length);
  });

  test('shuffles each epoch anew, from one seed, and loses no sample', async () => {
    const loader = (seed: number): DataLoader<number> => new DataLoader(numbersUpTo(40), { batchSize: 7, shuffle: true, seed });
    const twice = async (seed: number): Promise<unknown[][]> => {
      const own = loader(seed);
      return [await listed(own), await listed(own)];
    };
    const [first, second] = await twice(1);
    expect(first).not.toEqual(second);
    expect(first?.flat(2).sort((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: 40 }, (_, i) => i));
    expect(await twice(1)).toEqual([first, second]);
    expect(await twice(2)).not.toEqual([first, second]);
  });

  test('follows manualSeed where it has no seed', async () => {
    const epoch = (): Promise<unknown[]> => {
      manualSeed(11);
      return listed(new DataLoader(numbersUpTo(20), { batchSize: 20, shuffle: true }));
    };
    expect(await epoch()).toEqual(await epoch());
  });

  test('an epoch that ends early disturbs none that follow, nor those that run at the same time', async () => {
    const options = { batchSize: 3, shuffle: true, seed: 9 };
    const expected = new DataLoader(numbersUpTo(10), options);
    const [, second, third] = [await listed(expected), await listed(expected), await listed(expected)];
    const loader = new DataLoader(numbersUpTo(10), options);
    for await (const batch of loader) {
      expect(batch.shape).toEqual([3]);
      break;
    }
    const [a, b] = [loader[Symbol.asyncIterator](), loader[Symbol.asyncIterator]()];
    const taken: [unknown[], unknown[]] = [[], []];
    for (let i = 0; i < 4; i++) {
      for (const [k, iterator] of [b, a].entries()) {
        const { value } = await iterator.next();
        taken[1 - k]?.push(value === undefined ? undefined : await value.tolist());
      }
    }
    expect(taken).toEqual([second, third]);
  });

  test('takes batches as the dataset makes them, and through subsets', async () => {
    const dataset = new TensorDataset(tensor([[1], [2], [3]]), tensor([4, 5, 6], { dtype: 'int32' }));
    const [[x, y] = []] = await collect(new DataLoader(new Subset(dataset, [2, 0]), { batchSize: 2 }));
    expect(await x?.tolist()).toEqual([[3], [1]]);
    expect(await y?.tolist()).toEqual([6, 4]);
  });

  test('waits for samples that are promises, all of a batch at once', async () => {
    let open = 0;
    let most = 0;
    class Slow extends Dataset<number> {
      readonly length = 6;
      async get(index: number): Promise<number> {
        most = Math.max(most, ++open);
        await new Promise((resolve) => setTimeout(resolve, 1));
        open--;
        return index;
      }
    }
    expect(await listed(new DataLoader(new Slow(), { batchSize: 3 }))).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ]);
    expect(most).toBe(3);
  });

  test('uses a collate function, also where the dataset has batches of its own, and awaits it', async () => {
    const dataset = new TensorDataset(tensor([1, 2, 3]));
    const counts = new DataLoader(dataset, { batchSize: 2, collate: async (samples) => samples.length });
    expect(await collect(counts)).toEqual([2, 1]);
  });

  test('takes samplers and batch samplers', async () => {
    const backwards = { length: 3, [Symbol.iterator]: () => [2, 1, 0].values() };
    expect(await listed(new DataLoader(numbersUpTo(3), { sampler: backwards, batchSize: 2 }))).toEqual([[2, 1], [0]]);
    const batches = [[0, 2], [1]];
    const loader = new DataLoader(numbersUpTo(3), { batchSampler: batches });
    expect(await listed(loader)).toEqual(batches);
    expect(loader.length).toBe(2);
  });

  test('passes on what a dataset throws', async () => {
    const loader = new DataLoader(new TensorDataset(tensor([1])), { batchSampler: [[5]] });
    await expect(collect(loader)).rejects.toThrow(IndexError);
    const ragged = new DataLoader(
      new (class extends Dataset<Tensor> {
        readonly length = 2;
        get(index: number): Tensor {
          return tensor(Array.from({ length: index + 1 }, () => 0));
        }
      })(),
      { batchSize: 2 },
    );
    await expect(collect(ragged)).rejects.toThrow(DataError);
  });

  test('cuts a stream into batches, and closes it when a loop ends early', async () => {
    expect(await collect(new DataLoader(new Letters(), { batchSize: 2 }))).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
    expect(await collect(new DataLoader(new Letters(), { batchSize: 2, dropLast: true }))).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    const letters = new Letters();
    for await (const _ of new DataLoader(letters, { batchSize: 2 })) break;
    expect(letters.closed).toBe(true);
  });

  test.each([0, -1, 2.5, Number.NaN, Number.POSITIVE_INFINITY, '4' as never])('refuses a batchSize of %s', (batchSize) => {
    expect(() => new DataLoader(numbersUpTo(4), { batchSize })).toThrow(ArgumentError);
    expect(() => new DataLoader(numbersUpTo(4), { batchSize })).toThrow(/DataLoader: batchSize must be a whole number from 1 up; got/);
  });

  test.each([
    ['an empty dataset', 0, {}, /there must be at least one batch; got 0 samples for batches of 1/],
    ['an empty dataset to shuffle', 0, { shuffle: true }, /there must be at least one batch; got 0 samples/],
    [
      'a dataset smaller than a batch, smaller ones dropped',
      3,
      { batchSize: 4, dropLast: true },
      /got 3 samples for batches of 4, smaller ones dropped/,
    ],
    ['no batches from a batch sampler', 3, { batchSampler: [] }, /there must be at least one batch; got 3 samples$/],
    [
      'a sampler besides shuffle',
      3,
      { shuffle: true, sampler: new SequentialSampler({ length: 3 }) },
      /sampler excludes shuffle, seed; got shuffle as well/,
    ],
    ['a batch sampler besides batchSize', 3, { batchSize: 2, batchSampler: [[0]] }, /batchSampler excludes .*; got batchSize as well/],
    ['a negative seed', 3, { shuffle: true, seed: -1 }, /DataLoader: seed must be a whole number from 0 up; got -1/],
  ])('refuses %s', (_, samples, options, message) => {
    expect(() => new DataLoader(numbersUpTo(samples), options)).toThrow(ArgumentError);
    expect(() => new DataLoader(numbersUpTo(samples), options)).toThrow(message);
  });

  test('refuses to shuffle or measure a stream, and what is no dataset', () => {
    expect(() => new DataLoader(new Letters(), { shuffle: true })).toThrow(/an IterableDataset excludes shuffle/);
    expect(() => new DataLoader(new Letters()).length).toThrow(/the length must be known; got an IterableDataset/);
    expect(() => new DataLoader([1, 2, 3] as never)).toThrow(/needs a Dataset or an IterableDataset; got \[1, 2, 3\]/);
    expect(() => new DataLoader(null as never)).toThrow(ArgumentError);
  });
});
