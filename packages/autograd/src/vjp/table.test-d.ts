import type { Tensor } from '@dl/tensor';
import type { MatrixPrimitives, PrimitiveName } from '@dl/tensor/internal';
import { assertType, expectTypeOf, test } from 'vitest';
import { matrixVjps } from './matrix.ts';
import type { CotangentOf, InputCotangent, VjpEntry, VjpTable } from './table.ts';

test('a table without one of its primitives does not compile', () => {
  // @ts-expect-error: matmul is missing
  assertType<VjpTable<keyof MatrixPrimitives>>({});
  // @ts-expect-error: all other families are missing
  assertType<VjpTable>({ ...matrixVjps });
  // @ts-expect-error: no such primitive
  assertType<VjpTable<'exp'>>({ exp: 'notDifferentiable', exq: 'notDifferentiable' });
});

test('a rule must give one cotangent for each input', () => {
  assertType<VjpEntry<'mul'>>((g) => [() => g, null]);
  // @ts-expect-error: one of two
  assertType<VjpEntry<'mul'>>((g) => [() => g]);
  assertType<VjpEntry<'softmax'>>('decomposed');
  // @ts-expect-error: it is not made of simpler ones
  assertType<VjpEntry<'matmul'>>('decomposed');
});

test('a rule sees the inputs, parameters, scalars and outputs of its primitive', () => {
  assertType<VjpEntry<'softplus'>>((g, { inputs: [x], scalars: [beta, threshold], output }) => {
    expectTypeOf(x).toEqualTypeOf<Tensor>();
    expectTypeOf(output).toEqualTypeOf<Tensor>();
    expectTypeOf([beta, threshold]).toEqualTypeOf<number[]>();
    return [() => g];
  });
  // @ts-expect-error: no such parameter
  assertType<VjpEntry<'softmax'>>((g, { params: { axis } }) => [axis === 0 ? null : () => g]);
});

test('the cotangent of several outputs is a tuple in which some may be missing', () => {
  expectTypeOf<CotangentOf<'exp'>>().toEqualTypeOf<Tensor>();
  expectTypeOf<CotangentOf<'sort'>>().toEqualTypeOf<readonly [Tensor | undefined, Tensor | undefined]>();
  expectTypeOf<InputCotangent>().toEqualTypeOf<(() => Tensor) | null>();
  expectTypeOf<keyof VjpTable>().toEqualTypeOf<PrimitiveName>();
});
