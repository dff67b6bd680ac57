import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { DType } from '../dtype.ts';
import { dataSync } from '../evaluation/evaluate.ts';
import type { Tensor } from '../tensor.ts';
import { difference } from '../testing/difference.ts';
import { fromGolden, type GoldenTensor } from '../testing/golden.ts';
import { tensorOf } from '../testing/tensorOf.ts';
import * as convolution from './convolution.ts';
import * as pooling from './pooling.ts';

type Case = readonly [name: string, args: readonly unknown[], output: GoldenTensor];

const cases: readonly Case[] = JSON.parse(readFileSync(new URL('../../fixtures/windows.json', import.meta.url), 'utf8'));
const functions: Record<string, unknown> = { ...convolution, ...pooling };

/** PyTorch sums in the dtype itself, and the fixture has twelve decimals. */
const tolerances: Partial<Record<DType, number>> = { float32: 1e-6, float64: 1e-11 };

describe('convolutions and poolings, against PyTorch', () => {
  for (const name of new Set(cases.map(([name]) => name))) {
    it(`${name} gives PyTorch's values, shapes and dtypes`, () => {
      for (const one of cases) if (one[0] === name) check(one);
    });
  }
});

function check([name, args, expected]: Case): void {
  const title = `${name}(${JSON.stringify(args).slice(1, -1)})`;
  const output = (functions[name] as (...rest: unknown[]) => Tensor)(...args.map(decode));
  const { shape, dtype, data } = fromGolden(expected);
  expect([output.dtype, output.shape], title).toEqual([dtype, shape]);
  expect(difference(dataSync(output), data, tolerances[dtype] ?? 0), title).toBeNull();
}

function decode(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return 't' in value
    ? tensorOf(fromGolden(value as GoldenTensor))
    : Object.fromEntries(Object.entries(value).map(([key, each]) => [key, decode(each)]));
}
