import { requiresGrad } from '@dl/autograd';
import { CrossEntropyLoss, Linear, MSELoss, Parameter, ReLU, Sequential } from '@dl/nn';
import {
  ArgumentError,
  DataError,
  DTypeError,
  GradientError,
  IndexError,
  manualSeed,
  ones,
  randn,
  Tensor,
  tensor,
  zeros,
} from '@dl/tensor';
import { describe, expect, test } from 'vitest';
import { Adam, AdamW, clipGradNorm, clipGradsWithNorm, clipGradValue, getTotalNorm, type OptimizerStateDict, SGD } from './index.ts';

const one = (): Parameter => new Parameter(tensor([1]));
const withGradient = (gradient: number, value = 1): Parameter => {
  const parameter = new Parameter(tensor([value]));
  parameter.grad = tensor([gradient]);
  return parameter;
};

describe('an optimizer', () => {
  test.each([
    ['SGD', (params: Parameter[]) => new SGD(params, { lr: 0.1, momentum: 0.9 }), 1e-3],
    ['Adam', (params: Parameter[]) => new Adam(params, { lr: 0.03 }), 1e-2],
    ['AdamW', (params: Parameter[]) => new AdamW(params, { lr: 0.03 }), 1e-2],
  ])('%s fits a line through a network', async (_, make, most) => {
    manualSeed(5);
    const model = new Sequential(new Linear(1, 16), new ReLU(), new Linear(16, 1));
    const optimizer = make(model.parameters());
    const x = tensor([-1, -0.5, 0, 0.5, 1]).reshape([5, 1]);
    const y = x.mul(2).add(1);
    let last = Number.POSITIVE_INFINITY;
    for (let i = 0; i < 150; i++) {
      optimizer.zeroGrad();
      const loss = new MSELoss()(model(x), y);
      loss.backward();
      await optimizer.step();
      last = await loss.item();
    }
    expect(last).toBeLessThan(most);
  });

  test('skips parameters without a gradient', async () => {
    const [moved, still] = [withGradient(2), one()];
    await new SGD([moved, still], { lr: 0.5 }).step();
    expect([await moved.item(), await still.item()]).toEqual([0, 1]);
  });

  test('may have nothing to do', async () => {
    await expect(new Adam([one()]).step()).resolves.toBeUndefined();
  });

  test('takes a tensor that was marked with requiresGrad', async () => {
    const x = requiresGrad(tensor([3]));
    x.mul(x).sum().backward();
    await new SGD([x], { lr: 0.5 }).step();
    expect(await x.item()).toBe(0);
  });

  test('points parameters to their new values before it returns', async () => {
    const parameter = withGradient(1);
    const step = new SGD([parameter], { lr: 1 }).step();
    const read = parameter.add(10).item();
    await step;
    expect(await read).toBe(10);
  });

  test('two step after one backward', async () => {
    const [a, b] = [one(), one()];
    const [first, second] = [new SGD([a], { lr: 0.1 }), new SGD([b], { lr: 0.2 })];
    a.mul(b).mul(3).sum().backward();
    await first.step();
    await second.step();
    expect(await a.item()).toBeCloseTo(0.7, 6);
    expect(await b.item()).toBeCloseTo(0.4, 6);
  });

  test('leaves requiresGrad on, and frozen parameters alone', async () => {
    const [free, frozen] = [one(), one()];
    frozen.requiresGrad = false;
    const optimizer = new SGD([free, frozen], { lr: 1 });
    free.mul(frozen).sum().backward();
    await optimizer.step();
    expect([free.requiresGrad, await free.item(), await frozen.item()]).toEqual([true, 0, 1]);
  });
});

describe('zeroGrad', () => {
  test('drops gradients, or fills them with zeros', async () => {
    const parameter = withGradient(3);
    const optimizer = new SGD([parameter]);
    optimizer.zeroGrad({ setToNone: false });
    expect(await parameter.grad?.tolist()).toEqual([0]);
    optimizer.zeroGrad();
    expect(parameter.grad).toBeNull();
    optimizer.zeroGrad({ setToNone: false });
    expect(parameter.grad).toBeNull();
  });
});

