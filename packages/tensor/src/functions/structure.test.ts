import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { DType } from '../dtype.ts';
import { dataSync } from '../evaluation/evaluate.ts';
import { Tensor } from '../tensor.ts';
import { difference } from '../testing/difference.ts';
import { fromGolden, type GoldenTensor } from '../testing/golden.ts';
import { tensorOf } from '../testing/tensorOf.ts';
import * as diagonal from './diagonal.ts';
import * as einsum from './einsum.ts';
import * as indexing from './indexing.ts';
import * as joining from './joining.ts';
import * as matrix from './matrix.ts';
import * as movement from './movement.ts';
import * as padding from './padding.ts';
import * as slicing from './slicing.ts';
import * as sorting from './sorting.ts';
import * as subscript from './subscript.ts';
import * as tensordot from './tensordot.ts';

type Case = readonly [name: string, args: readonly unknown[], outputs: readonly GoldenTensor[]];

const cases: readonly Case[] = JSON.parse(readFileSync(new URL('../../fixtures/structure.json', import.meta.url), 'utf8'));
const functions: Record<string, unknown> = {
  ...diagonal,
  ...einsum,
  ...indexing,
  ...joining,
  ...matrix,
  ...movement,
  ...padding,
  ...slicing,
  ...sorting,
  ...subscript,
  ...tensordot,
};

/** Sums of a few products; what only moves elements has to be exact. */
const tolerances: Partial<Record<DType, number>> = { float32: 2e-6, float64: 1e-13 };

describe('movement, indexing and matrix functions, against PyTorch', () => {
  for (const name of new Set(cases.map(([name]) => name))) {
    it(`${name} gives PyTorch's values, shapes and dtypes`, () => {
      for (const one of cases) if (one[0] === name) check(one);
    });
  }
});

function check([name, args, expected]: Case): void {
  const title = `${name}(${JSON.stringify(args).slice(1, -1)})`;
  const f = functions[name] as (...rest: unknown[]) => Tensor | readonly Tensor[];
  const result = f(...args.map(decode));
  const outputs = result instanceof Tensor ? [result] : result;
  expect(outputs.length, title).toBe(expected.length);
  outputs.forEach((output, i) => {
    const { shape, dtype, data } = fromGolden(expected[i] as GoldenTensor);
    expect([output.dtype, output.shape], title).toEqual([dtype, shape]);
    expect(difference(dataSync(output), data, tolerances[dtype] ?? 0), title).toBeNull();
  });
}

function decode(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decode);
  if (typeof value !== 'object' || value === null) return value;
  return isGolden(value)
    ? tensorOf(fromGolden(value))
    : Object.fromEntries(Object.entries(value).map(([key, each]) => [key, decode(each)]));
}

function isGolden(value: object): value is GoldenTensor {
  return 't' in value;
}
