import { manualSeed, randn, tensor } from '@dl/tensor';
import { describe, expect, test } from 'vitest';
import * as nn from '../index.ts';

describe('spectralNorm', () => {
  test('begins near the value it looks for', async () => {
    manualSeed(4);
    const layer = nn.utils.parametrizations.spectralNorm(new nn.Linear(3, 3, { bias: false }));
    const weight = await layer.eval().weight.tolist();
    const gram = tensor(weight).t().matmul(tensor(weight));
    let vector = randn([3]);
    for (let i = 0; i < 50; i++) vector = nn.functional.normalize(gram.mv(vector), { dim: 0 });
    expect(await gram.mv(vector).norm().item()).toBeCloseTo(1, 2);
  });

  test('divides a vector by its length', async () => {
    const layer = nn.utils.parametrizations.spectralNorm(new nn.Linear(2, 3), { name: 'bias' });
    expect(await layer.bias?.norm().item()).toBeCloseTo(1, 5);
  });
});

describe('orthogonal', () => {
  test.each([
    [5, 3],
    [3, 5],
    [4, 4],
  ])('of %i × %i begins orthogonal', async (outFeatures, inFeatures) => {
    const { weight } = nn.utils.parametrizations.orthogonal(new nn.Linear(inFeatures, outFeatures));
    const tall = outFeatures < inFeatures ? weight.t() : weight;
    const gram = await tall.t().matmul(tall).data();
    const size = Math.min(inFeatures, outFeatures);
    gram.forEach((value, i) => {
      expect(value).toBeCloseTo(i % (size + 1) === 0 ? 1 : 0, 5);
    });
  });

  test('begins as an orthogonal square was', async () => {
    const layer = new nn.Linear(3, 3);
    const before = await nn.init.orthogonal(layer.weight).data();
    const after = await nn.utils.parametrizations.orthogonal(layer).weight.data();
    after.forEach((value, i) => {
      expect(value).toBeCloseTo(Number(before[i]), 5);
    });
  });
});

describe('odd settings are refused', () => {
  const { utils } = nn;
  test.each<[string, () => unknown, string]>([
    [
      'another tensor',
      () => utils.weightNorm(new nn.Linear(2, 2), { name: 'gain' }),
      "weightNorm: Linear must have a parameter or a buffer 'gain'; got undefined",
    ],
    [
      'a dim too many',
      () => utils.parametrizations.weightNorm(new nn.Linear(2, 2), { dim: 2 }),
      'weightNorm: dim must be a whole number in [0, 1]; got 2',
    ],
    [
      'no steps',
      () => utils.parametrizations.spectralNorm(new nn.Linear(2, 2), { nPowerIterations: 0 }),
      'spectralNorm: nPowerIterations must be',
    ],
    [
      'another dim',
      () => utils.spectralNorm(new nn.Linear(2, 2), { dim: -3 }),
      'spectralNorm: dim must be a whole number in [-2, 1]; got -3',
    ],
    ['no divisor', () => utils.spectralNorm(new nn.Linear(2, 2), { eps: 0 }), 'spectralNorm: eps must be a finite number above 0'],
    [
      'a vector',
      () => utils.parametrizations.orthogonal(new nn.Linear(2, 2), { name: 'bias' }),
      'orthogonal: the tensor must be a matrix; got [2]',
    ],
    [
      'another map',
      () => utils.parametrizations.orthogonal(new nn.Linear(2, 2), { orthogonalMap: 'polar' as never }),
      "orthogonal: orthogonalMap must be one of 'matrixExp', 'cayley', 'householder'; got 'polar'",
    ],
    [
      'what is not there any more',
      () => utils.removeWeightNorm(new nn.Linear(2, 2)),
      "removeWeightNorm: Linear must have a parameter or a buffer 'weightG'",
    ],
    ['no module', () => utils.spectralNorm('layer' as never), "spectralNorm: module must be a module; got 'layer'"],
  ])('%s', (_, run, message) => {
    expect(run).toThrow(message);
  });
});
