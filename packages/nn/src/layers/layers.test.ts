import { requiresGrad } from '@dl/autograd';
import { ArgumentError, type DType, DTypeError, manualSeed, ones, randn, ShapeError, type Tensor, tensor, zeros } from '@dl/tensor';
import { describe, expect, test } from 'vitest';
import * as nn from '../index.ts';

describe('Linear', () => {
  test('starts uniform in ±1/√inFeatures, as in PyTorch', async () => {
    manualSeed(1);
    const layer = new nn.Linear(400, 300);
    const [weight, bias] = [await layer.weight.data(), (await layer.bias?.data()) ?? []];
    expect(Math.max(...weight, ...bias)).toBeLessThanOrEqual(0.05);
    expect(Math.min(...weight, ...bias)).toBeGreaterThanOrEqual(-0.05);
    expect(Math.max(...weight)).toBeGreaterThan(0.0499);
    expect(variance(weight)).toBeCloseTo(0.05 ** 2 / 3, 5);
    expect(variance(bias)).toBeCloseTo(0.05 ** 2 / 3, 3);
  });

  test('starts as the seed says', async () => {
    const first = (seed: number): Promise<unknown> => {
      manualSeed(seed);
      return new nn.Linear(3, 2).weight.tolist();
    };
    expect(await first(7)).toEqual(await first(7));
    expect(await first(7)).not.toEqual(await first(8));
  });

  test('computes in float64 where asked', async () => {
    const layer = new nn.Linear(2, 1, { dtype: 'float64' });
    expect(layer(zeros([1, 2], { dtype: 'float64' })).dtype).toBe('float64');
  });

  test('names both shapes where they do not fit', () => {
    const layer = new nn.Linear(784, 10);
    expect(() => layer(zeros([64, 100]))).toThrow(
      new ShapeError('linear: x must be […, in] and the weight [out, in]; got x [64, 100] and weight [10, 784]'),
    );
    expect(() => layer(zeros([]))).toThrow(ShapeError);
    expect(() => layer(zeros([2, 784], { dtype: 'uint8' }))).toThrow(
      new DTypeError('linear: x must be float32 or float64; got uint8. Cast it: x.float()'),
    );
    expect(() => layer(zeros([2, 784], { dtype: 'float64' }))).toThrow(
      'linear: inputs must have one dtype; got x float64 and weight float32',
    );
    expect(() => layer([1, 2] as never)).toThrow('linear: x must be a tensor; got [1, 2]');
  });
});

describe('Bilinear', () => {
  test('names the shapes where they do not fit', () => {
    const layer = new nn.Bilinear(2, 3, 4);
    expect(() => layer(zeros([5, 3]), zeros([5, 3]))).toThrow(
      'bilinear: x1 must be […, in1], x2 […, in2] and the weight [out, in1, in2]; got [5, 3], [5, 3], [4, 2, 3]',
    );
    expect(() => layer(zeros([5, 2]), zeros([4, 3]))).toThrow('bilinear: x2 must be [5, 3]; got [4, 3]');
  });
});

describe('Dropout', () => {
  test('zeroes a fraction p in training and scales the rest', async () => {
    manualSeed(3);
    const y = await new nn.Dropout(0.2)(ones([100, 100])).data();
    const kept = y.filter((value) => value !== 0);
    expect(kept.length / y.length).toBeCloseTo(0.8, 1);
    expect(kept.every((value) => Math.abs(value - 1.25) < 1e-6)).toBe(true);
  });

  test('draws anew at each call, and passes the gradient where it kept', async () => {
    const drop = new nn.Dropout(0.5);
    const x = requiresGrad(ones([64]));
    const y = drop(x);
    y.sum().backward();
    expect(await x.grad?.tolist()).toEqual(await y.tolist());
    expect(await drop(x).tolist()).not.toEqual(await y.tolist());
  });

  test('is the identity in evaluation and for p = 0, and zero for p = 1', async () => {
    const x = tensor([1, 2, 3]);
    expect(await new nn.Dropout(0.9).eval()(x).tolist()).toEqual([1, 2, 3]);
    expect(await new nn.Dropout(0)(x).tolist()).toEqual([1, 2, 3]);
    expect(await new nn.Dropout(1)(x).tolist()).toEqual([0, 0, 0]);
  });

  test('checks p when it is made and when it is changed', () => {
    expect(() => new nn.Dropout(1.5)).toThrow('Dropout: p must be a number in [0, 1]; got 1.5');
    expect(() => new nn.Dropout(Number.NaN)).toThrow(ArgumentError);
    const drop = new nn.Dropout();
    drop.p = -1;
    expect(() => drop(ones([1]))).toThrow(ArgumentError);
  });
});

