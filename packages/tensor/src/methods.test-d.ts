import { describe, expectTypeOf, it } from 'vitest';
import type { ReductionOptions } from './functions/along.ts';
import type { TensorLike } from './functions/operands.ts';
import type { TensorMethods } from './methods.ts';
import type { Tensor } from './tensor.ts';

declare const x: Tensor;

describe('the methods of a tensor', () => {
  it('are its functions without their first argument', () => {
    expectTypeOf(x.relu).toEqualTypeOf<() => Tensor>();
    expectTypeOf(x.sum).toEqualTypeOf<(options?: ReductionOptions) => Tensor>();
    expectTypeOf(x.maximum).toEqualTypeOf<(b: TensorLike) => Tensor>();
    expectTypeOf(x.item).toEqualTypeOf<() => Promise<number>>();
    expectTypeOf(x.varMean).returns.toEqualTypeOf<readonly [Tensor, Tensor]>();
    expectTypeOf(x.where).parameters.toEqualTypeOf<[condition: Tensor, other: TensorLike]>();
  });

  it('chain', () => {
    expectTypeOf(x.mul(2).add(1).relu().sum({ dim: 0 }).mean().item()).resolves.toBeNumber();
  });

  it('refuse what the functions refuse', () => {
    // @ts-expect-error: a string is no operand.
    x.add('1');
    // @ts-expect-error: options are an object.
    x.sum(0);
    // @ts-expect-error: no such dtype.
    x.to('float16');
    // @ts-expect-error: no such method.
    x.reluu();
  });

  it('never hide a member of the class', () => {
    expectTypeOf<
      Extract<keyof TensorMethods, 'shape' | 'dtype' | 'ndim' | 'size' | 'numel' | 'grad' | 'requiresGrad' | 'backward' | 'value'>
    >().toBeNever();
  });
});
