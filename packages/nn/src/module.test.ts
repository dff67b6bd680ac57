import { inspect } from 'node:util';
import { noGrad } from '@dl/autograd';
import { ArgumentError, evaluate, ones, reference, type Tensor, tensor, zeros } from '@dl/tensor';
import { describe, expect, test } from 'vitest';
import { BatchNorm1d, Buffer, Dropout, Linear, Module, ModuleList, Parameter, ReLU, Sequential } from './index.ts';

class Scale extends Module {
  factor = new Parameter(tensor([3]));
  forward(x: Tensor): Tensor {
    return x.mul(this.factor);
  }
}

class Counter extends Module {
  calls = new Buffer(zeros([]));
  inner: Scale | null = null;
  forward(x: Tensor): Tensor {
    this.calls.assign(this.calls.add(1));
    return this.inner === null ? x : this.inner(x);
  }
}

describe('a module', () => {
  test('is called as a function and runs forward', async () => {
    expect(await new Scale()(tensor([1, 2])).tolist()).toEqual([3, 6]);
  });

  test('is an instance of its class and of Module', () => {
    const scale = new Scale();
    expect(scale).toBeInstanceOf(Scale);
    expect(scale).toBeInstanceOf(Module);
    expect(typeof scale).toBe('function');
  });

  test('may have fields called name and length', () => {
    class Named extends Module {
      override name = 'mine';
      override length = new Parameter(zeros([2]));
      forward(): string {
        return this.name;
      }
    }
    const named = new Named();
    expect(named()).toBe('mine');
    expect(named.namedParameters().map(([name]) => name)).toEqual(['length']);
    expect(Object.hasOwn(new Scale(), 'name')).toBe(false);
  });

  test('may have private fields and methods', () => {
    class Private extends Module {
      readonly #secret = 41;
      forward(): number {
        return this.#next();
      }
      #next(): number {
        return this.#secret + 1;
      }
    }
    expect(new Private()()).toBe(42);
  });

  test('has no methods of functions: apply is the module’s', () => {
    const seen: Module[] = [];
    const model = new Sequential(new Linear(1, 1), new ReLU());
    expect(model.apply((module) => seen.push(module))).toBe(model);
    expect(seen).toEqual([model.at(0), model.at(1), model]);
    expect('call' in model || 'bind' in model).toBe(false);
  });

  test('prints itself in console.log and in templates', () => {
    const model = new Sequential(new Linear(2, 3));
    const text = 'Sequential(\n  (0): Linear(in_features=2, out_features=3, bias=True)\n)';
    expect(inspect(model)).toBe(text);
    expect(`${model}`).toBe(text);
  });

  test('may be a field of several modules; its parameters count once', () => {
    class Tied extends Module {
      encoder = new Linear(2, 2);
      decoder = this.encoder;
      again = this.encoder.weight;
      forward(x: Tensor): Tensor {
        return this.decoder(this.encoder(x));
      }
    }
    const tied = new Tied();
    expect(tied.namedParameters().map(([name]) => name)).toEqual(['again', 'encoder.bias']);
    expect(tied.parameters()).toHaveLength(2);
    expect(tied.modules()).toEqual([tied, tied.encoder]);
    expect(tied.children()).toEqual([tied.encoder]);
  });

  test('refuses to contain itself', () => {
    class Loop extends Module {
      next: Module | null = null;
      forward(x: Tensor): Tensor {
        return x;
      }
    }
    const loop = new Loop();
    loop.next = new Sequential(loop);
    expect(() => loop.parameters()).toThrow("Loop: a module must not contain itself; got a Loop again at 'next.0'");
  });

  test.each([
    ['an array', [new Linear(1, 1)], 'modules must be fields or in a ModuleList or ModuleDict; got an array'],
    ['an object', { a: new Linear(1, 1) }, 'modules must be fields or in a ModuleList or ModuleDict; got a plain Object'],
    ['a Map', new Map([['a', new Linear(1, 1)]]), 'modules must be fields or in a ModuleList or ModuleDict; got a plain Map'],
    [
      'an array of parameters',
      [new Parameter(zeros([1]))],
      'parameters must be fields or in a ParameterList or ParameterDict; got an array',
    ],
  ])('says where modules in %s belong', (_, layers, message) => {
    class Hidden extends Module {
      layers = layers;
      forward(x: Tensor): Tensor {
        return x;
      }
    }
    expect(() => new Hidden().parameters()).toThrow(`Hidden: ${message}`);
    expect(() => new Hidden().train()).toThrow("in the field 'layers'");
  });

  test('lets arrays and objects of other things be', () => {
    class Plain extends Module {
      sizes = [1, 2, 3];
      options = { deep: { p: 1 } };
      samples = [zeros([1])];
      forward(x: Tensor): Tensor {
        return x;
      }
    }
    expect(new Plain().parameters()).toEqual([]);
  });

  test('refuses two fields with the same key', () => {
    class Clash extends Module {
      weightA = new Parameter(zeros([1]));
      weight_a = new Parameter(zeros([1]));
      forward(x: Tensor): Tensor {
        return x;
      }
    }
    expect(() => new Clash().stateDict()).toThrow("Clash: fields need keys of their own; got 'weightA' and 'weight_a', both 'weight_a'");
  });

  test('refuses an asynchronous forward, and leaves no unhandled rejection', () => {
    class Slow extends Module {
      async forward(x: Tensor): Promise<Tensor> {
        await Promise.reject(new Error('late'));
        return x;
      }
    }
    expect(() => new Slow()(zeros([1]))).toThrow('Slow: forward must be synchronous; got one that returns a promise');
  });
});