describe('BatchNorm1d', () => {
  test('follows 40 batches that nobody reads, as PyTorch would', async () => {
    const norm = new nn.BatchNorm1d(1);
    let [mean, variance] = [0, 1];
    for (let i = 0; i < 40; i++) {
      norm(tensor([[i], [i + 2]]));
      mean = 0.9 * mean + 0.1 * (i + 1);
      variance = 0.9 * variance + 0.1 * 2;
    }
    expect(await norm.runningMean?.item()).toBeCloseTo(mean, 4);
    expect(await norm.runningVar?.item()).toBeCloseTo(variance, 4);
    expect(await norm.numBatchesTracked?.item()).toBe(40);
  });

  test('refuses one value per channel in training, and leaves the statistics', async () => {
    const norm = new nn.BatchNorm1d(2);
    expect(() => norm(zeros([1, 2]))).toThrow('batchNorm: training needs more than one value per channel; got x [1, 2]');
    expect(await norm.numBatchesTracked?.item()).toBe(0);
    expect(norm(zeros([1, 2, 3])).shape).toEqual([1, 2, 3]);
    expect(norm.eval()(zeros([1, 2])).shape).toEqual([1, 2]);
  });

  test('refuses other shapes', () => {
    const norm = new nn.BatchNorm1d(2);
    expect(() => norm(zeros([4, 3]))).toThrow(new ShapeError('BatchNorm1d: dim 1 must be numFeatures, 2; got x [4, 3]'));
    expect(() => norm(zeros([2]))).toThrow(new ShapeError('BatchNorm1d: x must be [N, C] or [N, C, L]; got [2]'));
  });

  test('does not follow in evaluation', async () => {
    const norm = new nn.BatchNorm1d(2).eval();
    norm(ones([4, 2]));
    expect(await norm.runningMean?.tolist()).toEqual([0, 0]);
    expect(await norm.numBatchesTracked?.item()).toBe(0);
  });

  test('lets no gradient flow through the running statistics', () => {
    const norm = new nn.BatchNorm1d(2);
    norm(requiresGrad(randn([4, 2])));
    expect([norm.runningMean?.requiresGrad, norm.runningVar?.requiresGrad]).toEqual([false, false]);
  });
});

