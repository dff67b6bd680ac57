import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { dataSync } from '../evaluation/evaluate.ts';
import { manualSeed } from '../random.ts';
import { difference } from '../testing/difference.ts';
import { fromGolden, type GoldenTensor } from '../testing/golden.ts';
import { tensorOf } from '../testing/tensorOf.ts';
import { type ScaledDotProductAttentionOptions, scaledDotProductAttention } from './attention.ts';
import { eye, ones } from './creation.ts';
import { tensor } from './fromData.ts';
import { randn } from './random.ts';

interface Case {
  readonly title: string;
  readonly inputs: readonly [GoldenTensor, GoldenTensor, GoldenTensor];
  readonly mask: GoldenTensor | null;
  readonly options: ScaledDotProductAttentionOptions;
  readonly output: GoldenTensor;
}
const cases: readonly Case[] = JSON.parse(readFileSync(new URL('../../fixtures/attention.json', import.meta.url), 'utf8'));
const fromFixture = (golden: GoldenTensor) => tensorOf(fromGolden(golden));

describe('scaledDotProductAttention', () => {
  for (const { title, inputs, mask, options, output } of cases) {
    it(`gives what PyTorch gives: ${title}`, () => {
      const [query, key, value] = [fromFixture(inputs[0]), fromFixture(inputs[1]), fromFixture(inputs[2])];
      const given = mask === null ? options : { ...options, attnMask: fromFixture(mask) };
      const y = scaledDotProductAttention(query, key, value, given);
      const expected = fromGolden(output);
      expect(y.shape).toEqual(expected.shape);
      expect(difference(dataSync(y), expected.data, 1e-13)).toBeNull();
    });
  }

  it('drops each weight with the probability given, and divides the others by what is left', () => {
    manualSeed(3);
    // All keys count alike, so each weight is 1 / 64; the values pick one weight each.
    const y = scaledDotProductAttention(ones([50, 1]), ones([64, 1]), eye(64), { dropoutP: 0.25 });
    const weights = [...dataSync(y)];
    const kept = Math.fround(1 / 64 / 0.75);
    expect(weights.every((weight) => weight === 0 || Math.abs(weight - kept) < 1e-8)).toBe(true);
    expect(weights.filter((weight) => weight === 0).length / weights.length).toBeCloseTo(0.25, 1);
  });

  it('draws anew at each call, and the same after the same seed', () => {
    const x = ones([4, 4]);
    const draw = () => [...dataSync(scaledDotProductAttention(x, x, eye(4), { dropoutP: 0.5 }))];
    manualSeed(1);
    const [first, second] = [draw(), draw()];
    manualSeed(1);
    expect(draw()).toEqual(first);
    expect(second).not.toEqual(first);
  });

  it('keeps the rate of dropout out of the plan', () => {
    const x = ones([2, 2]);
    const [a, b] = [0.1, 0.9].map((dropoutP) => scaledDotProductAttention(x, x, x, { dropoutP }).value.node);
    expect(a?.params).toEqual(b?.params);
  });

  const x = randn([2, 3, 4]);
  const whole = ones([3, 4], { dtype: 'int32' });
  const wrong: readonly (readonly [f: () => unknown, message: string])[] = [
    [() => scaledDotProductAttention([1] as never, x, x), 'scaledDotProductAttention: query must be a tensor; got [1]. Wrap it: tensor(…)'],
    [() => scaledDotProductAttention(x, undefined as never, x), 'scaledDotProductAttention: key must be a tensor; got undefined'],
    [() => scaledDotProductAttention(whole, whole, whole), 'scaledDotProductAttention: query must be float32 or float64; got int32'],
    [() => scaledDotProductAttention(x, x, ones([4])), 'scaledDotProductAttention: value must have at least 2 dims; got [4]'],
    [
      () => scaledDotProductAttention(x, ones([2, 3, 4], { dtype: 'float64' }), x),
      'scaledDotProductAttention: query, key and value must have one dtype; got float32, float64 and float32. Cast them',
    ],
    [
      () => scaledDotProductAttention(x, ones([2, 3, 5]), x),
      'scaledDotProductAttention: query and key must be of one width; got [2, 3, 4] and [2, 3, 5]',
    ],
    [
      () => scaledDotProductAttention(x, x, ones([2, 5, 4])),
      'scaledDotProductAttention: there must be one value for each key; got [2, 3, 4] and [2, 5, 4]',
    ],
    [
      () => scaledDotProductAttention(x, ones([3, 3, 4]), ones([3, 3, 4])),
      'scaledDotProductAttention: shapes must broadcast (sizes equal or 1, aligned at the last dim); got [2] and [3]',
    ],
    [() => scaledDotProductAttention(x, x, x, { dropoutP: 1.5 }), 'scaledDotProductAttention: dropoutP must be in [0, 1]; got 1.5'],
    [() => scaledDotProductAttention(x, x, x, { dropoutP: Number.NaN }), 'scaledDotProductAttention: dropoutP must be a number; got NaN'],
    [
      () => scaledDotProductAttention(x, x, x, { scale: Number.POSITIVE_INFINITY }),
      'scaledDotProductAttention: scale must be a finite number; got Infinity',
    ],
    [
      () => scaledDotProductAttention(x, x, x, { attnMask: ones([3, 3]), isCausal: true }),
      'scaledDotProductAttention: there must be no attnMask with isCausal; got both',
    ],
    [
      () => scaledDotProductAttention(x, x, x, { attnMask: ones([3, 3], { dtype: 'float64' }) }),
      'scaledDotProductAttention: attnMask must be bool or float32, as query is; got float64. Cast it',
    ],
    [
      () => scaledDotProductAttention(x, x, x, { attnMask: ones([4, 3, 3]) }),
      'scaledDotProductAttention: shapes must broadcast (sizes equal or 1, aligned at the last dim); got [4, 3, 3] and [2, 3, 3]',
    ],
    [
      () => scaledDotProductAttention(ones([3, 4]), ones([3, 4]), ones([3, 4]), { attnMask: tensor([[[0]]]) }),
      'scaledDotProductAttention: attnMask must broadcast to [3, 3]; got [1, 1, 1]',
    ],
    [
      () => scaledDotProductAttention(x, ones([3, 3, 4]), ones([3, 3, 4]), { enableGqa: true }),
      'scaledDotProductAttention: with enableGqa the heads of query must be a multiple of those of key and value, dim -3; got [2, 3, 4], [3, 3, 4], [3, 3, 4]',
    ],
  ];
  for (const [f, message] of wrong) {
    it(`refuses: ${message}`, () => expect(f).toThrow(message));
  }
});
