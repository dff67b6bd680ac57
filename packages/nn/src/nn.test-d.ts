import { type Tensor, tensor, zeros } from '@dl/tensor';
import { assertType, expectTypeOf, test } from 'vitest';
import {
  CrossEntropyLoss,
  Dropout,
  Flatten,
  Identity,
  type Layer,
  Linear,
  Module,
  ModuleDict,
  ModuleList,
  MSELoss,
  type Parameter,
  ReLU,
  Sequential,
} from './index.ts';

class Classifier extends Module {
  layers = new Sequential(new Flatten(), new Linear(784, 10), new ReLU(), new Dropout(0.2));
  forward(x: Tensor) {
    return this.layers(x);
  }
}

/** Takes two inputs, one of which may be left out, and gives several outputs. */
class Recurrent extends Module {
  forward(x: Tensor, state?: { readonly hidden: Tensor }): readonly [Tensor, { readonly hidden: Tensor }] {
    return [x, state ?? { hidden: x }];
  }
}

class Tokenizer extends Module {
  forward(text: string): Tensor {
    return zeros([text.length]);
  }
}

const x = tensor([1]);

test('a call has the types of forward', () => {
  const model = new Classifier();
  expectTypeOf(model(x)).toEqualTypeOf<Tensor>();
  expectTypeOf(new Recurrent()(x)).toEqualTypeOf<readonly [Tensor, { readonly hidden: Tensor }]>();
  expectTypeOf(new Recurrent()(x, { hidden: x })).not.toBeAny();
  expectTypeOf(new Identity()(x)).toEqualTypeOf<Tensor>();
  expectTypeOf(new Identity<string>()('text')).toEqualTypeOf<string>();
  expectTypeOf(new CrossEntropyLoss()(x, x)).toEqualTypeOf<Tensor>();
});

test('wrong arguments do not compile', () => {
  // @ts-expect-error a string is no tensor
  new Classifier()('images');
  // @ts-expect-error forward takes one argument
  new Classifier()(x, x);
  // @ts-expect-error forward takes an argument
  new Classifier()();
  // @ts-expect-error state is an object
  new Recurrent()(x, x.tolist());
  // @ts-expect-error a loss takes a target
  new MSELoss()(x);
});

test('a module without forward does not compile', () => {
  // @ts-expect-error forward is missing
  class Empty extends Module {}
  assertType<unknown>(Empty);
});

test('every module is a Module, and layers from tensor to tensor are Layers', () => {
  assertType<Module>(new Classifier());
  assertType<readonly Module[]>([new Linear(1, 1), new Recurrent(), new Tokenizer(), new MSELoss()]);
  assertType<Layer>(new Classifier());
  assertType<Layer>(new Linear(1, 1));
  // @ts-expect-error it takes a string
  assertType<Layer>(new Tokenizer());
});

test('parameters have their type', () => {
  expectTypeOf(new Classifier().parameters()).toEqualTypeOf<Parameter[]>();
  expectTypeOf(new Classifier().train()).toEqualTypeOf<Classifier>();
});

test('Sequential takes what its first layer takes and gives what its last one gives', () => {
  expectTypeOf(new Sequential(new Tokenizer(), new Linear(1, 1), new Recurrent())('text')).toEqualTypeOf<
    readonly [Tensor, { readonly hidden: Tensor }]
  >();
  expectTypeOf(new Sequential(new Sequential(new Linear(1, 1)), new ReLU())(x)).toEqualTypeOf<Tensor>();
  expectTypeOf(new Sequential({ hidden: new Linear(1, 1), relu: new ReLU() })(x)).toEqualTypeOf<Tensor>();
  expectTypeOf(new Sequential()(x)).toEqualTypeOf<Tensor>();
  const many: readonly (Linear | ReLU)[] = [new Linear(1, 1), new ReLU()];
  expectTypeOf(new Sequential(...many)(x)).toEqualTypeOf<Tensor>();
  assertType<Sequential>(new Sequential(new Linear(1, 1), new ReLU()));
  // @ts-expect-error it takes a string
  new Sequential(new Tokenizer())(x);
});

test('a layer of a Sequential has its type where the place is known', () => {
  const model = new Sequential(new Linear(1, 1), new ReLU());
  expectTypeOf(model.at(0)).toEqualTypeOf<Linear>();
  expectTypeOf(model.at(-1)).toEqualTypeOf<Linear | ReLU>();
  expectTypeOf(model.at(Number('1'))).toEqualTypeOf<Linear | ReLU>();
});

test('layers that do not fit one another do not compile', () => {
  // @ts-expect-error the linear layer would get a tuple
  assertType<unknown>(new Sequential(new Recurrent(), new Linear(1, 1)));
  // @ts-expect-error a loss takes two tensors
  assertType<unknown>(new Sequential(new Linear(1, 1), new MSELoss()));
  const modules: readonly Module[] = [];
  // @ts-expect-error nobody knows what these take
  assertType<unknown>(new Sequential(...modules));
  // @ts-expect-error a function is no module
  assertType<unknown>(new Sequential((y: Tensor) => y));
  // @ts-expect-error it takes a string
  assertType<unknown>(new Sequential({ tokenizer: new Tokenizer() }));
});

test('members of containers keep their types', () => {
  const list = new ModuleList([new Linear(1, 1), new Linear(1, 2)]);
  for (const layer of list) expectTypeOf(layer).toEqualTypeOf<Linear>();
  const dict = new ModuleDict({ linear: new Linear(1, 1), relu: new ReLU() });
  expectTypeOf(dict.get('linear')).toEqualTypeOf<Linear>();
  // @ts-expect-error there is no such key
  assertType<unknown>(dict.get('conv'));
});

test('hooks have the types of forward', () => {
  new Recurrent().registerForwardHook((module, [input, state], [output]) => {
    expectTypeOf(module).toEqualTypeOf<Recurrent>();
    expectTypeOf(input).toEqualTypeOf<Tensor>();
    expectTypeOf(state).toEqualTypeOf<{ readonly hidden: Tensor } | undefined>();
    expectTypeOf(output).toEqualTypeOf<Tensor>();
  });
  new Linear(1, 1).registerForwardPreHook((_, [input]) => [input.mul(2)]);
  // @ts-expect-error the output is a tensor
  new Linear(1, 1).registerForwardHook(() => 'text');
});