describe('parameter groups', () => {
  test('have hyperparameters of their own, which may change at any time', async () => {
    const [a, b] = [withGradient(1), withGradient(1)];
    const optimizer = new SGD([{ params: [a] }, { params: b, lr: 0.5 }], { lr: 0.1 });
    await optimizer.step();
    expect([await a.item(), await b.item()]).toEqual([Math.fround(0.9), 0.5]);
    const [first] = optimizer.paramGroups;
    if (first !== undefined) first.lr = 0.4;
    await optimizer.step();
    expect(await a.item()).toBeCloseTo(0.5, 6);
  });

  test('may be added later', async () => {
    const [a, b] = [withGradient(1), withGradient(1)];
    const optimizer = new SGD([a], { lr: 0.5 });
    optimizer.addParamGroup({ params: [b], lr: 1 });
    await optimizer.step();
    expect([await a.item(), await b.item()]).toEqual([0.5, 0]);
    expect(() => optimizer.addParamGroup({ params: [a] })).toThrow(ArgumentError);
    expect(optimizer.paramGroups).toHaveLength(2);
  });

  test('takes the iterator of a generator', () => {
    function* params(): Generator<Parameter> {
      yield one();
      yield one();
    }
    expect(new SGD(params()).paramGroups[0]?.params).toHaveLength(2);
  });
});

test.each<[string, () => unknown, new (message?: string) => Error, string]>([
  ['no parameters', () => new SGD([]), ArgumentError, 'SGD: there must be parameters; got an empty list'],
  ['one tensor', () => new SGD(one() as never), ArgumentError, 'SGD: parameters must be a list of tensors or of groups'],
  ['a number', () => new SGD(3 as never), ArgumentError, 'got 3'],
  ['a list of numbers', () => new SGD([3] as never), ArgumentError, 'SGD: parameters must be tensors; got 3 as number 0'],
  [
    'tensors and groups',
    () => new SGD([one(), { params: [one()] }] as never),
    ArgumentError,
    'must be all tensors or all groups; got 1 tensors and 1 others',
  ],
  [
    'a group of nothing',
    () => new SGD([{ params: undefined }] as never),
    ArgumentError,
    'SGD: parameters must be tensors; got undefined as number 0',
  ],
  [
    'a computed tensor',
    () => new SGD([one().mul(2)]),
    GradientError,
    'SGD: parameters must be leaves that require gradients; got a computed tensor as number 0',
  ],
  ['a plain tensor', () => new SGD([one(), tensor([1])]), GradientError, 'as number 1'],
  [
    'whole numbers',
    () => new SGD([zeros([1], { dtype: 'int32' })]),
    DTypeError,
    'SGD: parameters must be float32 or float64; got int32 as number 0',
  ],
])('refuses %s', (_, make, error, message) => {
  expect(make).toThrow(error);
  expect(make).toThrow(message);
});

test('refuses a parameter given twice, in one group or in two', () => {
  const parameter = one();
  expect(() => new SGD([parameter, parameter])).toThrow('SGD: each parameter may be given once; got number 1');
  expect(() => new SGD([{ params: [parameter] }, { params: [parameter] }])).toThrow('SGD: each parameter may be given once');
});

