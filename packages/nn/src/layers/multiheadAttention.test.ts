import { ArgumentError, DTypeError, manualSeed, ones, randn, ShapeError, zeros } from '@dl/tensor';
import { describe, expect, test } from 'vitest';
import { KeyValueCache, MultiheadAttention, Transformer } from '../index.ts';

describe('MultiheadAttention', () => {
  test('starts by Xavier’s rule, with biases of zero', async () => {
    manualSeed(1);
    const layer = new MultiheadAttention(64, 4, { addBiasKv: true });
    const packed = (await layer.inProjWeight?.data()) ?? [];
    const bound = Math.sqrt(6 / (4 * 64));
    expect(Math.max(...packed)).toBeLessThanOrEqual(bound);
    expect(Math.max(...packed)).toBeGreaterThan(0.99 * bound);
    for (const bias of [layer.inProjBias, layer.outProj.bias]) expect(new Set(await bias?.data())).toEqual(new Set([0]));
    const extra = [...((await layer.biasK?.data()) ?? [])].map(Number);
    expect(Math.sqrt(extra.reduce((sum, value) => sum + value ** 2, 0) / 64)).toBeCloseTo(Math.sqrt(2 / 128), 1);
  });

  test('has PyTorch’s keys', () => {
    const keys = (layer: MultiheadAttention) => Object.keys(layer.stateDict()).sort();
    expect(keys(new MultiheadAttention(4, 2))).toEqual(['in_proj_bias', 'in_proj_weight', 'out_proj.bias', 'out_proj.weight']);
    expect(keys(new MultiheadAttention(4, 2, { bias: false, kdim: 3, addBiasKv: true }))).toEqual(
      ['bias_k', 'bias_v', 'k_proj_weight', 'out_proj.weight', 'q_proj_weight', 'v_proj_weight'].sort(),
    );
  });

  test('drops weights in training only, and those returned are the ones that counted', async () => {
    manualSeed(2);
    const layer = new MultiheadAttention(4, 1, { dropout: 0.5, batchFirst: true });
    const x = randn([1, 16, 4]);
    const weights = async () => (await layer(x, x, x)[1]?.data()) ?? [];
    const dropped = [...(await weights())].filter((weight) => weight === 0).length;
    expect(dropped / 256).toBeCloseTo(0.5, 1);
    layer.eval();
    expect([...(await weights())].includes(0)).toBe(false);
    const [output] = layer.train()(x, x, x, { needWeights: false });
    expect(await output.data()).not.toEqual(await layer.eval()(x, x, x, { needWeights: false })[0].data());
  });

  test('computes in float64 where asked', () => {
    const layer = new MultiheadAttention(4, 2, { dtype: 'float64' });
    const x = zeros([3, 2, 4], { dtype: 'float64' });
    expect(layer(x, x, x).map((result) => result?.dtype)).toEqual(['float64', 'float64']);
  });

  const layer = new MultiheadAttention(4, 2);
  const first = new MultiheadAttention(4, 2, { batchFirst: true });
  const x = zeros([3, 2, 4]);
  const memory = zeros([5, 2, 4]);
  const cache = new KeyValueCache(2, 2, 8, 2);
  const wrong: readonly (readonly [f: () => unknown, error: new (message: string) => Error, message: string])[] = [
    [() => new MultiheadAttention(8, 3), ArgumentError, 'MultiheadAttention: numHeads must divide embedDim; got embedDim 8 and numHeads 3'],
    [() => new MultiheadAttention(0, 1), ArgumentError, 'MultiheadAttention: embedDim must be a whole number from 1 up; got 0'],
    [() => new MultiheadAttention(4, 2.5), ArgumentError, 'MultiheadAttention: numHeads must be a whole number from 1 up; got 2.5'],
    [() => new MultiheadAttention(4, 2, { kdim: -1 }), ArgumentError, 'MultiheadAttention: kdim must be a whole number from 1 up; got -1'],
    [
      () => new MultiheadAttention(4, 2, { dropout: Number.NaN }),
      ArgumentError,
      'MultiheadAttention: dropout must be a number in [0, 1]; got NaN',
    ],
    [() => layer([1] as never, x, x), ArgumentError, 'MultiheadAttention: query must be a tensor; got [1]. Wrap it: tensor(…)'],
    [() => layer(x, x.to('int32'), x), DTypeError, 'MultiheadAttention: key must be float32 or float64; got int32. Cast it: key.float()'],
    [
      () => layer(x, zeros([3, 4]), x),
      ShapeError,
      'MultiheadAttention: query, key and value must all have 3 dims, or 2 without a batch; got [3, 2, 4], [3, 4], [3, 2, 4]',
    ],
    [() => layer(zeros([4]), zeros([4]), zeros([4])), ShapeError, 'MultiheadAttention: query, key and value must all have 3 dims'],
    [() => layer(zeros([3, 2, 5]), x, x), ShapeError, 'MultiheadAttention: the last dim of query must be embedDim, 4; got [3, 2, 5]'],
    [() => layer(x, zeros([3, 2, 5]), x), ShapeError, 'MultiheadAttention: the last dim of key must be kdim, 4; got [3, 2, 5]'],
    [() => layer(x, memory, x), ShapeError, 'MultiheadAttention: there must be one value for each key; got key [5, 2, 4], value [3, 2, 4]'],
    [
      () => layer(zeros([3, 7, 4]), x, x),
      ShapeError,
      'MultiheadAttention: batches must be of one size; got query [3, 7, 4] and key [3, 2, 4]',
    ],
    [
      () => first(zeros([1, 5, 4]), x, x),
      ShapeError,
      'MultiheadAttention: batches must be of one size; got query [1, 5, 4] and key [3, 2, 4]',
    ],
    [
      () => layer(x, memory, memory, { attnMask: ones([5, 3]) }),
      ShapeError,
      'MultiheadAttention: attnMask must be [3, 5] or [4, 3, 5]; got [5, 3]',
    ],
    [
      () => layer(x, x, x, { attnMask: ones([3, 3], { dtype: 'int32' }) }),
      DTypeError,
      'MultiheadAttention: attnMask must be bool or float32, as query is; got int32. Cast it',
    ],
    [
      () => layer(x, memory, memory, { keyPaddingMask: ones([5, 2]) }),
      ShapeError,
      'MultiheadAttention: keyPaddingMask must be [2, 5]; got [5, 2]',
    ],
    [
      () => layer(x, x, x, { keyPaddingMask: ones([3]) }),
      ShapeError,
      'MultiheadAttention: keyPaddingMask must be [B, S]; got [3] for query [3, 2, 4]',
    ],
    [
      () => layer(x, x, x, { keyPaddingMask: ones([2, 3], { dtype: 'float64' }) }),
      DTypeError,
      'MultiheadAttention: keyPaddingMask must be bool or float32, as query is; got float64. Cast it',
    ],
    [
      () => layer(x, x, x, { isCausal: true }),
      ArgumentError,
      'MultiheadAttention: isCausal tells that attnMask is the causal mask; got none. Pass attnMask: Transformer.generateSquareSubsequentMask(T)',
    ],
    [
      () => layer(x, x, x, { isCausal: true, needWeights: false, attnMask: ones([4, 4]) }),
      ShapeError,
      'MultiheadAttention: attnMask must be [3, 3] or [4, 3, 3]; got [4, 4]',
    ],
    [
      () => layer(x, x, x, { cache, attnMask: Transformer.generateSquareSubsequentMask(3) }),
      ArgumentError,
      'MultiheadAttention: a cache hides what is to come by itself; got masks or isCausal with it. Leave them out',
    ],
    [
      () => new MultiheadAttention(4, 2, { addZeroAttn: true })(x, x, x, { cache }),
      ArgumentError,
      'MultiheadAttention: a cache must not be used with addBiasKv or addZeroAttn; got both',
    ],
  ];
  for (const [f, error, message] of wrong) {
    test(`refuses: ${message}`, () => {
      expect(f).toThrow(error);
      expect(f).toThrow(message);
    });
  }
});
