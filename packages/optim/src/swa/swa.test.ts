import { Linear, Module, Parameter } from '@dl/nn';
import { ArgumentError, manualSeed, randn, ShapeError, type Tensor, tensor, zeros } from '@dl/tensor';
import { describe, expect, test } from 'vitest';
import { SGD, swaUtils } from '../index.ts';
import { makeModel } from '../testing/swa.ts';

const { AveragedModel, getEmaAvgFn, getEmaMultiAvgFn, updateBn } = swaUtils;

test('an average calls its module, and rides with optimizer.step()', async () => {
  const model = new Linear(1, 1, { bias: false });
  const averaged = new AveragedModel(model);
  model.weight.assign(tensor([[4]]));
  averaged.updateParameters(model);
  const optimizer = new SGD(model.parameters(), { lr: 1 });
  model(tensor([[2]]))
    .sum()
    .backward();
  await optimizer.step();
  averaged.updateParameters(model);
  expect([await model.weight.item(), await averaged(tensor([[1]])).item(), await averaged.nAveraged.item()]).toEqual([2, 3, 2]);
});

test('an average goes on from a state dict', async () => {
  const model = new Linear(1, 1, { bias: false });
  const first = new AveragedModel(new Linear(1, 1, { bias: false }));
  const second = new AveragedModel(new Linear(1, 1, { bias: false }));
  model.weight.assign(tensor([[4]]));
  first.updateParameters(model);
  second.loadStateDict(first.stateDict());
  model.weight.assign(tensor([[8]]));
  second.updateParameters(model);
  expect(await second.module.weight.item()).toBe(6);
});

describe('updateBn', () => {
  test('has nothing to do without batch normalisation, and names a batch that is none', async () => {
    await expect(updateBn([tensor([[1]])], new Linear(1, 1))).resolves.toBeUndefined();
    const model = makeModel();
    await expect(updateBn([3 as never], model)).rejects.toThrow(
      'updateBn: a batch must be a tensor, or a list that begins with one; got 3',
    );
    expect(model.training).toBe(true);
  });
});

test.each<[string, () => unknown, new (message?: string) => Error, string]>([
  ['decay', () => getEmaAvgFn(2), ArgumentError, 'getEmaAvgFn: decay must be a number from 0 to 1; got 2'],
  ['decay', () => getEmaMultiAvgFn(Number.NaN), ArgumentError, 'getEmaMultiAvgFn: decay must be'],
  ['module', () => new AveragedModel(3 as never), ArgumentError, 'AveragedModel: model must be a module; got 3'],
  [
    'average',
    () => new AveragedModel(makeModel(), { avgFn: getEmaAvgFn(), multiAvgFn: getEmaMultiAvgFn() }),
    ArgumentError,
    'AveragedModel: give avgFn or multiAvgFn; got both',
  ],
  ['average', () => new AveragedModel(makeModel(), { avgFn: 3 as never }), ArgumentError, 'AveragedModel: averages are functions; got 3'],
  ['model', () => follow(makeModel(), new Linear(2, 3)), ArgumentError, 'updateParameters: the models must be alike; got'],
  [
    'size',
    () => follow(new Linear(2, 3), new Linear(3, 3)),
    ShapeError,
    'the models must be alike; got [3, 3], where the average has [3, 2]',
  ],
  [
    'multiAvgFn',
    () => new AveragedModel(new Linear(2, 3), { multiAvgFn: () => [] }).updateParameters(new Linear(2, 3)),
    ArgumentError,
    'multiAvgFn must return one tensor a parameter; got 0 for 2',
  ],
])('a bad %s is named (%#)', (_, run, error, message) => {
  expect(run).toThrow(error);
  expect(run).toThrow(message);
});

test('a copy starts with the model’s values and mode, and does not follow it by itself', async () => {
  const model = new Linear(1, 1, { bias: false }).eval();
  model.weight.assign(tensor([[4]]));
  const averaged = new AveragedModel(model);
  model.weight.assign(tensor([[8]]));
  expect([await averaged(tensor([[1]])).item(), averaged.module.training, averaged.module === model]).toEqual([4, false, false]);
});

test('the model itself cannot hold its averages', () => {
  const model = new Linear(2, 3);
  expect(() => follow(model, model)).toThrow('the averages need a module of their own; got the model itself');
});

test('modules with several inputs and private fields can be averaged', async () => {
  class Scale extends Module {
    readonly factor = new Parameter(zeros([1]));
    readonly #offset = 1;
    override forward(a: Tensor, b: Tensor): Tensor {
      return a.add(b).mul(this.factor).add(this.#offset);
    }
  }
  manualSeed(1);
  const averaged = new AveragedModel(new Scale(), { copy: false });
  averaged.updateParameters(new Scale());
  expect(await averaged(randn([1]), randn([1])).item()).toBe(1);
});

function follow(module: Module, model: Module): void {
  new AveragedModel(module, { copy: false }).updateParameters(model);
}
