import { checkGradients } from '@dl/autograd';
import { ArgumentError, arange, DTypeError, manualSeed, randn, ShapeError, type Tensor, tensor, zeros } from '@dl/tensor';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as nn from '../index.ts';

const { interpolate } = nn.functional;

test('nearest keeps the dtype, whatever it is', async () => {
  const y = interpolate(tensor([[[1, 2]]], { dtype: 'uint8' }), { scaleFactor: 2 });
  expect([y.dtype, await y.tolist()]).toEqual(['uint8', [[[1, 1, 2, 2]]]]);
});

test.each(['nearest', 'nearest-exact', 'linear', 'area'] as const)(
  '%s to the same size is the identity, and keeps constants at any size',
  async (mode) => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 200 }), async (inputs, outputs) => {
        const x = arange(inputs).reshape([1, 1, inputs]);
        expect([...(await interpolate(x, { size: inputs, mode }).data())]).toEqual([...(await x.data())]);
        const same = await interpolate(x.mul(0).add(1), { size: outputs, mode }).data();
        expect(same.length).toBe(outputs);
        expect(Math.max(...same.map((value) => Math.abs(value - 1)))).toBeLessThan(1e-5);
      }),
      { numRuns: 15 },
    );
  },
);

test('a dim of more than 128 elements, which is gathered, gives the same numbers', async () => {
  const x = randn([1, 2, 128, 3]);
  const long = nn.functional.pad(x, [0, 0, 0, 1], { mode: 'replicate' });
  const doubled = (y: Tensor): Tensor => interpolate(y, { scaleFactor: 2, mode: 'bicubic' }).narrow(2, 0, 254);
  const [multiplied, gathered] = [await doubled(x).data(), await doubled(long).data()];
  for (const [i, value] of multiplied.entries()) expect(gathered[i]).toBeCloseTo(value, 5);
});

describe('second derivatives are the slopes of the first', () => {
  test.each(['nearest', 'bilinear', 'bicubic', 'area'] as const)('of %s', async (mode) => {
    manualSeed(8);
    await checkGradients((x) => interpolate(x, { size: [3, 5], mode }).tanh(), [randn([1, 1, 2, 3], { dtype: 'float64' })], { order: 2 });
  });

  test('of a long dim', async () => {
    const x = randn([1, 1, 130], { dtype: 'float64' });
    await checkGradients((y) => interpolate(y, { size: 9, mode: 'linear' }).tanh(), [x], { order: 2, elements: 8 });
  });
});

describe('refuses', () => {
  const image = zeros([1, 1, 4, 4]);
  test.each<[string, () => unknown, new (message: string) => Error, string]>([
    [
      'neither size nor factor',
      () => new nn.Upsample({}),
      ArgumentError,
      'Upsample: either size or scaleFactor must be given; got neither',
    ],
    [
      'both',
      () => new nn.Upsample({ size: 2, scaleFactor: 2 }),
      ArgumentError,
      'Upsample: either size or scaleFactor must be given; got both',
    ],
    [
      'aligned corners of the nearest',
      () => new nn.Upsample({ size: 2, alignCorners: true }),
      ArgumentError,
      "Upsample: alignCorners is for linear, bilinear, bicubic and trilinear; got it with mode 'nearest'",
    ],
    [
      'a recomputed factor without one',
      () => new nn.Upsample({ size: 2, recomputeScaleFactor: true }),
      ArgumentError,
      'Upsample: recomputeScaleFactor needs a scaleFactor; got size 2',
    ],
    ['a negative size', () => new nn.Upsample({ size: [2, -1] }), ArgumentError, 'Upsample: size must be a whole number from 1 up; got -1'],
    [
      'a fractional size',
      () => interpolate(image, { size: 2.5 }),
      ArgumentError,
      'interpolate: size must be a whole number from 1 up; got 2.5',
    ],
    ['a factor of 0', () => new nn.Upsample({ scaleFactor: 0 }), ArgumentError, 'Upsample: scaleFactor must be above 0; got 0'],
    [
      'a factor of NaN',
      () => new nn.Upsample({ scaleFactor: Number.NaN }),
      ArgumentError,
      'Upsample: scaleFactor must be a finite number; got NaN',
    ],
    [
      'a factor that leaves nothing',
      () => interpolate(image, { scaleFactor: [1, 0.1] }),
      ArgumentError,
      'interpolate: scaleFactor must leave something of each dim; got [1, 0.1] for sizes [4, 4]',
    ],
    [
      'three sizes for two dims',
      () => interpolate(image, { size: [1, 2, 3] }),
      ArgumentError,
      'interpolate: size must be a number or one for each of 2 spatial dims; got [1, 2, 3]',
    ],
    [
      'a mode for another rank',
      () => interpolate(image, { size: 2, mode: 'linear' }),
      ShapeError,
      "interpolate: mode 'linear' needs x [N, C, L]; got [1, 1, 4, 4]",
    ],
    [
      'an image without a batch',
      () => interpolate(zeros([4, 4]), { size: 2 }),
      ShapeError,
      "interpolate: mode 'nearest' needs x [N, C, L] or [N, C, H, W] or [N, C, D, H, W]; got [4, 4]",
    ],
    [
      'means of whole numbers',
      () => interpolate(image.int(), { size: 2, mode: 'bilinear' }),
      DTypeError,
      'interpolate: x must be float32 or float64; got int32. Cast it: x.float()',
    ],
    [
      'empty planes',
      () => interpolate(zeros([1, 1, 0]), { size: 2 }),
      ShapeError,
      'interpolate: x must have elements in each plane; got [1, 1, 0]',
    ],
    [
      'an unknown mode',
      () => new nn.Upsample({ size: 2, mode: 'cubic' as never }),
      ArgumentError,
      "Upsample: mode must be one of 'nearest', 'nearest-exact', 'linear', 'bilinear', 'bicubic', 'trilinear', 'area'; got 'cubic'",
    ],
  ])('%s', (_, run, kind, message) => {
    expect(run).toThrow(new kind(message));
  });
});
