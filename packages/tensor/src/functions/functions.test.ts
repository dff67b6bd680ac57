import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { DType } from '../dtype.ts';
import { dataSync } from '../evaluation/evaluate.ts';
import { Tensor } from '../tensor.ts';
import { difference } from '../testing/difference.ts';
import { tensorOf } from '../testing/tensorOf.ts';
import * as activation from './activation.ts';
import * as arithmetic from './arithmetic.ts';
import * as cast from './cast.ts';
import * as comparison from './comparison.ts';
import * as creation from './creation.ts';
import * as elementwise from './elementwise.ts';
import * as reduction from './reduction.ts';
import * as statistics from './statistics.ts';
import * as trigonometry from './trigonometry.ts';
import * as where from './where.ts';

type Word = number | string;
type Encoded = readonly [dtype: string, shape: readonly number[], elements: readonly Word[]];
type Case = readonly [
  name: string,
  inputs: readonly (readonly [number] | Word)[],
  options: Record<string, unknown>,
  output: readonly [number],
];

const golden = readFileSync(new URL('../../fixtures/functions.json', import.meta.url), 'utf8');
const { tensors, cases }: { tensors: readonly Encoded[]; cases: readonly Case[] } = JSON.parse(golden);
const functions: Record<string, unknown> = {
  ...activation,
  ...arithmetic,
  ...cast,
  ...comparison,
  ...creation,
  ...elementwise,
  ...reduction,
  ...statistics,
  ...trigonometry,
  ...where,
  var: statistics.variance,
};

/** What single roundings may add up to; PyTorch's own float32 functions are off by as much. */
const tolerances: Record<string, number> = { float32: 1e-6, float64: 2e-14 };

/** PyTorch rounds on the way where @dl does not, or sums with fewer bits. */
const looser: Record<string, number> = { cumsum: 2e-6, logsumexp: 2e-6, norm: 2e-6 };

const words: Record<string, number> = { nan: Number.NaN, inf: Number.POSITIVE_INFINITY, '-inf': Number.NEGATIVE_INFINITY };

function numberOf(word: Word): number {
  return typeof word === 'number' ? word : (words[word] ?? Number.NaN);
}

function decode(index: number) {
  const [dtype, shape, elements] = tensors[index] as Encoded;
  const data = elements.map(numberOf);
  return { dtype: dtype as DType, shape, data: dtype === 'float32' ? data.map(Math.fround) : data };
}

function argument(input: readonly [number] | Word): unknown {
  if (typeof input === 'number') return input;
  if (typeof input === 'string') return words[input] ?? input;
  return tensorOf(decode(input[0]));
}

function options(given: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, typeof value === 'string' ? (words[value] ?? value) : value]),
  );
}

function check([name, inputs, given, [index]]: Case): void {
  const f = functions[name] as (...rest: unknown[]) => Tensor;
  const expected = decode(index);
  const rest = Object.keys(given).length === 0 ? [] : [options(given)];
  const actual = f(...inputs.map(argument), ...rest);
  const title = `${name}(${inputs.map((input) => (Array.isArray(input) ? JSON.stringify(tensors[input[0] as number]) : input)).join(', ')}, ${JSON.stringify(given)})`;
  expect(actual, title).toBeInstanceOf(Tensor);
  expect([actual.dtype, actual.shape], title).toEqual([expected.dtype, expected.shape]);
  const tolerance = expected.dtype === 'float32' ? (looser[name] ?? 1e-6) : (tolerances[expected.dtype] ?? 0);
  expect(difference(dataSync(actual), expected.data, tolerance), title).toBeNull();
}

describe('functions, against PyTorch', () => {
  for (const name of new Set(cases.map(([name]) => name))) {
    it(`${name} gives PyTorch's values, shapes and dtypes`, () => {
      for (const one of cases) if (one[0] === name) check(one);
    });
  }
});
