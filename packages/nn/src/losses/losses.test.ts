import { requiresGrad } from '@dl/autograd';
import { DTypeError, IndexError, ShapeError, type Tensor, tensor, zeros } from '@dl/tensor';
import { describe, expect, test } from 'vitest';
import * as nn from '../index.ts';

describe('CrossEntropyLoss', () => {
  test('takes labels as they come from a data set: uint8', async () => {
    const logits = tensor([
      [1, 2, 3],
      [3, 2, 1],
    ]);
    const [narrow, wide] = (['uint8', 'int32'] as const).map((dtype) => new nn.CrossEntropyLoss()(logits, tensor([2, 1], { dtype })));
    expect(await narrow?.item()).toBe(await wide?.item());
  });

  test('rejects a label that is no class, however it is given', async () => {
    const criterion = new nn.CrossEntropyLoss();
    await expect(criterion(zeros([2, 3]), labels([0, 3])).item()).rejects.toThrow(IndexError);
    await expect(criterion(zeros([2, 3]), labels([0, 1]).add(2)).item()).rejects.toThrow(IndexError);
    await expect(criterion(zeros([2, 3]), labels([0, -1])).item()).rejects.toThrow(IndexError);
  });

  test('survives logits that would overflow', async () => {
    const logits = requiresGrad(tensor([[1000, 0, -1000]]));
    const loss = new nn.CrossEntropyLoss()(logits, labels([2]));
    loss.backward();
    expect(await loss.item()).toBe(2000);
    expect(await logits.grad?.tolist()).toEqual([[1, 0, -1]]);
  });

  test('of ignored labels only is NaN, as in PyTorch', async () => {
    expect(await new nn.CrossEntropyLoss()(zeros([1, 3]), labels([-100])).item()).toBeNaN();
  });

  test('keeps its weight as a buffer', () => {
    expect(Object.keys(new nn.CrossEntropyLoss({ weight: tensor([1, 2]) }).stateDict())).toEqual(['weight']);
  });

  test.each<[string, Tensor, Tensor, new (message?: string) => Error, string]>([
    ['another number of labels', zeros([4, 3]), labels([0, 1]), ShapeError, 'got input [4, 3] and target [2] of int32'],
    [
      'labels as fractions',
      zeros([2, 3]),
      tensor([0, 1]),
      DTypeError,
      'class indices must be int32 or uint8; got input [2, 3] and target [2] of float32',
    ],
    ['bools', zeros([2, 3]), tensor([true, false]), DTypeError, 'target [2] of bool'],
    ['a number', zeros([]), tensor(1, { dtype: 'int32' }), ShapeError, 'the input must be [N, C, …] or [C]'],
    ['whole logits', zeros([2, 3], { dtype: 'int32' }), labels([0, 1]), DTypeError, 'input must be float32 or float64; got int32'],
    [
      'probabilities of another dtype',
      zeros([2, 3]),
      zeros([2, 3], { dtype: 'float64' }),
      DTypeError,
      'got input float32 and target float64',
    ],
  ])('refuses %s', (_, input, target, error, message) => {
    const run = (): Tensor => new nn.CrossEntropyLoss()(input, target);
    expect(run).toThrow(error);
    expect(run).toThrow(message);
    expect(run).toThrow('CrossEntropyLoss: ');
  });

  test('refuses weights that do not fit', () => {
    expect(() => new nn.CrossEntropyLoss({ weight: zeros([2]) })(zeros([1, 3]), labels([0]))).toThrow(
      'CrossEntropyLoss: weight must be [3]; got [2]',
    );
    expect(() => new nn.CrossEntropyLoss({ weight: zeros([3], { dtype: 'float64' }) })(zeros([1, 3]), labels([0]))).toThrow(DTypeError);
  });
});

