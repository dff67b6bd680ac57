import { ones, type Tensor, tensor, zeros } from '@dl/tensor';
import { describe, expect, test } from 'vitest';
import { Linear, Module, ModuleDict, ModuleList, Parameter, ParameterDict, ParameterList, ReLU, Sequential } from '../index.ts';

class Double extends Module {
  forward(x: Tensor): Tensor {
    return x.mul(2);
  }
}

class AddOne extends Module {
  forward(x: Tensor): Tensor {
    return x.add(1);
  }
}

describe('Sequential', () => {
  test('runs its layers in order', async () => {
    expect(await new Sequential(new AddOne(), new Double())(tensor([1])).item()).toBe(4);
    expect(await new Sequential({ twice: new Double(), more: new AddOne() })(tensor([1])).item()).toBe(3);
    expect(await new Sequential()(tensor([5])).item()).toBe(5);
  });

  test('is a list of its layers', () => {
    const model = new Sequential(new AddOne(), new Double());
    const last = new ReLU();
    expect(model.append(last)).toBe(model);
    expect(model).toHaveLength(3);
    expect(model.at(-1)).toBe(last);
    expect([...model]).toEqual([model.at(0), model.at(1), last]);
    expect(() => model.at(3)).toThrow('Sequential: index must be a whole number in [-3, 2]; got 3');
    expect(() => model.at(0.5)).toThrow('got 0.5');
  });

  test('runs hooks of its layers', () => {
    const inner = new Double();
    let calls = 0;
    inner.registerForwardHook(() => {
      calls++;
    });
    new Sequential(inner)(zeros([1]));
    expect(calls).toBe(1);
  });

  test('names its layers by the keys of an object, which stay as they are', () => {
    const model = new Sequential({ hiddenLayer: new Linear(1, 1), out: new Sequential(new Linear(1, 1)) });
    expect(Object.keys(model.stateDict())).toEqual(['hiddenLayer.weight', 'hiddenLayer.bias', 'out.0.weight', 'out.0.bias']);
  });

  test('refuses what is no module, and keys that clash or cannot be', () => {
    expect(() => new Sequential(((x: Tensor) => x) as never)).toThrow("Sequential: every layer must be a module; got a function at '0'");
    expect(() => new Sequential([new Double()] as never)).toThrow("got [a function] at '0'");
    expect(() => new Sequential({ 'a.b': new Double() })).toThrow("Sequential: a key must not be empty and hold no dot; got 'a.b'");
    expect(() => new Sequential({ 1: new Double() }).append(new Double())).toThrow("Sequential: keys must differ; got '1' twice");
  });

  test('may be extended with fields', () => {
    class Residual extends Sequential {
      scale = new Parameter(ones([1]));
      override forward(x: Tensor): Tensor {
        return x.add(super.forward(x).mul(this.scale));
      }
    }
    expect(new Residual(new Linear(2, 2)).namedParameters().map(([name]) => name)).toEqual(['scale', '0.weight', '0.bias']);
  });
});

describe('ModuleList', () => {
  test('numbers its members and finds their parameters', () => {
    const list = new ModuleList([new Linear(1, 1), new Linear(1, 1)]);
    list.insert(0, new Linear(1, 2)).extend([new Linear(1, 1)]);
    expect(list).toHaveLength(4);
    expect(list.at(0).outFeatures).toBe(2);
    expect([...list].map((layer) => layer.outFeatures)).toEqual([2, 1, 1, 1]);
    expect(list.namedChildren().map(([name]) => name)).toEqual(['0', '1', '2', '3']);
    expect(list.parameters()).toHaveLength(8);
  });

  test('is not called itself', () => {
    expect(() => new ModuleList([new Double()])()).toThrow(
      'ModuleList: is not called itself; call its members one by one, or use Sequential',
    );
  });

  test('refuses what is no module', () => {
    expect(() => new ModuleList([zeros([2]) as never])).toThrow('ModuleList: every member must be a module; got a tensor of shape [2]');
    expect(() => new ModuleList().at(0)).toThrow('ModuleList: index must be a whole number');
  });
});

describe('ModuleDict', () => {
  test('keeps modules under keys', () => {
    const dict = new ModuleDict<Record<string, Module>>({ digitHead: new Linear(1, 2) });
    dict.set('parity', new ReLU());
    expect([...dict.keys()]).toEqual(['digitHead', 'parity']);
    expect([...dict].map(([key]) => key)).toEqual(['digitHead', 'parity']);
    expect(dict.has('parity') && dict.delete('parity')).toBe(true);
    expect(dict.size).toBe(1);
    expect([...dict.values()]).toEqual([dict.get('digitHead')]);
    expect(Object.keys(dict.stateDict())).toEqual(['digitHead.weight', 'digitHead.bias']);
    expect(String(dict)).toBe('ModuleDict(\n  (digitHead): Linear(in_features=1, out_features=2, bias=True)\n)');
  });

  test('may have keys that are names of methods', () => {
    expect(new ModuleDict({ forward: new ReLU(), train: new ReLU() }).train().get('forward').training).toBe(true);
  });

  test('says which keys there are', () => {
    const dict: ModuleDict<Record<string, Module>> = new ModuleDict({ a: new ReLU(), b: new ReLU() });
    expect(() => dict.get('c')).toThrow("ModuleDict: key must be one of a, b; got 'c'");
    expect(() => dict.set('', new ReLU())).toThrow('a key must not be empty');
    expect(() => dict.set('c', 3 as never)).toThrow("ModuleDict: every member must be a module; got 3 for 'c'");
    expect(() => dict()).toThrow('is not called itself');
  });
});

describe('ParameterList and ParameterDict', () => {
  test('hold parameters', () => {
    const list = new ParameterList([new Parameter(zeros([2])), new Parameter(zeros([3]))]);
    const dict = new ParameterDict({ left: new Parameter(zeros([1])) });
    expect(list.namedParameters().map(([name]) => name)).toEqual(['0', '1']);
    expect(dict.namedParameters()).toEqual([['left', dict.get('left')]]);
    expect(String(dict)).toBe('ParameterDict(  (left): Parameter containing: [float32 of size 1])');
  });

  test('refuse other tensors', () => {
    expect(() => new ParameterList([zeros([2]) as never])).toThrow(
      'ParameterList: every member must be a parameter; got a tensor of shape [2]',
    );
    expect(() => new ParameterDict({ a: zeros([2]) as never })).toThrow(
      "ParameterDict: every member must be a parameter; got a tensor of shape [2] for 'a'",
    );
  });
});
