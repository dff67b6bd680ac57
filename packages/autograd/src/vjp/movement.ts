import { narrow, permute, reshape } from '@dl/tensor';
import { apply, type MovementPrimitives } from '@dl/tensor/internal';
import { unbroadcast } from './algebra.ts';
import type { VjpTable } from './table.ts';

/** Each moves elements; its transpose moves them back, adding up what was repeated and putting zeros where nothing came from. */
export const movementVjps: VjpTable<keyof MovementPrimitives> = {
  reshape: (g, { inputs: [x] }) => [() => reshape(g, x.shape)],
  permute: (g, { params: { dims } }) => [() => permute(g, inverse(dims))],
  expand: (g, { inputs: [x] }) => [() => unbroadcast(g, x.shape)],
  slice: (g, { inputs: [x], params: { steps }, scalars: starts }) => [() => apply('pad', [g], { shape: x.shape, steps }, starts)],
  pad: (g, { inputs: [x], params: { steps }, scalars: starts }) => [() => apply('slice', [g], { shape: x.shape, steps }, starts)],
  cat: (g, { inputs, params: { dim } }) => {
    let end = 0;
    return inputs.map((x) => {
      const length = x.shape[dim] ?? 0;
      const start = end;
      end += length;
      return () => narrow(g, dim, start, length);
    });
  },
  detach: 'notDifferentiable',
};

/** The permutation that undoes one. */
function inverse(dims: readonly number[]): number[] {
  return dims.map((_, place) => dims.indexOf(place));
}
