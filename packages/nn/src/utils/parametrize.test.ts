import { noGrad } from '@dl/autograd';
import { ArgumentError, manualSeed, randn, type Tensor, tensor, zeros } from '@dl/tensor';
import { describe, expect, test } from 'vitest';
import { BatchNorm1d, Linear, Module, type Parameter, Sequential, utils } from '../index.ts';

const { isParametrized, registerParametrization, removeParametrizations } = utils.parametrize;

class Symmetric extends Module {
  override forward(x: Tensor): Tensor {
    return x.triu().add(x.triu({ diagonal: 1 }).t());
  }

  rightInverse(value: Tensor): Tensor {
    return value.triu();
  }
}

class Doubled extends Module {
  override forward(x: Tensor): Tensor {
    return x.mul(2);
  }

  rightInverse(value: Tensor): Tensor {
    return value.div(2);
  }
}

class Tall extends Module {
  override forward(x: Tensor): Tensor {
    return x.narrow(0, 0, 1);
  }
}

describe('registerParametrization', () => {
  test('has the tensor computed, and gradients reach the original', async () => {
    const layer = registerParametrization(new Linear(2, 2), 'weight', new Symmetric());
    const names = layer.namedParameters().map(([name]) => name);
    expect(names).toEqual(['bias', 'parametrizations.weight.original']);
    layer(tensor([[1, 2]]))
      .sum()
      .backward();
    const [a, b, c, d] = await layer.weight.data();
    expect([a, d].every(Number.isFinite)).toBe(true);
    expect(b).toBe(c);
    const original = layer.namedParameters().find(([name]) => name.endsWith('original'))?.[1];
    // Both off-diagonal elements of the weight are one element of the original.
    expect(await original?.grad?.tolist()).toEqual([
      [1, 3],
      [0, 2],
    ]);
  });

  test('learns: descent by hand brings the loss down, and the weight stays symmetric', async () => {
    manualSeed(2);
    const layer = registerParametrization(new Linear(3, 3), 'weight', new Symmetric());
    const [x, y] = [randn([8, 3]), randn([8, 3])];
    const losses: number[] = [];
    for (let step = 0; step < 10; step++) {
      layer.zeroGrad();
      const loss = layer(x).sub(y).square().mean();
      loss.backward();
      losses.push(await loss.item());
      for (const parameter of layer.parameters())
        noGrad(() => (parameter as Parameter).assign(parameter.sub((parameter.grad ?? zeros([])).mul(0.1))));
    }
    expect(losses.at(-1)).toBeLessThan(losses[0] ?? 0);
    expect(await layer.weight.tolist()).toEqual(await layer.weight.t().tolist());
  });

  test('keeps the parameter, so that whoever holds it goes on', () => {
    const layer = new Linear(2, 2);
    const { weight } = layer;
    registerParametrization(layer, 'weight', new Doubled());
    expect(layer.parameters()).toContain(weight);
  });

  test('begins where rightInverse says, and stacks', async () => {
    const layer = new Linear(2, 2);
    const before = await layer.weight.tolist();
    registerParametrization(layer, 'weight', new Doubled());
    expect(await layer.weight.tolist()).toEqual(before);
    registerParametrization(layer, 'weight', new Doubled());
    expect(await layer.weight.tolist()).toEqual(before);
    expect(layer.toString()).toContain('(weight): ParametrizationList(\n      (0): Doubled()\n      (1): Doubled()');
  });

  test('takes values that are set', async () => {
    const layer = registerParametrization(new Linear(2, 1), 'weight', new Doubled());
    Reflect.set(layer, 'weight', tensor([[3, 5]]));
    expect(await layer.weight.tolist()).toEqual([[3, 5]]);
    expect(await layer.stateDict()['parametrizations.weight.original']?.tolist()).toEqual([[1.5, 2.5]]);
  });

  test('saves and loads, and follows train and eval', async () => {
    const make = (): Sequential => {
      const layer = new Linear(2, 2);
      utils.parametrizations.spectralNorm(layer);
      return new Sequential(layer);
    };
    const [one, other] = [make(), make()];
    other.loadStateDict(one.stateDict());
    const x = randn([3, 2]);
    expect(await (other.eval()(x) as Tensor).tolist()).toEqual(await (one.eval()(x) as Tensor).tolist());
    expect(one.modules().every(({ training }) => !training)).toBe(true);
  });

  test('serves buffers', () => {
    const norm = registerParametrization(new BatchNorm1d(2), 'runningMean', new Doubled());
    expect(Object.keys(norm.stateDict())).toContain('parametrizations.running_mean.original');
    expect(norm.parameters().length).toBe(2);
  });

  test('casts with the module', () => {
    const layer = registerParametrization(new Linear(2, 2), 'weight', new Symmetric()).to('float64');
    expect(layer(zeros([1, 2], { dtype: 'float64' })).dtype).toBe('float64');
  });

  test('refuses another shape unless told', () => {
    const layer = new Linear(2, 2, { bias: false });
    expect(() => registerParametrization(layer, 'weight', new Tall())).toThrow(
      new ArgumentError('registerParametrization: shape and dtype must stay, float32 [2, 2], unless unsafe is true; got float32 [1, 2]'),
    );
    expect(isParametrized(layer)).toBe(false);
    expect(registerParametrization(layer, 'weight', new Tall(), { unsafe: true })(zeros([3, 2])).shape).toEqual([3, 1]);
  });
});

