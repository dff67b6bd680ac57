import type { Tensor } from '@dl/tensor';
import { expectTypeOf, test } from 'vitest';
import { enableGrad, noGrad } from './modes.ts';

declare const x: Tensor;

test('noGrad has the type of what the function returns', () => {
  expectTypeOf(noGrad(() => x.mul(2))).toEqualTypeOf<Tensor>();
  expectTypeOf(noGrad(() => {})).toEqualTypeOf<void>();
  expectTypeOf(noGrad(() => (x.ndim > 1 ? x : null))).toEqualTypeOf<Tensor | null>();
});

test('an async function does not compile', () => {
  // @ts-expect-error: returns a promise
  noGrad(async () => x.mul(2));
  // @ts-expect-error: returns a promise
  enableGrad(() => x.data());
  // @ts-expect-error: may return a promise
  noGrad(() => (x.ndim > 1 ? x : Promise.resolve(x)));
});
