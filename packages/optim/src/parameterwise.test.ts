import { readFileSync } from 'node:fs';
import { Parameter } from '@dl/nn';
import { eachElement } from '@dl/nn/testing';
import { ArgumentError, DataError, reference, ShapeError, type Tensor, tensor, useBackend, zeros } from '@dl/tensor';
import { planCacheOf } from '@dl/tensor/internal';
import { describe, expect, test } from 'vitest';
import * as optim from './index.ts';
import type { ParameterwiseOptimizer } from './parameterwiseOptimizer.ts';
import { checkParameters, makeOptimizer, makers, type Parameterwise, startOf, takeStep } from './testing/parameterwise.ts';
import { expectTensor } from './testing/tensorJson.ts';

const fixture: Parameterwise = JSON.parse(readFileSync(new URL('../fixtures/parameterwise.json', import.meta.url), 'utf8'));
const steps = fixture.gradients.length;

describe.each(fixture.cases)('$title', (golden) => {
  test('goes on from a state dict as if nothing had happened, and steps by two plans at most', async () => {
    const backend = reference();
    useBackend(backend);
    const params = startOf(fixture, golden);
    const first = makeOptimizer(golden, params);
    for (let i = 0; i < 6; i++) await takeStep(fixture, golden, first, params, i);
    const second = makeOptimizer(golden, params);
    second.loadStateDict(first.stateDict());
    await takeStep(fixture, golden, second, params, 6);
    await takeStep(fixture, golden, second, params, 7);
    const { size } = planCacheOf(backend);
    for (let i = 8; i < steps; i++) await takeStep(fixture, golden, second, params, i);
    expect(planCacheOf(backend).size).toBe(size);
    await checkParameters(eachElement(golden.tolerance), params, golden.end);
  });
});

test('an optimizer’s step with a closure gives its loss', async () => {
  const parameter = new Parameter(tensor([3]));
  const optimizer = new optim.RMSprop([parameter], { lr: 0.5 });
  const loss = await optimizer.step(() => {
    optimizer.zeroGrad();
    const value = parameter.mul(parameter).sum();
    value.backward();
    return value;
  });
  expect(await loss.item()).toBe(9);
  expect(await parameter.item()).toBeLessThan(3);
  await expect(optimizer.step(3 as never)).rejects.toThrow('RMSprop: the closure must be a function that returns the loss; got 3');
});

describe('a step that fails', () => {
  test.each(['NAdam', 'ASGD', 'Adagrad'] as const)('leaves the state of %s as it was', async (name) => {
    const parameter = new Parameter(zeros([2]));
    const optimizer: ParameterwiseOptimizer<never> = makers[name]([parameter], {}) as never;
    parameter.grad = tensor([1, 2]);
    await optimizer.step();
    const before = optimizer.stateDict().state[0];
    const bad = (): Tensor => zeros([2]).indexSelect(0, tensor([0, 7], { dtype: 'int32' }).add(0));
    const failing = [0, 1].map(() => {
      parameter.grad = bad();
      return optimizer.step();
    });
    const outcomes = await Promise.allSettled(failing);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    const after = optimizer.stateDict().state[0];
    const numbers = (entries: typeof before): unknown[] => Object.entries(entries ?? {}).filter(([, value]) => typeof value === 'number');
    expect(numbers(after)).toEqual(numbers(before));
    expect(Object.keys(after ?? {})).toEqual(Object.keys(before ?? {}));
  });
});

