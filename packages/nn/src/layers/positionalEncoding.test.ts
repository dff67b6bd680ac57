import { requiresGrad } from '@dl/autograd';
import {
  ArgumentError,
  type Backend,
  DTypeError,
  manualSeed,
  ones,
  randn,
  reference,
  ShapeError,
  type Tensor,
  useBackend,
  zeros,
} from '@dl/tensor';
import { planCacheOf } from '@dl/tensor/internal';
import { describe, expect, test } from 'vitest';
import { functional, RotaryEmbedding, SinusoidalPositionalEncoding } from '../index.ts';

const { applyRotaryEmbedding } = functional;

async function expectClose(actual: Tensor, expected: readonly number[], tolerance = 1e-6): Promise<void> {
  const data = [...(await actual.data())];
  expect(data.length).toBe(expected.length);
  for (const [i, value] of expected.entries()) expect(Math.abs(Number(data[i]) - value), `element ${i}`).toBeLessThan(tolerance);
}

/** A backend of its own, and how many plans a run made on it. */
async function plansOf(run: () => Promise<unknown>): Promise<number> {
  const backend: Backend = reference();
  useBackend(backend);
  await run();
  return planCacheOf(backend).size;
}

describe('SinusoidalPositionalEncoding', () => {
  const [T, E] = [5, 6];
  const table = Array.from({ length: T * E }, (_, i) => {
    const angle = Math.floor(i / E) / 10_000 ** ((2 * Math.floor((i % E) / 2)) / E);
    return i % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
  });

  test('adds the sines and cosines of the paper, wherever time is', async () => {
    await expectClose(new SinusoidalPositionalEncoding(E)(zeros([T, E])), table);
    await expectClose(new SinusoidalPositionalEncoding(E, { batchFirst: true })(zeros([2, T, E])).select(0, 1), table);
    await expectClose(new SinusoidalPositionalEncoding(E)(zeros([T, 2, E])).select(1, 1), table);
    await expectClose(new SinusoidalPositionalEncoding(E)(ones([1, E]), { offset: 2 }).sub(1), table.slice(2 * E, 3 * E));
  });

  test('has no state, drops in training only, and prints itself', async () => {
    manualSeed(1);
    const layer = new SinusoidalPositionalEncoding(E, { dropout: 0.5, maxLength: 8 });
    expect(Object.keys(layer.stateDict())).toEqual([]);
    expect([...(await layer(ones([T, E])).data())].includes(0)).toBe(true);
    await expectClose(layer.eval()(zeros([T, E])), table);
    expect(layer.toString()).toBe('SinusoidalPositionalEncoding(6, max_length=8, dropout=0.5)');
    expect(layer.to('float64')(zeros([T, E], { dtype: 'float64' })).dtype).toBe('float64');
  });

  test('runs one plan for all offsets, once its table is there', async () => {
    const runs = async () => {
      const layer = new SinusoidalPositionalEncoding(E, { maxLength: 8 });
      for (let offset = 0; offset < 8; offset++) await layer(zeros([1, E]), { offset }).data();
    };
    expect(await plansOf(runs)).toBe(2);
  });
});

