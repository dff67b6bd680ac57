import { ArgumentError, manualSeed, ones, randn, ShapeError, selu, type Tensor, tensor, zeros } from '@dl/tensor';
import { describe, expect, test } from 'vitest';
import * as nn from '../index.ts';

describe('odd settings of normalisations are refused', () => {
  test.each<[string, () => unknown, new (message?: string) => Error, string]>([
    [
      'groups that do not divide',
      () => new nn.GroupNorm(3, 4),
      ArgumentError,
      'GroupNorm: numGroups must divide the channels; got 3 groups where there are 4 channels',
    ],
    ['the same in a function', () => nn.functional.groupNorm(zeros([2, 4]), 3), ArgumentError, 'got 3 groups where x has 4 channels'],
    ['no groups', () => new nn.GroupNorm(0, 4), ArgumentError, 'numGroups must be a whole number from 1 up; got 0'],
    ['other channels', () => new nn.GroupNorm(2, 4)(zeros([1, 6])), ShapeError, 'GroupNorm: x must be [N, 4, …]; got [1, 6]'],
    ['one value in all', () => new nn.GroupNorm(1, 1)(zeros([1, 1])), ArgumentError, 'groupNorm: needs more than one value per group'],
    ['a negative eps', () => new nn.GroupNorm(1, 1, { eps: -1 }), ArgumentError, 'eps must be a finite number from 0 up; got -1'],
    [
      'one value a channel',
      () => new nn.InstanceNorm1d(2)(zeros([3, 2, 1])),
      ArgumentError,
      'instanceNorm: needs more than one value per channel; got x [3, 2, 1]',
    ],
    [
      'images of another rank',
      () => new nn.InstanceNorm2d(2)(zeros([2, 4])),
      ShapeError,
      'InstanceNorm2d: x must be [N, 2, H, W] or [2, H, W]; got [2, 4]',
    ],
    ['vectors', () => nn.functional.instanceNorm(zeros([2, 4])), ShapeError, 'instanceNorm: x must be [N, C, …] with at least 3 dims'],
    [
      'no statistics',
      () => nn.functional.instanceNorm(zeros([1, 2, 3]), { useInputStats: false }),
      ArgumentError,
      'running statistics must be given',
    ],
    ['another rank', () => new nn.BatchNorm2d(2)(zeros([1, 2, 3])), ShapeError, 'BatchNorm2d: x must be [N, C, H, W]; got [1, 2, 3]'],
    ['another rank of volumes', () => new nn.BatchNorm3d(2)(zeros([1, 2, 3, 4])), ShapeError, 'BatchNorm3d: x must be [N, C, D, H, W]'],
    ['no sizes', () => new nn.RMSNorm([]), ArgumentError, 'RMSNorm: normalizedShape must be a size or a list of at least one'],
    ['other sizes', () => new nn.RMSNorm(3)(zeros([2, 4])), ShapeError, 'rmsNorm: the last dims must be [3]; got x [2, 4]'],
    ['no neighbours', () => new nn.LocalResponseNorm(0), ArgumentError, 'LocalResponseNorm: size must be a whole number from 1 up; got 0'],
    [
      'an infinite exponent',
      () => new nn.LocalResponseNorm(2, { beta: Number.POSITIVE_INFINITY }),
      ArgumentError,
      'beta must be a finite number',
    ],
    [
      'no spatial dims',
      () => new nn.LocalResponseNorm(2)(zeros([2, 4])),
      ShapeError,
      'localResponseNorm: x must be [N, C, …] with at least 3 dims',
    ],
  ])('%s', (_, run, error, message) => {
    expect(run).toThrow(error);
    expect(run).toThrow(message);
  });
});

