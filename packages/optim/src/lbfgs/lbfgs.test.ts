import { readFileSync } from 'node:fs';
import { Linear, Parameter } from '@dl/nn';
import { ArgumentError, DataError, manualSeed, ones, reference, type Tensor, tensor, useBackend, zeros } from '@dl/tensor';
import { planCacheOf } from '@dl/tensor/internal';
import { describe, expect, test } from 'vitest';
import { LBFGS } from '../index.ts';
import { closureOf, type Lbfgs, startOf } from '../testing/lbfgs.ts';
import { expectTensor } from '../testing/tensorJson.ts';

const fixture: Lbfgs = JSON.parse(readFileSync(new URL('../../fixtures/lbfgs.json', import.meta.url), 'utf8'));

describe.each(fixture.cases)('$title', (golden) => {
  test('goes on from a state dict', async () => {
    const params = startOf(fixture);
    let optimizer = new LBFGS(params, golden.options);
    for (const _ of golden.steps) {
      await optimizer.step(closureOf(optimizer, params));
      const next = new LBFGS(params);
      next.loadStateDict(optimizer.stateDict());
      optimizer = next;
    }
    for (const [j, parameter] of params.entries()) await expectTensor(parameter, golden.steps.at(-1)?.params[j], `${j}`, 1e-7);
  });
});

test('makes no more plans once its history is full', async () => {
  const backend = reference();
  useBackend(backend);
  const params = startOf(fixture);
  const optimizer = new LBFGS(params, { maxIter: 4, historySize: 3, lr: 0.1 });
  for (let i = 0; i < 3; i++) await optimizer.step(closureOf(optimizer, params));
  const { size } = planCacheOf(backend);
  for (let i = 0; i < 5; i++) await optimizer.step(closureOf(optimizer, params));
  expect(planCacheOf(backend).size).toBe(size);
});

test('takes a closure that is asynchronous, and parameters without gradients', async () => {
  manualSeed(0);
  const layer = new Linear(2, 1);
  const unused = new Parameter(ones([2]));
  const optimizer = new LBFGS([...layer.parameters(), unused], { lineSearchFn: 'strong_wolfe' });
  const [x, y] = [
    tensor([
      [1, 2],
      [0, 1],
      [3, -1],
    ]),
    tensor([[4], [2], [0]]),
  ];
  const closure = async (): Promise<Tensor> => {
    optimizer.zeroGrad();
    const loss = layer(x).sub(y).square().mean();
    loss.backward();
    return loss;
  };
  for (let i = 0; i < 3; i++) await optimizer.step(closure);
  expect(await (await closure()).item()).toBeLessThan(1e-9);
  expect(await unused.tolist()).toEqual([1, 1]);
});

test('where a closure throws, parameters and memory are as they were', async () => {
  const params = startOf(fixture);
  const optimizer = new LBFGS(params, { lr: 0.1, maxIter: 3 });
  const closure = closureOf(optimizer, params);
  await optimizer.step(closure);
  const before = optimizer.stateDict();
  const values = await Promise.all(params.map((parameter) => parameter.tolist()));
  let calls = 0;
  const failing = optimizer.step(() => {
    if (++calls === 3) throw new RangeError('enough');
    return closure();
  });
  await expect(failing).rejects.toThrow('enough');
  expect(await Promise.all(params.map((parameter) => parameter.tolist()))).toEqual(values);
  expect(optimizer.stateDict().state[0]?.func_evals).toBe(before.state[0]?.func_evals);
  await expect(optimizer.step(closure)).resolves.toBeDefined();
});

test.each<[string, () => unknown, string]>([
  ['maxIter', () => new LBFGS([weight()], { maxIter: 0 }), 'LBFGS: maxIter must be'],
  ['maxEval', () => new LBFGS([weight()], { maxEval: 1.5 }), 'LBFGS: maxEval must be'],
  ['historySize', () => new LBFGS([weight()], { historySize: -1 }), 'LBFGS: historySize must be'],
  ['lr', () => new LBFGS([weight()], { lr: Number.NaN }), 'LBFGS: lr must be a finite number from 0 up; got NaN'],
  ['lineSearchFn', () => new LBFGS([weight()], { lineSearchFn: 'wolfe' as never }), "LBFGS: lineSearchFn must be one of 'strong_wolfe'"],
  ['group', () => new LBFGS([{ params: weight() }, { params: weight() }]), 'LBFGS: there can be one group only; got 2'],
  ['group', () => new LBFGS([weight()]).addParamGroup({ params: weight() }), 'LBFGS: there can be one group only; got another'],
])('names a bad %s (%#)', (_, run, message) => {
  expect(run).toThrow(ArgumentError);
  expect(run).toThrow(message);
});

test('a step needs a closure that gives a tensor, and is awaited before the next', async () => {
  const params = startOf(fixture);
  const optimizer = new LBFGS(params);
  await expect(optimizer.step(undefined as never)).rejects.toThrow('LBFGS: the closure must be a function that returns the loss');
  await expect(optimizer.step(() => 3 as never)).rejects.toThrow('LBFGS: the closure must return the loss, a tensor; got 3');
  const first = optimizer.step(closureOf(optimizer, params));
  await expect(optimizer.step(closureOf(optimizer, params))).rejects.toThrow('LBFGS: a step must be awaited before the next');
  await first;
});

test.each<[string, object, string]>([
  ['no count', { func_evals: null }, 'func_evals must be a finite number, not null'],
  ['another size', { func_evals: 1, n_iter: 1, d: zeros([3]), old_dirs: [], old_stps: [], ro: [] }, 'd must be of shape [1], not [3]'],
  ['no list', { func_evals: 1, n_iter: 1, d: zeros([1]), old_dirs: 3 }, 'old_dirs must be a list of tensors, not 3'],
  [
    'lists that do not match',
    { func_evals: 1, n_iter: 1, d: zeros([1]), old_dirs: [zeros([1])], old_stps: [], ro: [] },
    'old_dirs, old_stps and ro of different lengths',
  ],
])('a state dict of %s is refused', (_, state, message) => {
  const optimizer = new LBFGS([weight()]);
  const dict = { state: { 0: state }, param_groups: [{ params: [0] }] };
  expect(() => optimizer.loadStateDict(dict as never)).toThrow(DataError);
  expect(() => optimizer.loadStateDict(dict as never)).toThrow(message);
});

function weight(): Parameter {
  return new Parameter(zeros([1]));
}