test.each<[string, () => unknown, string]>([
  ['lr', () => new SGD([one()], { lr: Number.NaN }), 'SGD: lr must be a finite number from 0 up; got NaN'],
  ['lr', () => new Adam([one()], { lr: -1 }), 'Adam: lr must be a finite number from 0 up; got -1'],
  ['lr', () => new AdamW([one()], { lr: '0.1' as never }), "AdamW: lr must be a finite number from 0 up; got '0.1'"],
  ['momentum', () => new SGD([one()], { momentum: -0.1 }), 'SGD: momentum must be a finite number from 0 up'],
  ['dampening', () => new SGD([one()], { dampening: Number.POSITIVE_INFINITY }), 'SGD: dampening must be a finite number; got Infinity'],
  ['weightDecay', () => new Adam([one()], { weightDecay: -1 }), 'Adam: weightDecay must be'],
  ['nesterov', () => new SGD([one()], { nesterov: true }), 'SGD: nesterov needs momentum above 0 and dampening 0; got 0 and 0'],
  ['nesterov', () => new SGD([one()], { nesterov: 1 as never }), 'SGD: nesterov must be true or false; got 1'],
  ['betas', () => new Adam([one()], { betas: [0.9, 1] }), 'Adam: betas must be two numbers in [0, 1); got [0.9, 1]'],
  ['betas', () => new Adam([one()], { betas: 0.9 as never }), 'got 0.9'],
  ['eps', () => new Adam([one()], { eps: Number.NaN }), 'Adam: eps must be'],
  ['amsgrad', () => new Adam([one()], { amsgrad: 'yes' as never }), "Adam: amsgrad must be true or false; got 'yes'"],
  ['group', () => new SGD([{ params: [one()], lr: Number.NaN }]), 'SGD: lr must be a finite number from 0 up; got NaN'],
  [
    'name',
    () => new SGD([one()], { learningRate: 1 } as never),
    "SGD: options are lr, momentum, dampening, weightDecay, nesterov, maximize; got 'learningRate'",
  ],
])('a bad %s is named when the optimizer is made (%#)', (_, make, message) => {
  expect(make).toThrow(new ArgumentError(message).message);
});

describe('a step that cannot be', () => {
  test('for a bad hyperparameter changes nothing', async () => {
    const [a, b] = [withGradient(1), withGradient(1)];
    const optimizer = new Adam([{ params: [a] }, { params: [b] }]);
    const group = optimizer.paramGroups[1];
    if (group !== undefined) group.lr = Number.NaN;
    await expect(optimizer.step()).rejects.toThrow(new ArgumentError('Adam: lr must be a finite number from 0 up; got NaN'));
    expect([await a.item(), await b.item()]).toEqual([1, 1]);
    expect(optimizer.stateDict().state).toEqual({});
  });

  test.each([
    ['SGD', (params: Parameter[]) => new SGD(params, { lr: 0.1, momentum: 0.9, dampening: 0.5 })],
    ['Adam', (params: Parameter[]) => new Adam(params, { lr: 0.1 })],
  ])('for a label out of range leaves the parameters, the state and the step count of %s', async (_, make) => {
    manualSeed(2);
    const model = new Linear(2, 3);
    const before = model.stateDict();
    const optimizer = make(model.parameters());
    const x = randn([4, 2]);
    const backward = (labels: Tensor): void => {
      optimizer.zeroGrad();
      new CrossEntropyLoss()(model(x), labels).backward();
    };
    const good = tensor([0, 1, 2, 0], { dtype: 'int32' });
    for (const bad of [tensor([0, 1, 2, 3], { dtype: 'int32' }), good.add(1)]) {
      backward(bad);
      await expect(optimizer.step()).rejects.toThrow(IndexError);
      expect(await model.weight.tolist()).toEqual(await before.weight?.tolist());
      expect(optimizer.stateDict().state).toEqual({});
    }
    backward(good);
    await optimizer.step();
    const twin = new Linear(2, 3);
    twin.loadStateDict(before);
    const fresh = make(twin.parameters());
    new CrossEntropyLoss()(twin(x), good).backward();
    await fresh.step();
    expect(await model.weight.tolist()).toEqual(await twin.weight.tolist());
  });

  test('fails all steps in flight behind it, and counts none of them', async () => {
    const model = new Linear(2, 3);
    const optimizer = new Adam(model.parameters());
    const steps = [3, 0, 1].map((label) => {
      optimizer.zeroGrad();
      new CrossEntropyLoss()(model(randn([1, 2])), tensor([label], { dtype: 'int32' }).add(0)).backward();
      return optimizer.step();
    });
    const outcomes = await Promise.allSettled(steps);
    expect(outcomes[0]?.status).toBe('rejected');
    const succeeded = outcomes.filter(({ status }) => status === 'fulfilled').length;
    expect(optimizer.stateDict().state[0]?.step ?? 0).toBe(succeeded);
  });
});