describe('channel dropout', () => {
  test.each([
    ['Dropout1d', () => new nn.Dropout1d(0.3), [40, 10, 3]],
    ['Dropout2d', () => new nn.Dropout2d(0.3), [40, 10, 2, 2]],
    ['Dropout3d', () => new nn.Dropout3d(0.3), [40, 10, 1, 2, 2]],
  ] as const)('%s drops whole channels, and scales the rest', async (_, make, shape) => {
    manualSeed(5);
    const y = make()(ones([...shape])).reshape([400, -1]);
    const rows = (await y.tolist()) as number[][];
    expect(rows.every((row) => row.every((value) => value === row[0]))).toBe(true);
    const dropped = rows.filter(([first]) => first === 0);
    expect(dropped.length / 400).toBeCloseTo(0.3, 1);
    expect(rows.every(([first]) => first === 0 || Math.abs(Number(first) - 1 / 0.7) < 1e-6)).toBe(true);
  });

  test('refuses another rank, and odd probabilities', () => {
    expect(() => new nn.Dropout1d()(zeros([3]))).toThrow('dropout1d: x must be [N, C, L] or [C, L]; got [3]');
    expect(() => new nn.Dropout2d()(zeros([2, 3]))).toThrow(ShapeError);
    expect(() => new nn.Dropout3d(1.2)).toThrow('Dropout3d: p must be a number in [0, 1]; got 1.2');
    expect(() => new nn.FeatureAlphaDropout()(zeros([3]))).toThrow('featureAlphaDropout: x must be [N, C, …]; got [3]');
    expect(() => nn.functional.alphaDropout(zeros([3]), { p: Number.NaN })).toThrow(ArgumentError);
  });
});

describe('alpha dropout', () => {
  test.each([
    ['AlphaDropout', () => new nn.AlphaDropout(0.2)],
    ['FeatureAlphaDropout', () => new nn.FeatureAlphaDropout(0.2)],
  ])('%s keeps mean and variance', async (_, make) => {
    manualSeed(6);
    const x = selu(randn([300, 50, 2]));
    const y = make()(x);
    expect(await y.mean().item()).toBeCloseTo(await x.mean().item(), 1);
    expect(await y.std().item()).toBeCloseTo(await x.std().item(), 1);
    const values = await y.data();
    const a = 1 / Math.sqrt((1.7580993408473766 ** 2 * 0.2 + 1) * 0.8);
    const floor = 1.7580993408473766 * a * (0.2 - 1);
    expect(values.filter((value) => Math.abs(value - floor) < 1e-5).length / values.length).toBeCloseTo(0.2, 1);
  });
});

describe('RReLU', () => {
  test('draws a slope for each negative element', async () => {
    manualSeed(7);
    const y = await new nn.RReLU({ lower: 0.1, upper: 0.3 })(ones([500]).neg()).data();
    expect(Math.min(...y)).toBeGreaterThanOrEqual(-0.3);
    expect(Math.max(...y)).toBeLessThanOrEqual(-0.1);
    expect(new Set(y).size).toBeGreaterThan(400);
    expect(await new nn.RReLU()(tensor([2, 0])).tolist()).toEqual([2, 0]);
  });

  test('refuses slopes in the wrong order', () => {
    expect(() => new nn.RReLU({ lower: 0.5 })).toThrow('RReLU: lower must not be above upper; got 0.5 and');
  });
});

