import { ArgumentError, IndexError, ShapeError, type Tensor, tensor } from '@dl/tensor';
import { describe, expect, test } from 'vitest';
import golden from '../fixtures/data.json' with { type: 'json' };
import { ConcatDataset, Dataset, Subset, TensorDataset } from './index.ts';

const x = (): Tensor =>
  tensor([
    [1, 2],
    [3, 4],
    [5, 6],
  ]);
const y = (): Tensor => tensor([7, 8, 9], { dtype: 'int32' });

class Slow extends Dataset<number> {
  readonly length = 3;
  async get(index: number): Promise<number> {
    return index * 10;
  }
}

describe('TensorDataset', () => {
  test('gives row i of each tensor', async () => {
    const dataset = new TensorDataset(x(), y());
    const [row, label] = dataset.get(1);
    expect(dataset.length).toBe(3);
    expect(await row.tolist()).toEqual([3, 4]);
    expect(await label.item()).toBe(8);
    expect(label.dtype).toBe('int32');
  });

  test('gathers a batch of each tensor, in the order asked for', async () => {
    const [rows, labels] = await new TensorDataset(x(), y()).getBatch([2, 0, 2]);
    expect(await rows.tolist()).toEqual([
      [5, 6],
      [1, 2],
      [5, 6],
    ]);
    expect(await labels.tolist()).toEqual([9, 7, 9]);
  });

  test.each([-1, 3, 0.5, Number.NaN])('refuses index %d', async (index) => {
    const dataset = new TensorDataset(y());
    expect(() => dataset.get(index)).toThrow(IndexError);
    await expect(dataset.getBatch([0, index])).rejects.toThrow(/TensorDataset: an index must be a whole number from 0 up to 2/);
  });

  test('refuses tensors that do not fit, scalars and what is no tensor', () => {
    expect(() => new TensorDataset()).toThrow(ArgumentError);
    expect(() => new TensorDataset(x(), tensor([1, 2]))).toThrow(/first sizes must agree; got \[3, 2\] and, as tensor 1, \[2\]/);
    expect(() => new TensorDataset(tensor(1))).toThrow(ShapeError);
    expect(() => new TensorDataset([1, 2] as never)).toThrow(/tensor 0 must be a tensor; got \[1, 2\]/);
  });
});

describe('Subset', () => {
  test('gives the samples that its indices name', async () => {
    const subset = new Subset(new Subset(new TensorDataset(y()), [2, 1, 0]), [0, 2]);
    expect(subset).toHaveLength(2);
    expect(await (await subset.get(1))[0].item()).toBe(7);
    expect(await (await subset.getBatch([1, 0]))?.[0].tolist()).toEqual([7, 9]);
  });

  test('has no batches where its dataset has none', () => {
    expect(new Subset(new Slow(), [0]).getBatch([0])).toBeNull();
  });

  test('refuses indices outside its dataset, and outside itself', () => {
    expect(() => new Subset(new Slow(), [0, 3])).toThrow(/Subset: an index must be a whole number from 0 up to 2; got 3/);
    expect(() => new Subset(new Slow(), [0]).get(1)).toThrow(IndexError);
    expect(() => new Subset(new Slow(), 3 as never)).toThrow(/indices must be an array; got 3/);
  });
});

describe('ConcatDataset', () => {
  test('gives the samples of its datasets one after the other, as PyTorch does', async () => {
    const parts = [2, 0, 3].map((n, i) => new TensorDataset(tensor(Array.from({ length: n }, (_, j) => j + 10 * i))));
    const all = new ConcatDataset(parts);
    expect(all.cumulativeSizes).toEqual(golden.concat.cumulativeSizes);
    const samples = Array.from({ length: all.length }, async (_, i) => (await all.get(i))[0].item());
    expect(await Promise.all(samples)).toEqual(golden.concat.samples);
  });

  test('refuses an index beyond the end, and no datasets', () => {
    expect(() => new ConcatDataset([new Slow()]).get(3)).toThrow(IndexError);
    expect(() => new ConcatDataset([])).toThrow(/ConcatDataset: needs at least one dataset; got \[\]/);
  });
});