describe('a state dict', () => {
  test('is a snapshot', async () => {
    const parameter = withGradient(1);
    const optimizer = new Adam([parameter]);
    await optimizer.step();
    const { state } = optimizer.stateDict();
    const before = await meanOf(state).item();
    await optimizer.step();
    expect([state[0]?.step, await meanOf(state).item()]).toEqual([1, before]);
    expect(optimizer.stateDict().state[0]?.step).toBe(2);
  });

  test('restores hyperparameters, and ignores those of which it knows nothing', () => {
    const optimizer = new Adam([one()]);
    optimizer.loadStateDict({ state: {}, param_groups: [{ lr: 0.5, weight_decay: 0.25, betas: [0.5, 0.75], fused: null, params: [0] }] });
    expect(optimizer.paramGroups[0]).toMatchObject({ lr: 0.5, weightDecay: 0.25, betas: [0.5, 0.75], eps: 1e-8 });
    expect(optimizer.paramGroups[0]).not.toHaveProperty('fused');
  });

  test.each<[string, unknown, string]>([
    ['nothing', null, 'no { state, param_groups }'],
    ['another number of groups', { state: {}, param_groups: [] }, '0 groups, where the optimizer has 1'],
    ['another number of parameters', { state: {}, param_groups: [{ params: [0, 1] }] }, 'group 0: 2 parameters, where the optimizer has 1'],
    [
      'another shape',
      { state: { 0: { exp_avg: zeros([3]) } }, param_groups: [{ params: [0] }] },
      'parameter 0: exp_avg of shape [3], where the parameter has [1]',
    ],
    [
      'another optimizer',
      { state: { 0: { momentum_buffer: zeros([1]) } }, param_groups: [{ params: [0] }] },
      'parameter 0: momentum_buffer, of which this optimizer knows nothing',
    ],
    ['no tensor', { state: { 0: { exp_avg: 3 } }, param_groups: [{ params: [0] }] }, 'parameter 0: exp_avg must be a tensor, not 3'],
    [
      'no count',
      { state: { 0: { step: -1 } }, param_groups: [{ params: [0] }] },
      'parameter 0: step must be a whole number from 0 up, not -1',
    ],
  ])('of %s is refused, and changes nothing', (_, state, message) => {
    const optimizer = new Adam([one()], { lr: 0.5 });
    expect(() => optimizer.loadStateDict(state as never)).toThrow(DataError);
    expect(() => optimizer.loadStateDict(state as never)).toThrow(message);
    expect(optimizer.paramGroups[0]?.lr).toBe(0.5);
  });

  test('with a hyperparameter out of range is refused, and changes nothing', () => {
    const optimizer = new Adam([one(), one()], { lr: 0.5 });
    const bad = { state: {}, param_groups: [{ lr: 0.1, eps: -1, params: [0, 1] }] };
    expect(() => optimizer.loadStateDict(bad)).toThrow('Adam: eps must be');
    expect(optimizer.paramGroups[0]).toMatchObject({ lr: 0.5, eps: 1e-8 });
  });

  test('survives JSON without its tensors', () => {
    const optimizer = new SGD([withGradient(1)], { lr: 0.25 });
    const dict = JSON.parse(JSON.stringify(optimizer.stateDict()));
    const other = new SGD([one()]);
    other.loadStateDict(dict);
    expect(other.paramGroups[0]?.lr).toBe(0.25);
  });
});

function meanOf(state: OptimizerStateDict['state']): Tensor {
  const mean = state[0]?.exp_avg;
  if (mean instanceof Tensor) return mean;
  throw new Error('there is no exp_avg');
}