describe('Embedding', () => {
  test('starts the padding row with zeros and gives it no gradient', async () => {
    const table = new nn.Embedding(4, 2, { paddingIdx: -1 });
    expect(table.paddingIdx).toBe(3);
    expect(await table.weight.select(0, 3).tolist()).toEqual([0, 0]);
    table(indices([0, 3, 3]))
      .sum()
      .backward();
    expect(await table.weight.grad?.tolist()).toEqual([
      [1, 1],
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
  });

  test('takes indices only', () => {
    expect(() => new nn.Embedding(4, 2)(ones([2]))).toThrow(
      new DTypeError('embedding: indices must be int32 or uint8; got float32. Cast them: indices.int()'),
    );
    expect(() => new nn.Embedding(4, 2, { paddingIdx: 4 })).toThrow('embedding: paddingIdx must be a whole number in [-4, 3]; got 4');
  });

  test('rejects an index that names no row', async () => {
    await expect(new nn.Embedding(4, 2)(indices([4])).data()).rejects.toThrow(/index.*4/i);
  });
});

describe('Identity', () => {
  test('returns whatever it is given', () => {
    const x = zeros([2]);
    expect(new nn.Identity()(x)).toBe(x);
    expect(new nn.Identity<string>()('text')).toBe('text');
  });
});

test.each<[string, () => unknown, string]>([
  ['Linear', () => new nn.Linear(0, 2), 'Linear: inFeatures must be a whole number from 1 up; got 0'],
  ['Linear', () => new nn.Linear(2, 2.5), 'Linear: outFeatures must be a whole number from 1 up; got 2.5'],
  ['Bilinear', () => new nn.Bilinear(1, Number.NaN, 1), 'Bilinear: in2Features must be'],
  ['LayerNorm', () => new nn.LayerNorm([]), 'LayerNorm: normalizedShape must be a size or a list of at least one; got []'],
  ['LayerNorm', () => new nn.LayerNorm(-1), 'LayerNorm: each size must be'],
  ['LayerNorm', () => new nn.LayerNorm(2)(zeros([3])), 'layerNorm: the last dims must be [2]; got x [3]'],
  ['BatchNorm1d', () => new nn.BatchNorm1d(2, { momentum: Number.NaN }), 'BatchNorm1d: momentum must be a finite number; got NaN'],
  ['Embedding', () => new nn.Embedding(0, 2), 'Embedding: numEmbeddings must be'],
  ['Flatten', () => new nn.Flatten({ startDim: 0.5 }), 'Flatten: startDim must be a whole number; got 0.5'],
  ['Unflatten', () => new nn.Unflatten(1, [2, -3]), 'Unflatten: sizes must be whole numbers from 0 up; got [2, -3]'],
  ['LeakyReLU', () => new nn.LeakyReLU({ negativeSlope: Number.NaN }), 'LeakyReLU: negativeSlope must be a finite number; got NaN'],
  ['Hardtanh', () => new nn.Hardtanh({ minVal: 2 }), 'Hardtanh: minVal must be below maxVal; got 2 and 1'],
  ['CELU', () => new nn.CELU({ alpha: 0 }), 'CELU: alpha must not be 0; got 0'],
  ['GELU', () => new nn.GELU({ approximate: 'fast' as never }), "GELU: approximate must be one of 'none', 'tanh'; got 'fast'"],
  ['Softplus', () => new nn.Softplus({ beta: 0 }), 'Softplus: beta must not be 0; got 0'],
  ['Softshrink', () => new nn.Softshrink({ lambd: -1 }), 'Softshrink: lambd must not be negative; got -1'],
  ['Softmax', () => new nn.Softmax('last' as never), "Softmax: dim must be a whole number; got 'last'"],
  ['Softmax', () => new nn.Softmax(2)(zeros([2, 2])), 'softmax: dim must be an integer in [-2, 1]'],
  ['Softmax2d', () => new nn.Softmax2d()(zeros([2, 2])), 'Softmax2d: x must be [N, C, H, W] or [C, H, W]; got [2, 2]'],
  ['GLU', () => new nn.GLU()(zeros([3])), 'glu: dim 0 must be of even size; got x [3]'],
  ['PReLU', () => new nn.PReLU({ numParameters: 0 }), 'PReLU: numParameters must be a whole number from 1 up; got 0'],
  ['Threshold', () => new nn.Threshold(0, Number.NaN), 'Threshold: value must be a number; got NaN'],
])('%s names what is wrong (%#)', (_, run, message) => {
  expect(run).toThrow(message);
});

function indices(values: readonly number[], dtype: DType = 'int32'): Tensor {
  return tensor(values, { dtype });
}

function variance(values: ArrayLike<number>): number {
  const list = Array.from(values);
  const mean = list.reduce((sum, x) => sum + x, 0) / list.length;
  return list.reduce((sum, x) => sum + (x - mean) ** 2, 0) / list.length;
}
