import type { Tensor } from '@dl/tensor';
import { apply, type IndexingPrimitives } from '@dl/tensor/internal';
import { zerosOf } from './algebra.ts';
import type { VjpTable } from './table.ts';

/** Reading by index and adding by index are each other's transposes; an index has no gradient. */
export const indexingVjps: VjpTable<keyof IndexingPrimitives> = {
  gather: (g, { inputs: [x, index], params }) => [() => apply('scatterAdd', [zerosOf(x.shape, g), index, g], params, []), null],
  // As PyTorch: where several writes meet, each source is told the gradient of the element that the last one wrote.
  scatter: (g, { inputs: [, index, source], params }) => [
    () => apply('scatter', [g, index, zerosOf(index.shape, g)], params, []),
    null,
    () => readBack(g, index, source, params.dim),
  ],
  scatterAdd: (g, { inputs: [, index, source], params }) => [() => g, null, () => readBack(g, index, source, params.dim)],
  indexSelect: (g, { inputs: [x, index], params }) => [() => apply('indexAdd', [zerosOf(x.shape, g), index, g], params, []), null],
  indexAdd: (g, { inputs: [, index], params }) => [() => g, null, () => apply('indexSelect', [g, index], params, [])],
  sort: ([g], { inputs: [x], params: { dim }, output: [, indices] }) => [
    () => (g === undefined ? zerosOf(x.shape, x) : apply('scatterAdd', [zerosOf(x.shape, x), indices, g], { dim }, [])),
  ],
};

/** What a scatter's source is told: the elements it was written to, and zeros where the index is smaller than the source. */
function readBack(g: Tensor, index: Tensor, source: Tensor, dim: number): Tensor {
  const read = apply('gather', [g, index], { dim }, []);
  if (index.numel() === source.numel()) return read;
  const ones = source.shape.map(() => 1);
  const zeros = source.shape.map(() => 0);
  return apply('pad', [read], { shape: source.shape, steps: ones }, zeros);
}