describe('Embedding', () => {
  const rows = (): Tensor =>
    tensor([
      [3, 4],
      [0, 1],
      [6, 8],
    ]);

  test('fromPretrained freezes unless told, and copies nothing', async () => {
    const frozen = nn.Embedding.fromPretrained(rows(), { paddingIdx: 1 });
    expect([frozen.weight.requiresGrad, frozen.paddingIdx, frozen.numEmbeddings]).toEqual([false, 1, 3]);
    expect(await frozen(tensor([2], { dtype: 'int32' })).tolist()).toEqual([[6, 8]]);
    expect(nn.Embedding.fromPretrained(rows(), { freeze: false }).weight.requiresGrad).toBe(true);
    expect(nn.EmbeddingBag.fromPretrained(rows(), { mode: 'sum' }).weight.requiresGrad).toBe(false);
    expect(() => nn.Embedding.fromPretrained(zeros([3]))).toThrow('Embedding.fromPretrained: embeddings must be [rows, width]; got [3]');
  });

  test('limits the rows in use, in the weight, and those alone', async () => {
    const layer = nn.Embedding.fromPretrained(rows(), { maxNorm: 1, freeze: false });
    layer(tensor([0, 0, 1], { dtype: 'int32' }));
    const [first, second, third] = (await layer.weight.tolist()) as number[][];
    expect(first?.[0]).toBeCloseTo(0.6, 5);
    expect([second, third]).toEqual([
      [0, 1],
      [6, 8],
    ]);
  });

  test('divides gradients by frequencies in bags, too', async () => {
    const layer = new nn.EmbeddingBag(3, 1, { mode: 'sum', scaleGradByFreq: true });
    layer(tensor([[0, 0, 2]], { dtype: 'int32' }))
      .sum()
      .backward();
    expect(await layer.weight.grad?.tolist()).toEqual([[1], [0], [1]]);
  });

  test('takes offsets that are computed', async () => {
    const indices = tensor([0, 1, 2, 0], { dtype: 'int32' });
    const bag = nn.EmbeddingBag.fromPretrained(rows(), { mode: 'max' });
    const offsets = tensor([0, 3, 3], { dtype: 'int32' });
    expect(await bag(indices, offsets.add(0)).tolist()).toEqual(await bag(indices, offsets).tolist());
  });

  const bag = (options: nn.EmbeddingBagModuleOptions = {}): nn.EmbeddingBag => new nn.EmbeddingBag(3, 2, options);
  const two = tensor([0, 1], { dtype: 'int32' });
  const at = (...values: number[]): Tensor => tensor(values, { dtype: 'int32' });
  test.each<[string, () => unknown, string]>([
    ['a limit of 0', () => new nn.Embedding(3, 2, { maxNorm: 0 }), 'Embedding: maxNorm must be a finite number above 0; got 0'],
    ['no exponent', () => new nn.Embedding(3, 2, { normType: Number.NaN }), 'Embedding: normType must be a number'],
    ['a padding row that is none', () => bag({ paddingIdx: 3 }), 'EmbeddingBag: paddingIdx must be a whole number in [-3, 2]; got 3'],
    ['other first rows', () => new nn.Embedding(3, 2, { weight: zeros([2, 2]) }), 'Embedding: weight must be [3, 2]; got [2, 2]'],
    ['another mode', () => bag({ mode: 'min' as never }), "mode must be one of 'sum', 'mean', 'max'; got 'min'"],
    ['frequencies of maxima', () => bag({ mode: 'max', scaleGradByFreq: true }), 'scaleGradByFreq is for modes'],
    ['no offsets', () => bag()(two), 'embeddingBag: a vector of indices needs offsets; got none'],
    ['offsets for a matrix', () => bag()(two.unsqueeze(0), at(0)), 'offsets are for a vector of indices'],
    ['offsets that do not begin at 0', () => bag()(two, at(1)), 'offsets must ascend from 0 within the 2 indices; got [1]'],
    ['offsets that descend', () => bag()(two, at(0, 2, 1)), 'got [0, 2, 1]'],
    ['offsets beyond the end', () => bag()(two, at(0, 3)), 'got [0, 3]'],
    ['an end before the end', () => bag({ includeLastOffset: true })(two, at(0, 1)), 'to their end; got [0, 1]'],
    ['fractions as offsets', () => bag()(two, zeros([1])), 'offsets must be a vector of int32 or uint8; got float32 [1]'],
    ['factors of means', () => bag()(two, at(0), ones([2])), "perSampleWeights are for mode 'sum' only; got mode 'mean'"],
    ['factors of another shape', () => bag({ mode: 'sum' })(two, at(0), ones([3])), 'perSampleWeights must be [2]; got [3]'],
    ['fractions', () => bag()(ones([2, 2])), 'embeddingBag: indices must be int32 or uint8; got float32'],
  ])('refuses %s', (_, run, message) => {
    expect(run).toThrow(message);
  });
});

describe('odd settings of losses are refused', () => {
  test.each<[string, () => unknown, string]>([
    ['focus', () => new nn.FocalLoss({ gamma: -1 }), 'FocalLoss: gamma must be a finite number from 0 up; got -1'],
    ['weight', () => new nn.FocalLoss({ alpha: 2 }), 'FocalLoss: alpha must be at most 1; got 2'],
    ['margin', () => new nn.TripletMarginWithDistanceLoss({ margin: 0 }), 'margin must be a finite number above 0; got 0'],
    ['labels', () => new nn.MultiLabelMarginLoss()(zeros([2, 3]), zeros([2, 3])), 'target must be int32; got float32'],
    ['shapes', () => new nn.MultiLabelMarginLoss()(zeros([2, 3]), zeros([2], { dtype: 'int32' })), 'must have the same shape'],
    ['dims', () => new nn.CosineSimilarity({ dim: 0.5 }), 'CosineSimilarity: dim must be a whole number; got 0.5'],
    ['exponent', () => new nn.PairwiseDistance({ p: Number.NaN }), 'PairwiseDistance: p must be a number'],
  ])('%s', (_, run, message) => {
    expect(run).toThrow(message);
  });
});
