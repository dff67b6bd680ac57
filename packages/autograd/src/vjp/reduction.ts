import { div, eq, expand, flip, mul, narrow, permute, reshape, type Tensor } from '@dl/tensor';
import { apply, type ReductionPrimitives, sizeOf } from '@dl/tensor/internal';
import { castLike, restoreDims, sumKept } from './algebra.ts';
import type { VjpTable } from './table.ts';

interface Reduced {
  readonly inputs: readonly [Tensor];
  readonly params: { readonly dims: readonly number[] };
  readonly output: Tensor;
}

/** Each extreme gets an even share: PyTorch's rule for `amax` and `amin`. */
const evenShares = (g: Tensor, { inputs: [x], params: { dims }, output }: Reduced): readonly [() => Tensor] => [
  () => {
    const extreme = castLike(eq(x, restoreDims(output, x, dims)), x);
    return mul(extreme, div(restoreDims(g, x, dims), sumKept(extreme, dims)));
  },
];

export const reductionVjps: VjpTable<keyof ReductionPrimitives> = {
  sum: (g, { inputs: [x], params: { dims } }) => [() => expand(restoreDims(g, x, dims), x.shape)],
  prod: (g, { inputs: [x], params: { dims } }) => [
    () => {
      const restored = restoreDims(g, x, dims);
      const length = sizeOf(dims.map((dim) => x.size(dim)));
      return length < 2 ? expand(restored, x.shape) : mul(restored, productOfOthers(x, dims, length));
    },
  ],
  amax: evenShares,
  amin: evenShares,
  argmax: 'notDifferentiable',
  argmin: 'notDifferentiable',
  cumsum: (g, { params: { dim } }) => [() => flip(apply('cumsum', [flip(g, dim)], { dim }, []), dim)],
};

/** For each element the product of all others over some dims: what comes before it times what comes after, so zeros need no division. */
function productOfOthers(x: Tensor, dims: readonly number[], length: number): Tensor {
  const order = [...x.shape.keys()].filter((dim) => !dims.includes(dim)).concat(dims);
  const moved = permute(x, order);
  const rows = reshape(moved, [sizeOf(moved.shape.slice(0, x.ndim - dims.length)), length]);
  const others = mul(productBefore(rows), flip(productBefore(flip(rows, 1)), 1));
  return permute(
    reshape(others, moved.shape),
    order.map((_, dim) => order.indexOf(dim)),
  );
}

/** The product of the elements to the left in rows of two or more, 1 for the first, by doubling: log₂ n products of whole tensors. */
function productBefore(rows: Tensor): Tensor {
  const [count = 0, length = 0] = rows.shape;
  const ones = (width: number): Tensor => apply('full', [], { shape: [count, width], dtype: rows.dtype }, [1]);
  const shifted = (x: Tensor, by: number): Tensor => apply('cat', [ones(by), narrow(x, 1, 0, length - by)], { dim: 1 }, []);
  let before = shifted(rows, 1);
  for (let reach = 1; reach < length - 1; reach *= 2) before = mul(before, shifted(before, reach));
  return before;
}