describe('training mode', () => {
  test('reaches all modules below', () => {
    const model = new Sequential(new Dropout(), new ModuleList([new Dropout()]).at(0));
    expect(model.modules().map(({ training }) => training)).toEqual([true, true, true]);
    expect(model.eval()).toBe(model);
    expect(model.modules().map(({ training }) => training)).toEqual([false, false, false]);
    expect(model.train().at(1).training).toBe(true);
  });

  test('must be true or false', () => {
    expect(() => new Linear(1, 1).train('yes' as never)).toThrow(ArgumentError);
  });
});

describe('requiresGrad and zeroGrad', () => {
  test('a frozen module gets no gradients, and thaws', async () => {
    const model = new Sequential(new Linear(2, 2), new Linear(2, 1));
    model.at(0).requiresGrad(false);
    model(ones([3, 2]))
      .sum()
      .backward();
    expect(model.parameters().map(({ grad }) => grad === null)).toEqual([true, true, false, false]);
    model.zeroGrad();
    model.requiresGrad();
    model(ones([3, 2]))
      .sum()
      .backward();
    expect(model.parameters().map(({ grad }) => grad === null)).toEqual([false, false, false, false]);
    expect(await model.at(1).bias?.grad?.tolist()).toEqual([3]);
  });
});

describe('hooks', () => {
  test('see inputs and output, in order, until they are removed', () => {
    const scale = new Scale();
    const order: string[] = [];
    const before = scale.registerForwardPreHook((module, [x]) => {
      order.push(`before ${module === scale} ${x.shape}`);
    });
    const after = scale.registerForwardHook((_, [x], output) => {
      order.push(`after ${x.shape} ${output.shape}`);
    });
    scale(zeros([2]));
    before.remove();
    scale(zeros([3]));
    after.remove();
    scale(zeros([4]));
    expect(order).toEqual(['before true 2', 'after 2 2', 'after 3 3']);
  });

  test('may replace inputs and output', async () => {
    const scale = new Scale();
    scale.registerForwardPreHook((_, [x]) => [x.add(1)]);
    scale.registerForwardHook((_, __, output) => output.neg());
    expect(await scale(tensor([1])).tolist()).toEqual([-6]);
  });

  test('a pre-hook must return an array', () => {
    const scale = new Scale();
    scale.registerForwardPreHook(((_: Scale, [x]: [Tensor]) => x) as never);
    expect(() => scale(zeros([1]))).toThrow('Scale: a forward pre-hook must return an array of inputs, or nothing');
  });
});

describe('a call', () => {
  test('keeps what forward assigned to buffers', async () => {
    const counter = new Counter();
    counter(zeros([1]));
    counter(zeros([1]));
    expect(await counter.calls.item()).toBe(2);
  });

  test('that throws leaves buffers as they were, those of inner modules too', async () => {
    class Outer extends Module {
      counter = new Counter();
      forward(x: Tensor, fail: boolean): Tensor {
        const y = this.counter(x);
        if (fail) throw new Error('halfway');
        return y;
      }
    }
    const outer = new Outer();
    outer(zeros([1]), false);
    expect(() => outer(zeros([1]), true)).toThrow('halfway');
    expect(await outer.counter.calls.item()).toBe(1);
  });

  test('ties its outputs and its buffers: one evaluation computes both', async () => {
    const norm = new BatchNorm1d(2);
    const y = norm(
      tensor([
        [1, 2],
        [3, 4],
      ]),
    );
    await y.data();
    expect(norm.runningMean?.value.storage).not.toBeNull();
  });

  test('may return tensors in arrays and objects', async () => {
    class Two extends Module {
      scale = new Scale();
      forward(x: Tensor): { readonly first: Tensor; readonly rest: readonly Tensor[] } {
        return { first: this.scale(x), rest: [x, x.neg()] };
      }
    }
    const { first, rest } = new Two()(tensor([2]));
    expect([await first.item(), await rest[1]?.item()]).toEqual([6, -2]);
  });

  test('records nothing inside noGrad', () => {
    const scale = new Scale();
    expect(noGrad(() => scale(zeros([1]))).requiresGrad).toBe(false);
    expect(scale(zeros([1])).requiresGrad).toBe(true);
  });
});

describe('to', () => {
  test('casts parameters and buffers that hold fractions, and keeps them trainable', async () => {
    const model = new Sequential(new Linear(2, 2), new BatchNorm1d(2));
    model.at(0).requiresGrad(false);
    const before = await model.at(0).weight.tolist();
    expect(model.to('float64')).toBe(model);
    expect(model.at(0).weight.dtype).toBe('float64');
    expect(await model.at(0).weight.tolist()).toEqual(before);
    expect(model.buffers().map(({ dtype }) => dtype)).toEqual(['float64', 'float64', 'int32']);
    model(ones([3, 2], { dtype: 'float64' }))
      .sum()
      .backward();
    expect(model.parameters().map(({ grad }) => grad?.dtype)).toEqual([undefined, undefined, 'float64', 'float64']);
    expect(
      model
        .to('float32')
        .parameters()
        .map(({ dtype, grad }) => [dtype, grad]),
    ).toEqual(new Array(4).fill(['float32', null]));
  });

  test('brings all to another backend', async () => {
    const elsewhere = reference();
    const model = await new Sequential(new Linear(2, 2), new BatchNorm1d(2)).to(elsewhere);
    await evaluate(...model.parameters(), ...model.buffers());
    for (const { value } of [...model.parameters(), ...model.buffers()]) expect(value.storage?.buffer.backend).toBe(elsewhere);
    expect(model.parameters().every(({ requiresGrad }) => requiresGrad)).toBe(true);
  });

  test('takes no other dtype', () => {
    expect(() => new Linear(1, 1).to('int32' as never)).toThrow("to: dtype must be float32 or float64; got 'int32'");
  });
});
