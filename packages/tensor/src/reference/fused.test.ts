import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { apply } from '../apply.ts';
import { dataSync } from '../evaluation/evaluate.ts';
import type { FusedPrimitives, UpdatePrimitives } from '../primitives/signatures.ts';
import { Tensor } from '../tensor.ts';
import { difference } from '../testing/difference.ts';
import { fromGolden, type GoldenTensor } from '../testing/golden.ts';
import { given } from '../testing/make.ts';
import { tensorOf } from '../testing/tensorOf.ts';

type FusedCase = readonly [
  keyof FusedPrimitives,
  inputs: readonly GoldenTensor[],
  params: object,
  scalars: readonly number[],
  outputs: readonly GoldenTensor[],
];
type UpdateName = keyof UpdatePrimitives;
type UpdateCase = readonly [
  UpdateName,
  options: UpdateOptions,
  parameter: GoldenTensor,
  gradients: readonly GoldenTensor[],
  after: readonly GoldenTensor[],
  state: readonly GoldenTensor[],
];
/** As PyTorch's optimizers name them. */
interface UpdateOptions {
  readonly lr: number;
  readonly weight_decay?: number;
  readonly momentum?: number;
  readonly dampening?: number;
  readonly nesterov?: boolean;
  readonly betas?: readonly [number, number];
  readonly eps?: number;
  readonly decoupled?: boolean;
}

const golden: { readonly fused: readonly FusedCase[]; readonly updates: readonly UpdateCase[] } = JSON.parse(
  readFileSync(new URL('../../fixtures/fused.json', import.meta.url), 'utf8'),
);
/** All of it is float64. */
const tolerance = 1e-13;

describe('fused kernels, against PyTorch', () => {
  for (const name of new Set(golden.fused.map(([name]) => name))) {
    it(`${name} gives PyTorch's values`, () => {
      for (const one of golden.fused) if (one[0] === name) checkFused(one);
    });
  }
});

describe('update kernels, against PyTorch', () => {
  for (const [name, options, ...rest] of golden.updates) {
    it(`${name} takes PyTorch's five steps with ${JSON.stringify(options)}`, () => checkUpdate([name, options, ...rest]));
  }
});

describe('dropout', () => {
  const run = (p: number, offset = 0) =>
    dataSync(apply('dropout', [tensorOf(given([4000], new Array(4000).fill(3)))], {}, [p, 7, 8, 0, offset]));

  it('keeps an element where randomUniform with the same scalars is at least p', () => {
    const uniform = dataSync(apply('randomUniform', [], { shape: [4000], dtype: 'float32' }, [7, 8, 0, 0]));
    const scaled = Math.fround(3 / Math.fround(1 - Math.fround(0.2)));
    expect(
      difference(
        run(0.2),
        Array.from(uniform, (u) => (u >= Math.fround(0.2) ? scaled : 0)),
        1e-7,
      ),
    ).toBeNull();
  });

  it('drops about the share p, and others for another offset', () => {
    const zeros = run(0.2).filter((value) => value === 0).length;
    expect(zeros).toBeGreaterThan(700);
    expect(zeros).toBeLessThan(900);
    expect(run(0.2, 1)).not.toEqual(run(0.2));
  });
});

function checkFused([name, inputs, params, scalars, outputs]: FusedCase): void {
  const results = run(name, inputs.map(decode), params, scalars);
  expect(results.length).toBe(outputs.length);
  for (const [i, golden] of outputs.entries()) {
    compare(results[i] as Tensor, golden, `${name} ${JSON.stringify([inputs, params, scalars])}, output ${i}`);
  }
}

function checkUpdate([name, options, parameter, gradients, after, state]: UpdateCase): void {
  const zeros = () => tensorOf(given([6], new Array(6).fill(0), 'float64'));
  let values = [decode(parameter), ...state.map(zeros)];
  gradients.forEach((gradient, i) => {
    const [first, ...rest] = values as [Tensor, ...Tensor[]];
    values = [...run(name, [first, decode(gradient), ...rest], paramsOf[name](options), scalarsOf[name](options, i + 1))];
    compare(values[0] as Tensor, after[i] as GoldenTensor, `step ${i + 1}`);
  });
  for (const [i, expected] of state.entries()) compare(values[i + 1] as Tensor, expected, `state ${i}`);
}

const adamParams = ({ decoupled = false }: UpdateOptions): object => ({ decoupled });
const paramsOf: Record<UpdateName, (options: UpdateOptions) => object> = {
  sgd: () => ({}),
  sgdMomentum: ({ nesterov = false }) => ({ nesterov }),
  adam: adamParams,
  adamAmsgrad: adamParams,
};

const adamScalars = ({ lr, weight_decay = 0, betas: [beta1, beta2] = [0.9, 0.999], eps = 1e-8 }: UpdateOptions, step: number): number[] => [
  lr,
  weight_decay,
  beta1,
  beta2,
  eps,
  1 - beta1 ** step,
  1 - beta2 ** step,
];
const scalarsOf: Record<UpdateName, (options: UpdateOptions, step: number) => number[]> = {
  sgd: ({ lr, weight_decay = 0 }) => [lr, weight_decay],
  // The first step takes the gradient as it is: dampening begins with the second.
  sgdMomentum: ({ lr, weight_decay = 0, momentum = 0, dampening = 0 }, step) => [lr, weight_decay, momentum, step === 1 ? 0 : dampening],
  adam: adamScalars,
  adamAmsgrad: adamScalars,
};

function run(
  name: keyof FusedPrimitives | UpdateName,
  inputs: readonly Tensor[],
  params: object,
  scalars: readonly number[],
): readonly Tensor[] {
  // The case is of this very primitive; the compiler cannot follow the correlation.
  const result: Tensor | readonly Tensor[] = apply(name, inputs as never, params as never, scalars as never);
  return result instanceof Tensor ? [result] : result;
}

function compare(actual: Tensor, golden: GoldenTensor, title: string): void {
  const { dtype, shape, data } = fromGolden(golden);
  expect([actual.dtype, actual.shape], title).toEqual([dtype, shape]);
  expect(difference(dataSync(actual), data, tolerance), title).toBeNull();
}

function decode(golden: GoldenTensor): Tensor {
  return tensorOf(fromGolden(golden));
}