test.each<[keyof typeof makers, object, string]>([
  ['RMSprop', { alpha: -1 }, 'RMSprop: alpha must be a finite number from 0 up; got -1'],
  ['RMSprop', { centered: 1 }, 'RMSprop: centered must be true or false; got 1'],
  ['Adagrad', { lrDecay: Number.NaN }, 'Adagrad: lrDecay must be'],
  ['Adagrad', { initialAccumulatorValue: -1 }, 'Adagrad: initialAccumulatorValue must be'],
  ['Adadelta', { rho: 1.5 }, 'Adadelta: rho must be a number from 0 to 1; got 1.5'],
  ['Adamax', { betas: [0.9] }, 'Adamax: betas must be two numbers in [0, 1); got [0.9]'],
  ['NAdam', { momentumDecay: -1 }, 'NAdam: momentumDecay must be'],
  ['RAdam', { decoupledWeightDecay: 'no' }, "RAdam: decoupledWeightDecay must be true or false; got 'no'"],
  ['ASGD', { t0: Number.NaN }, 'ASGD: t0 must be a finite number; got NaN'],
  ['Rprop', { etas: [1.2, 0.5] }, 'Rprop: etas must be a number between 0 and 1 and one above 1; got [1.2, 0.5]'],
  ['Rprop', { stepSizes: 3 }, 'Rprop: stepSizes must be 2 finite numbers; got 3'],
  ['Lion', { weightDecay: -1 }, 'Lion: weightDecay must be'],
  ['Adafactor', { d: 0.5 }, 'Adafactor: d must be 1 or more; got 0.5'],
  ['Adafactor', { beta2Decay: 0.5 }, 'Adafactor: beta2Decay must be 0 or less; got 0.5'],
  ['Adafactor', { eps: [null] }, 'Adafactor: eps must be 2 finite numbers'],
  ['Adafactor', { eps: [null, -1] }, 'Adafactor: eps must be from 0 up'],
  ['Muon', { nsSteps: 100 }, 'Muon: nsSteps must be below 100; got 100'],
  ['Muon', { nsCoefficients: [1, 2] }, 'Muon: nsCoefficients must be 3 finite numbers; got [1, 2]'],
  ['Muon', { adjustLrFn: 'none' }, 'Muon: adjustLrFn must be'],
])('%s refuses %o', (name, options, message) => {
  expect(() => makers[name]([new Parameter(zeros([2, 2]))], options)).toThrow(ArgumentError);
  expect(() => makers[name]([new Parameter(zeros([2, 2]))], options)).toThrow(message);
});

test('Muon refuses what is no matrix, also in a group that is added', () => {
  const vector = new Parameter(zeros([4]));
  expect(() => new optim.Muon([vector])).toThrow(ShapeError);
  const optimizer = new optim.Muon([new Parameter(zeros([2, 3]))]);
  expect(() => optimizer.addParamGroup({ params: vector })).toThrow('Muon: parameters must be matrices; got one of shape [4]');
  expect(optimizer.paramGroups).toHaveLength(1);
});

test('Adagrad has its sums before the first step, as in PyTorch', async () => {
  const optimizer = new optim.Adagrad([new Parameter(zeros([2]))], { initialAccumulatorValue: 0.5 });
  const { state } = optimizer.stateDict();
  expect(state[0]?.step).toBe(0);
  await expectTensor(state[0]?.sum, { shape: [2], data: [0.5, 0.5] }, 'sum');
});

test.each<[keyof typeof makers, string, unknown, string]>([
  ['NAdam', 'mu_product', zeros([1]), 'parameter 0: mu_product must be a finite number'],
  ['Adafactor', 'row_var', zeros([2, 3]), 'parameter 0: row_var of shape [2, 3], where the parameter has [2, 1]'],
  ['Adafactor', 'col_var', zeros([1, 2]), 'parameter 0: col_var of shape [1, 2], where the parameter has [1, 3]'],
])('a state dict of %s with a wrong %s is refused', (name, key, value, message) => {
  const optimizer = makers[name]([new Parameter(zeros([2, 3]))], {});
  const dict = { state: { 0: { [key]: value } }, param_groups: [{ params: [0] }] };
  expect(() => optimizer.loadStateDict(dict as never)).toThrow(DataError);
  expect(() => optimizer.loadStateDict(dict as never)).toThrow(message);
});
