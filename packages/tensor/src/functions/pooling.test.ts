import '../methods.ts';
import { describe, expect, it } from 'vitest';
import { dataSync } from '../evaluation/evaluate.ts';
import { ones } from './creation.ts';
import { tensor } from './fromData.ts';
import { avgPool1d, avgPool2d, maxPool1d, maxPool2d } from './pooling.ts';

describe('poolings', () => {
  it('pool windows side by side unless told otherwise', () => {
    expect([...dataSync(maxPool1d(tensor([[1, 3, 2, 0, 9]]), 2))]).toEqual([3, 2]);
    expect([...dataSync(avgPool1d(tensor([[1, 3, 2, 0, 9]]), 2))]).toEqual([2, 1]);
  });

  it('pool less than a window where the last one may stick out', () => {
    const short = tensor([[[2, 4]]]);
    expect([...dataSync(maxPool1d(short, 3, { ceilMode: true }))]).toEqual([4]);
    expect([...dataSync(avgPool1d(short, 3, { ceilMode: true }))]).toEqual([3]);
    expect(() => maxPool1d(short, 3, { stride: 1, padding: 0 })).toThrow('the kernel must not be larger');
    expect(() => maxPool1d(short, 4, { stride: 1, ceilMode: true })).toThrow('the kernel must not be larger');
  });

  const x = ones([1, 2, 4, 4]);
  const wrong: readonly (readonly [f: () => unknown, message: string])[] = [
    [() => maxPool2d(1 as never, 2), 'maxPool2d: x must be a tensor; got 1. Wrap it: tensor(…)'],
    [() => maxPool2d(ones([4, 4]), 2), 'maxPool2d: x must be [N, C, H, W] or [C, H, W]; got [4, 4]'],
    [() => maxPool2d(x.bool(), 2), 'maxPool2d: x must be float32, float64 or int32; got bool. Cast it: x.float()'],
    [() => avgPool2d(x.int(), 2), 'avgPool2d: x must be float32 or float64; got int32. Cast it: x.float()'],
    [() => maxPool2d(x, undefined as never), 'maxPool2d: kernelSize must be a number or a list of 2; got undefined'],
    [() => maxPool2d(x, 0), 'maxPool2d: kernelSize must be a whole number from 1 up; got 0'],
    [() => maxPool2d(x, [2, 2.5]), 'maxPool2d: kernelSize must be a whole number from 1 up; got 2.5'],
    [() => maxPool2d(x, [2] as never), 'maxPool2d: kernelSize must be a number or a list of 2; got [2]'],
    [() => maxPool1d(ones([2, 4]), [2, 2] as never), 'maxPool1d: kernelSize must be a number or a list of one; got [2, 2]'],
    [() => maxPool2d(x, 2, { stride: 0 }), 'maxPool2d: stride must be a whole number from 1 up; got 0'],
    [() => maxPool2d(x, 2, { padding: Number.NaN }), 'maxPool2d: padding must be a whole number from 0 up; got NaN'],
    [
      () => maxPool2d(x, 3, { padding: [1, 2] }),
      'maxPool2d: padding must be at most half the kernel; got 2 for a kernel that reaches over 3',
    ],
    [() => maxPool2d(x, 2, { dilation: -1 }), 'maxPool2d: dilation must be a whole number from 1 up; got -1'],
    [() => maxPool2d(x, 5), 'maxPool2d: the kernel must not be larger than the padded input; got [5, 5] over [4, 4]'],
    [() => maxPool2d(x, 2, { ceilMode: 1 as never }), 'maxPool2d: ceilMode must be true or false; got 1'],
    [() => maxPool2d(ones([1, 2, 0, 4]), 2), 'maxPool2d: x must have elements in each plane; got [1, 2, 0, 4]'],
    [
      () => maxPool2d(ones([1, 2, 4, 1]), [1, 2], { padding: [0, 1], dilation: [1, 2] }),
      'maxPool2d: each window must see an element; got window 0 of dim 3 in the padding of [1, 2, 4, 1]',
    ],
    [() => avgPool2d(x, 2, { countIncludePad: 'no' as never }), "avgPool2d: countIncludePad must be true or false; got 'no'"],
    [() => avgPool2d(x, 2, { divisorOverride: 0 }), 'avgPool2d: divisorOverride must not be 0; got 0'],
    [
      () => avgPool2d(x, 2, { divisorOverride: 0.5 }),
      'avgPool2d: divisorOverride must be a whole number in [-2147483647, 2147483647]; got 0.5',
    ],
  ];
  for (const [f, message] of wrong) {
    it(`refuses: ${message}`, () => expect(f).toThrow(message));
  }
});