describe('removeParametrizations', () => {
  test('leaves the value, the class and the parameter', async () => {
    const layer = new Linear(2, 2);
    const { weight } = layer;
    registerParametrization(layer, 'weight', new Symmetric());
    registerParametrization(layer, 'bias', new Doubled());
    expect(isParametrized(layer, 'bias')).toBe(true);
    const value = await layer.weight.tolist();
    removeParametrizations(layer, 'weight');
    expect([isParametrized(layer, 'weight'), isParametrized(layer)]).toEqual([false, true]);
    removeParametrizations(layer, 'bias');
    expect(layer.weight).toBe(weight);
    expect(await layer.weight.tolist()).toEqual(value);
    expect(layer.toString()).toBe('Linear(in_features=2, out_features=2, bias=True)');
    expect(Object.keys(layer.stateDict()).sort()).toEqual(['bias', 'weight']);
  });

  test('gives the original back where asked', async () => {
    const layer = registerParametrization(new Linear(2, 2), 'weight', new Symmetric());
    const original = await layer.stateDict()['parametrizations.weight.original']?.tolist();
    removeParametrizations(layer, 'weight', { leaveParametrized: false });
    expect(await layer.weight.tolist()).toEqual(original);
  });

  test('refuses what is not parametrized, and several originals for one', () => {
    const layer = new Linear(2, 2);
    expect(() => removeParametrizations(layer, 'weight')).toThrow("removeParametrizations: 'weight' of Linear must be parametrized");
    utils.parametrizations.weightNorm(layer);
    expect(() => removeParametrizations(layer, 'weight', { leaveParametrized: false })).toThrow("'weight' has several originals");
    expect(removeParametrizations(layer, 'weight').parameters().length).toBe(2);
  });
});

describe('the older norms', () => {
  test.each([
    ['weightNorm', utils.weightNorm, utils.removeWeightNorm],
    ['spectralNorm', utils.spectralNorm, utils.removeSpectralNorm],
  ])('%s can be taken off again', async (_, add, remove) => {
    const layer = add(new Linear(3, 2)).eval() as Linear;
    const x = randn([2, 3]);
    const before = await layer(x).tolist();
    remove(layer);
    expect(Object.keys(layer.stateDict()).sort()).toEqual(['bias', 'weight']);
    expect(await layer(x).tolist()).toEqual(before);
  });
});

describe('parametersToVector and vectorToParameters', () => {
  test('are each other’s inverse', async () => {
    const [one, other] = [new Linear(3, 2), new Linear(3, 2)];
    const vector = utils.parametersToVector(one.parameters());
    expect(vector.shape).toEqual([8]);
    utils.vectorToParameters(vector, other.parameters());
    expect(await other.weight.tolist()).toEqual(await one.weight.tolist());
    expect(await other.bias?.tolist()).toEqual(await one.bias?.tolist());
    expect(other.weight.requiresGrad).toBe(true);
  });

  test('refuse another length, and nothing', () => {
    expect(() => utils.vectorToParameters(zeros([7]), new Linear(3, 2).parameters())).toThrow(
      "must have the parameters' 8 elements; got [7]",
    );
    expect(() => utils.parametersToVector([])).toThrow('parametersToVector: there must be parameters; got none');
  });
});