describe('clipping', () => {
  test('happens before the step, without any number being read', async () => {
    const parameter = new Parameter(tensor([3, 4]));
    const optimizer = new SGD([parameter], { lr: 1 });
    parameter.mul(parameter).sum().backward();
    const norm = clipGradNorm(optimizer.paramGroups[0]?.params ?? [], 1);
    await optimizer.step();
    expect(await norm.item()).toBe(10);
    const [x, y] = await parameter.data();
    expect([x, y]).toEqual([expect.closeTo(2.4, 5), expect.closeTo(3.2, 5)]);
  });

  test('of values keeps each within bounds', async () => {
    const parameter = new Parameter(zeros([3]));
    parameter.grad = tensor([-2, 0.25, 7]);
    clipGradValue([parameter, one()], 0.5);
    expect(await parameter.grad.tolist()).toEqual([-0.5, 0.25, 0.5]);
  });

  test('keeps the clipped gradients and the norm for whoever reads them after the step, not the old ones', async () => {
    const parameter = new Parameter(tensor([3, 4]));
    parameter.mul(parameter).sum().backward();
    const { gradient } = parameter;
    const norm = clipGradNorm(parameter, 1);
    await new SGD([parameter]).step();
    expect(gradient?.value.storage).toBeNull();
    expect(await norm.item()).toBe(10);
    expect(await parameter.grad?.tolist()).toEqual([expect.closeTo(0.6, 6), expect.closeTo(0.8, 6)]);
  });

  test('leaves gradients that somebody holds as they were', async () => {
    const parameter = withGradient(3);
    parameter.mul(2).sum().backward();
    const held = parameter.grad;
    clipGradValue(parameter, 1);
    await new SGD([parameter]).step();
    expect([await held?.item(), await parameter.grad?.item()]).toEqual([5, 1]);
  });

  test('of no gradients gives a norm of 0', async () => {
    expect(await clipGradNorm([one()], 1).item()).toBe(0);
  });

  test('by a norm of more tensors than these scales as clipGradNorm of all does', async () => {
    const parameters = [new Parameter(zeros([2])), new Parameter(zeros([1])), new Parameter(zeros([1]))] as const;
    parameters[0].grad = tensor([3, 0]);
    parameters[1].grad = tensor([4]);
    const norm = getTotalNorm(parameters.flatMap(({ grad }) => (grad === null ? [] : [grad])));
    clipGradsWithNorm(parameters[0], 1, norm);
    expect(await norm.item()).toBe(5);
    expect(await parameters[0].grad?.tolist()).toEqual([expect.closeTo(0.6, 5), 0]);
    expect(await parameters[1].grad?.tolist()).toEqual([4]);
  });

  test('getTotalNorm is that of one long vector, with any exponent', async () => {
    const tensors = [tensor([3, -4]), tensor([[12]], { dtype: 'float64' }).float()];
    expect(await getTotalNorm(tensors).item()).toBe(13);
    expect(await getTotalNorm(tensors, { normType: 1 }).item()).toBe(19);
    expect(await getTotalNorm(tensors, { normType: Number.POSITIVE_INFINITY }).item()).toBe(12);
    expect(await getTotalNorm([]).item()).toBe(0);
  });

  test.each<[string, () => unknown, string]>([
    ['totalNorm', () => clipGradsWithNorm([one()], 1, ones([2])), 'clipGradsWithNorm: totalNorm must be one number; got [2]'],
    ['maxNorm', () => clipGradsWithNorm([one()], -1, ones([])), 'clipGradsWithNorm: maxNorm must be a finite number from 0 up; got -1'],
    ['normType', () => getTotalNorm([one()], { normType: -1 }), 'getTotalNorm: normType must be above 0; got -1'],
    ['list', () => getTotalNorm(3 as never), 'getTotalNorm: tensors must be a tensor or a list of them; got 3'],
    ['tensor', () => getTotalNorm([3 as never]), 'getTotalNorm: tensor 0 must be a tensor; got 3'],
    ['maxNorm', () => clipGradNorm([one()], Number.NaN), 'clipGradNorm: maxNorm must be a finite number from 0 up; got NaN'],
    ['normType', () => clipGradNorm([one()], 1, { normType: 0 }), 'clipGradNorm: normType must be above 0; got 0'],
    ['parameters', () => clipGradNorm([3] as never, 1), 'clipGradNorm: parameters must be tensors; got 3 as number 0'],
    ['clipValue', () => clipGradValue([one()], -1), 'clipGradValue: clipValue must be a finite number from 0 up; got -1'],
  ])('names a bad %s', (_, run, message) => {
    expect(run).toThrow(message);
  });
});
