import { requiresGrad } from '@dl/autograd';
import { ones, ShapeError, tensor, zeros } from '@dl/tensor';
import { describe, expect, test } from 'vitest';
import { functional } from '../index.ts';

describe('distances', () => {
  test('pairwiseDistance is the norm of the last dim’s differences', async () => {
    const d = functional.pairwiseDistance(
      tensor([
        [3, 0],
        [0, 1],
      ]),
      tensor([
        [0, 4],
        [0, 0],
      ]),
      { eps: 0 },
    );
    expect(await d.tolist()).toEqual([5, 1]);
    expect(functional.pairwiseDistance(zeros([2, 3]), zeros([2, 3]), { keepDim: true }).shape).toEqual([2, 1]);
    expect(await functional.pairwiseDistance(tensor([1, 2]), tensor([4, 4]), { p: 1, eps: 0 }).item()).toBe(5);
  });

  test('normalize divides by the norm, and leaves zeros', async () => {
    expect(
      await functional
        .normalize(
          tensor([
            [3, 4],
            [0, 0],
          ]),
        )
        .tolist(),
    ).toEqual([
      [Math.fround(0.6), Math.fround(0.8)],
      [0, 0],
    ]);
  });

  test('cosineSimilarity is that of the angles', async () => {
    const [right, same] = await functional
      .cosineSimilarity(
        tensor([
          [1, 0],
          [2, 2],
        ]),
        tensor([
          [0, 3],
          [5, 5],
        ]),
      )
      .data();
    expect(right).toBe(0);
    expect(same).toBeCloseTo(1, 6);
  });
});

describe('a function without state', () => {
  test('batchNorm without running statistics works in training only', () => {
    expect(functional.batchNorm(ones([4, 2]), null, null, { training: true }).shape).toEqual([4, 2]);
    expect(() => functional.batchNorm(ones([4, 2]), null, null)).toThrow(
      'batchNorm: running statistics must be given where training is false; got null',
    );
    expect(() => functional.batchNorm(ones([4]), null, null)).toThrow(new ShapeError('batchNorm: x must be [N, C, …]; got [4]'));
    expect(() => functional.batchNorm(ones([4, 2]), zeros([3]), ones([2]))).toThrow('batchNorm: runningMean must be [2]; got [3]');
  });

  test('layerNorm needs no weights', async () => {
    const [low, high] = await functional.layerNorm(tensor([1, 3]), [2], { eps: 0 }).data();
    expect([low, high]).toEqual([-1, 1]);
    expect(() => functional.layerNorm(ones([2]), [2], { weight: ones([3]) })).toThrow('layerNorm: weight must be [2]; got [3]');
  });

  test('embedding stops gradients at the padding row', async () => {
    const weight = requiresGrad(ones([2, 1]));
    functional
      .embedding(tensor([[0, 1]], { dtype: 'int32' }), weight, { paddingIdx: 0 })
      .sum()
      .backward();
    expect(await weight.grad?.tolist()).toEqual([[0], [1]]);
  });

  test('linear takes a vector, rows, and more dims', async () => {
    const [weight, bias] = [tensor([[1, 2]]), tensor([10])];
    expect(await functional.linear(tensor([3, 4]), weight, bias).tolist()).toEqual([21]);
    expect(await functional.linear(tensor([3, 4]), weight).tolist()).toEqual([11]);
    expect(functional.linear(zeros([5, 3, 2]), weight, bias).shape).toEqual([5, 3, 1]);
    expect(functional.linear(zeros([0, 2]), weight, bias).shape).toEqual([0, 1]);
  });
});