describe('applyRotaryEmbedding', () => {
  /** Row t of width 4, turned pair by pair. */
  function turned(row: readonly number[], place: number, pairs: readonly (readonly [number, number])[]): readonly number[] {
    const result = [...row];
    for (const [i, [a, b]] of pairs.entries()) {
      const angle = place * 10_000 ** ((-2 * i) / row.length);
      result[a] = (row[a] ?? 0) * Math.cos(angle) - (row[b] ?? 0) * Math.sin(angle);
      result[b] = (row[a] ?? 0) * Math.sin(angle) + (row[b] ?? 0) * Math.cos(angle);
    }
    return result;
  }

  test.each([
    { interleaved: true, pairs: [[0, 1] as const, [2, 3] as const] },
    { interleaved: false, pairs: [[0, 2] as const, [1, 3] as const] },
  ])('turns pairs by the angles of the paper: interleaved $interleaved', async ({ interleaved, pairs }) => {
    manualSeed(2);
    const x = randn([2, 3, 4]);
    const rows = (await x.reshape([6, 4]).tolist()) as readonly (readonly number[])[];
    const wanted = rows.flatMap((row, i) => turned(row, 7 + (i % 3), pairs));
    await expectClose(applyRotaryEmbedding(x, { interleaved, offset: 7 }), wanted);
    await expectClose(new RotaryEmbedding(4, { interleaved })(x, { offset: 7 }), wanted);
  });

  test('makes products depend on distances only', async () => {
    manualSeed(3);
    const [query, key] = [randn([1, 8], { dtype: 'float64' }), randn([1, 8], { dtype: 'float64' })];
    const score = (a: number, b: number) =>
      applyRotaryEmbedding(query, { offset: a })
        .matmul(applyRotaryEmbedding(key, { offset: b }).t())
        .item();
    expect(await score(5, 2)).toBeCloseTo(await score(103, 100), 10);
    expect(Math.abs((await score(5, 2)) - (await score(5, 3)))).toBeGreaterThan(1e-3);
  });

  test('is a rotation: the gradient is turned back', async () => {
    const x = requiresGrad(randn([3, 4], { dtype: 'float64' }));
    const y = applyRotaryEmbedding(x);
    y.mul(y).sum().backward();
    await expectClose(
      x.grad?.sub(x.mul(2)) ?? x,
      Array.from({ length: 12 }, () => 0),
      1e-12,
    );
  });

  test('runs one plan for all offsets', async () => {
    const runs = async () => {
      for (let offset = 0; offset < 5; offset++) await applyRotaryEmbedding(zeros([1, 4]), { offset }).data();
    };
    expect(await plansOf(runs)).toBe(1);
  });
});

describe('errors of positional encodings', () => {
  const wrong: readonly (readonly [f: () => unknown, error: new (message: string) => Error, message: string])[] = [
    [() => new SinusoidalPositionalEncoding(3), ArgumentError, 'SinusoidalPositionalEncoding: dModel must be even; got 3'],
    [() => new SinusoidalPositionalEncoding(4, { maxLength: 0 }), ArgumentError, 'maxLength must be a whole number from 1 up; got 0'],
    [() => new SinusoidalPositionalEncoding(4, { dropout: -1 }), ArgumentError, 'dropout must be a number in [0, 1]; got -1'],
    [
      () => new SinusoidalPositionalEncoding(4)(zeros([2, 5])),
      ShapeError,
      'SinusoidalPositionalEncoding: x must have 2 or 3 dims, the last of 4; got [2, 5]',
    ],
    [
      () => new SinusoidalPositionalEncoding(4, { maxLength: 3 })(zeros([2, 4]), { offset: 2 }),
      ShapeError,
      'SinusoidalPositionalEncoding: places must be below maxLength, 3; got 2 from 2 on',
    ],
    [
      () => new SinusoidalPositionalEncoding(4)(zeros([2, 4]), { offset: -1 }),
      ArgumentError,
      'offset must be a whole number from 0 up; got -1',
    ],
    [() => new RotaryEmbedding(5), ArgumentError, 'RotaryEmbedding: dim must be even; got 5'],
    [() => new RotaryEmbedding(4, { base: 0 }), ArgumentError, 'RotaryEmbedding: base must be a finite number above 0; got 0'],
    [() => new RotaryEmbedding(4)(zeros([2, 6])), ShapeError, 'RotaryEmbedding: the last dim must be 4; got x [2, 6]'],
    [() => applyRotaryEmbedding(zeros([2, 3])), ShapeError, 'applyRotaryEmbedding: x must be […, T, D] with an even D; got [2, 3]'],
    [() => applyRotaryEmbedding(zeros([4])), ShapeError, 'applyRotaryEmbedding: x must be […, T, D] with an even D; got [4]'],
    [
      () => applyRotaryEmbedding(zeros([2, 4], { dtype: 'int32' })),
      DTypeError,
      'applyRotaryEmbedding: x must be float32 or float64; got int32',
    ],
    [() => applyRotaryEmbedding(zeros([2, 4]), { offset: 0.5 }), ArgumentError, 'offset must be a whole number from 0 up; got 0.5'],
    [() => applyRotaryEmbedding(zeros([2, 4]), { interleaved: 1 as never }), ArgumentError, 'interleaved must be true or false; got 1'],
  ];
  for (const [f, error, message] of wrong) {
    test(`refuses: ${message}`, () => {
      expect(f).toThrow(error);
      expect(f).toThrow(message);
    });
  }
});
