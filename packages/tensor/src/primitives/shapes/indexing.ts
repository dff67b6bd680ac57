import type { IndexingPrimitives } from '../signatures.ts';
import type { ShapeTable } from '../tables.ts';

export const indexingShapes: ShapeTable<keyof IndexingPrimitives> = {
  gather: ([x, index]) => ({ shape: index.shape, dtype: x.dtype }),
  scatter: ([x]) => x,
  scatterAdd: ([x]) => x,
  indexSelect: ([x, index], { dim }) => ({ shape: x.shape.map((size, i) => (i === dim ? (index.shape[0] ?? 1) : size)), dtype: x.dtype }),
  indexAdd: ([x]) => x,
  sort: ([x]) => [x, { shape: x.shape, dtype: 'int32' }],
};