test.each<[string, () => unknown, string]>([
  ['reduction', () => new nn.MSELoss({ reduction: 'avg' as never }), "MSELoss: reduction must be one of 'mean', 'sum', 'none'; got 'avg'"],
  [
    'reduction',
    () => new nn.KLDivLoss({ reduction: 'avg' as never }),
    "KLDivLoss: reduction must be one of 'mean', 'batchmean', 'sum', 'none'; got 'avg'",
  ],
  ['smoothing', () => new nn.CrossEntropyLoss({ labelSmoothing: 2 }), 'CrossEntropyLoss: labelSmoothing must be a number in [0, 1]; got 2'],
  ['ignoreIndex', () => new nn.NLLLoss({ ignoreIndex: 0.5 }), 'NLLLoss: ignoreIndex must be a whole number; got 0.5'],
  ['beta', () => new nn.SmoothL1Loss({ beta: -1 }), 'SmoothL1Loss: beta must be a finite number from 0 up; got -1'],
  ['delta', () => new nn.HuberLoss({ delta: 0 }), 'HuberLoss: delta must be a finite number above 0; got 0'],
  ['margin', () => new nn.HingeEmbeddingLoss({ margin: Number.NaN }), 'HingeEmbeddingLoss: margin must be a finite number; got NaN'],
  ['p', () => new nn.MultiMarginLoss({ p: 3 as never }), 'MultiMarginLoss: p must be 1 or 2; got 3'],
  ['eps', () => new nn.GaussianNLLLoss({ eps: 0 }), 'GaussianNLLLoss: eps must be a finite number above 0; got 0'],
])('a bad %s is named when the loss is made (%#)', (_, make, message) => {
  expect(make).toThrow(message);
});

test.each<[string, () => Tensor]>([
  ['mseLoss', () => new nn.MSELoss()(zeros([4, 1]), zeros([4]))],
  ['l1Loss', () => new nn.L1Loss()(zeros([4, 1]), zeros([4]))],
  ['smoothL1Loss', () => new nn.SmoothL1Loss()(zeros([4, 1]), zeros([4]))],
  ['huberLoss', () => new nn.HuberLoss()(zeros([4, 1]), zeros([4]))],
  ['binaryCrossEntropy', () => new nn.BCELoss()(zeros([4, 1]), zeros([4]))],
  ['binaryCrossEntropyWithLogits', () => new nn.BCEWithLogitsLoss()(zeros([4, 1]), zeros([4]))],
  ['softMarginLoss', () => new nn.SoftMarginLoss()(zeros([4, 1]), zeros([4]))],
  ['multilabelSoftMarginLoss', () => new nn.MultiLabelSoftMarginLoss()(zeros([4, 1]), zeros([4]))],
  ['klDiv', () => new nn.KLDivLoss()(zeros([4, 1]), zeros([4]))],
  ['poissonNllLoss', () => new nn.PoissonNLLLoss()(zeros([4, 1]), zeros([4]))],
  ['gaussianNllLoss', () => new nn.GaussianNLLLoss()(zeros([4, 1]), zeros([4]), zeros([4, 1]))],
  ['hingeEmbeddingLoss', () => new nn.HingeEmbeddingLoss()(zeros([4, 1]), zeros([4]))],
])('%s names input and target whose shapes differ rather than broadcasting them', (name, run) => {
  expect(run).toThrow(new ShapeError(`${name}: input and target must have the same shape; got input [4, 1] and target [4]`));
});

test('gaussianNllLoss names a variance that does not fit', () => {
  expect(() => new nn.GaussianNLLLoss()(zeros([4, 2]), zeros([4, 2]), zeros([2]))).toThrow('got input [4, 2] and variance [2]');
});

test('cosineEmbeddingLoss names a target that does not fit', () => {
  expect(() => new nn.CosineEmbeddingLoss()(zeros([4, 2]), zeros([4, 2]), zeros([4, 2]))).toThrow(
    'cosineEmbeddingLoss: target must be [4]; got [4, 2]',
  );
});

test('a weight that would widen the loss is refused', () => {
  expect(() => new nn.BCELoss({ weight: zeros([3, 4]) })(zeros([4]), zeros([4]))).toThrow(
    'binaryCrossEntropy: weight must be [4]; got [3, 4]',
  );
});

test('a target of whole numbers is brought to the input’s dtype', async () => {
  expect(await new nn.MSELoss()(tensor([1.5]), labels([1])).item()).toBe(0.25);
});

function labels(values: readonly number[]): Tensor {
  return tensor(values, { dtype: 'int32' });
}
