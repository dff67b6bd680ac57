import type { Tensor } from '@dl/tensor';
import { expectTypeOf, test } from 'vitest';
import { type Collated, DataLoader, Dataset, defaultCollate, IterableDataset, MNIST, randomSplit, Subset, TensorDataset } from './index.ts';

declare const x: Tensor;

class Squares extends Dataset<[Tensor, number]> {
  readonly length = 10;
  get(_index: number): [Tensor, number] {
    return [x, 1];
  }
}

class Remote extends Dataset<{ text: string; label: number }> {
  readonly length = 10;
  async get(_index: number): Promise<{ text: string; label: number }> {
    return { text: '', label: 1 };
  }
}

class Lines extends IterableDataset<string> {
  async *[Symbol.asyncIterator](): AsyncGenerator<string, void, undefined> {}
}

type BatchOf<L> = L extends AsyncIterable<infer Batch> ? Batch : never;
const batchOf = <Batch>(_loader: AsyncIterable<Batch>): Batch => null as never;

test('Collated: numbers and tensors become tensors, texts a list, structures stay', () => {
  expectTypeOf<Collated<[Tensor, number]>>().toEqualTypeOf<[Tensor, Tensor]>();
  expectTypeOf<Collated<readonly [Tensor, boolean]>>().toEqualTypeOf<[Tensor, Tensor]>();
  expectTypeOf<Collated<{ readonly text: string; label: 0 | 1 }>>().toEqualTypeOf<{ text: string[]; label: Tensor }>();
  expectTypeOf<Collated<number[]>>().toEqualTypeOf<Tensor[]>();
  expectTypeOf<Collated<Float32Array>>().toEqualTypeOf<Tensor>();
  expectTypeOf(defaultCollate([[x, 1] as [Tensor, number]])).toEqualTypeOf<[Tensor, Tensor]>();
});

test('DataLoader: the type of its batches comes from the dataset', () => {
  expectTypeOf<BatchOf<DataLoader<[Tensor, Tensor]>>>().toEqualTypeOf<[Tensor, Tensor]>();
  expectTypeOf(batchOf(new DataLoader(new Squares(), { batchSize: 64 }))).toEqualTypeOf<[Tensor, Tensor]>();
  expectTypeOf(batchOf(new DataLoader(new Remote()))).toEqualTypeOf<{ text: string[]; label: Tensor }>();
  expectTypeOf(batchOf(new DataLoader(new TensorDataset(x, x)))).toEqualTypeOf<[Tensor, Tensor]>();
  expectTypeOf(batchOf(new DataLoader(new Subset(new Squares(), [1])))).toEqualTypeOf<[Tensor, Tensor]>();
  expectTypeOf(batchOf(new DataLoader(new Lines()))).toEqualTypeOf<string[]>();
});

test('DataLoader: a collate function says what its batches are', () => {
  expectTypeOf(batchOf(new DataLoader(new Remote(), { collate: (samples) => samples.map(({ text }) => text) }))).toEqualTypeOf<string[]>();
  expectTypeOf(batchOf(new DataLoader(new Squares(), { collate: async (samples) => samples.length }))).toEqualTypeOf<number>();
});

test('MNIST: transforms say what its samples are', async () => {
  const digits = await MNIST.load({ root: '' });
  expectTypeOf(digits).toEqualTypeOf<MNIST<Tensor, number>>();
  expectTypeOf(batchOf(new DataLoader(digits))).toEqualTypeOf<[Tensor, Tensor]>();
  const named = await MNIST.load({
    root: '',
    transform: (image) => image.shape.length,
    targetTransform: (label) => MNIST.classes[label] ?? '',
  });
  expectTypeOf(named.get(0)).toEqualTypeOf<[number, string]>();
  expectTypeOf(batchOf(new DataLoader(named))).toEqualTypeOf<[Tensor, string[]]>();
});

test('randomSplit: gives as many parts as it is told', () => {
  const parts = randomSplit(new Squares(), [0.5, 0.5]);
  expectTypeOf(parts).toEqualTypeOf<[Subset<[Tensor, number]>, Subset<[Tensor, number]>]>();
});
