import type { Tensor } from '@dl/tensor';
import { expectTypeOf, test } from 'vitest';
import { grad, valueAndGrad } from './grad.ts';
import { gradients } from './gradients.ts';

declare const x: Tensor;

test('the gradient is nested as the argument is', () => {
  const f = (w: { a: Tensor; list: [Tensor, Tensor] }, n: number): Tensor => w.a.mul(n);
  expectTypeOf(grad(f)).parameters.toEqualTypeOf<[w: { a: Tensor; list: [Tensor, Tensor] }, n: number]>();
  expectTypeOf(grad(f)({ a: x, list: [x, x] }, 1).list[1]).toEqualTypeOf<Tensor>();
  expectTypeOf(valueAndGrad((a: Tensor, b: Tensor) => a.mul(b), { argnums: [1, 0] })(x, x)).toEqualTypeOf<
    readonly [Tensor, readonly [Tensor, Tensor]]
  >();
  // @ts-expect-error: the function needs two arguments
  grad(f)({ a: x, list: [x, x] });
});

test('gradients gives a tuple, with null where it is allowed', () => {
  expectTypeOf(gradients(x, [x, x])).toEqualTypeOf<[Tensor, Tensor]>();
  expectTypeOf(gradients(x, [x], { allowUnused: true })).toEqualTypeOf<[Tensor | null]>();
});
