import { Tensor } from '@dl/tensor';
import { numberOf, type TensorJson } from './tensorJson.ts';

/** Rejects unless the tensor is as PyTorch has it, to `slack` times the tolerance. */
export type Compare = (what: string, actual: unknown, expected: Expected, slack?: number) => Promise<void>;

type Expected = Omit<TensorJson, 'dtype'> & Partial<TensorJson>;

/** Each element to `tolerance (1 + |expected|)`: for what is a short sum. */
export const eachElement =
  (tolerance: number): Compare =>
  (what, actual, expected, slack = 1) =>
    compare(what, actual, expected, (wanted) => slack * tolerance * (1 + Math.abs(wanted)));

/** Each element to `tolerance` of the greatest, or of 1: for long chains, where small elements are differences of great ones. */
export const greatestElement =
  (tolerance: number): Compare =>
  (what, actual, expected, slack = 1) => {
    const sizes = expected.data.map((value) => Math.abs(numberOf(value))).filter(Number.isFinite);
    const allowed = slack * tolerance * Math.max(1, ...sizes);
    return compare(what, actual, expected, () => allowed);
  };

/** All of them, under the names they have in both. */
export async function compareAll(
  compare: Compare,
  actual: Readonly<Record<string, unknown>>,
  expected: Readonly<Record<string, TensorJson>>,
): Promise<void> {
  for (const [key, wanted] of Object.entries(expected)) await compare(key, actual[key], wanted);
}

/** Lists of tensors, as long as each other. */
export async function compareList(
  compare: Compare,
  what: string,
  actual: readonly unknown[],
  expected: readonly TensorJson[],
): Promise<void> {
  same(`the number of ${what}s`, actual.length, expected.length);
  for (const [i, wanted] of expected.entries()) await compare(`${what} ${i}`, actual[i], wanted);
}

/** Throws unless both are written alike in JSON. */
export function same(what: string, actual: unknown, expected: unknown): void {
  const [got, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (got !== wanted) throw new Error(`${what}: got ${got}, PyTorch has ${wanted}`);
}

async function compare(what: string, actual: unknown, expected: Expected, allowance: (wanted: number) => number): Promise<void> {
  if (!(actual instanceof Tensor)) throw new Error(`${what} is missing`);
  same(`the shape of ${what}`, actual.shape, expected.shape);
  if (expected.dtype !== undefined && expected.dtype !== 'float64') same(`the dtype of ${what}`, actual.dtype, expected.dtype);
  const data = await actual.data();
  for (const [i, wanted] of expected.data.map(numberOf).entries()) {
    const close = Object.is(data[i], wanted) || Math.abs(Number(data[i]) - wanted) <= allowance(wanted);
    if (!close) throw new Error(`${what}: element ${i} is ${data[i]}, PyTorch has ${wanted}`);
  }
}
