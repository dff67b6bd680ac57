import { indexSelect, matmul, type Tensor, tensor } from '@dl/tensor';
import { sizeOf } from '@dl/tensor/internal';

/**
 * A linear map of one dim whose outputs are weighted sums of few inputs: `out[i] = Σ_k weights[k][i] · x[indices[k][i]]`, k below
 * `count`; both lists one row of `outputs` numbers after the other.
 */
export interface Taps {
  readonly outputs: number;
  readonly count: number;
  readonly indices: Int32Array<ArrayBuffer>;
  readonly weights: Float64Array<ArrayBuffer>;
}

/** Taps from a function that gives input and weight of term k of output i. */
export function tapsOf(outputs: number, count: number, tap: (i: number, k: number) => readonly [index: number, weight: number]): Taps {
  const indices = new Int32Array(count * outputs);
  const weights = new Float64Array(count * outputs);
  for (let k = 0; k < count; k++) {
    for (let i = 0; i < outputs; i++) {
      const [index, weight] = tap(i, k);
      indices[k * outputs + i] = index;
      weights[k * outputs + i] = weight;
    }
  }
  return { outputs, count, indices, weights };
}

/** Up to this size of a dim the product with a matrix, mostly zeros, is faster than gathering: measured, forward and backward. */
const widest = 128;

/** Taps applied along a dim of x. In a dim of at most 128 elements, a `NaN` or an infinity spreads along the dim. */
export function applyTaps(x: Tensor, dim: number, taps: Taps): Tensor {
  return x.size(dim) <= widest ? multiplied(x, dim, taps) : gathered(x, dim, taps);
}

/** The elements that a row of indices names, along a dim. */
export function pick(x: Tensor, dim: number, indices: Int32Array<ArrayBuffer>): Tensor {
  return indexSelect(x, dim, tensor(indices));
}

// ---------------------------------------------------------------------------------------------------------------------

function multiplied(x: Tensor, dim: number, { outputs, count, indices, weights }: Taps): Tensor {
  const inputs = x.size(dim);
  const matrix = new Float64Array(outputs * inputs);
  for (let i = 0; i < count * outputs; i++) {
    const at = (i % outputs) * inputs + (indices[i] ?? 0);
    matrix[at] = (matrix[at] ?? 0) + (weights[i] ?? 0);
  }
  const map = tensor(matrix, { shape: [outputs, inputs], dtype: x.dtype });
  if (dim === x.ndim - 1) return matmul(x, map.t());
  const [before, after] = [x.shape.slice(0, dim), x.shape.slice(dim + 1)];
  return matmul(map, x.reshape([...before, inputs, sizeOf(after)])).reshape([...before, outputs, ...after]);
}

function gathered(x: Tensor, dim: number, { outputs, count, indices, weights }: Taps): Tensor {
  const [before, after] = [x.shape.slice(0, dim), x.shape.slice(dim + 1)];
  const terms = pick(x, dim, indices).reshape([...before, count, outputs, ...after]);
  const factors = tensor(weights, { shape: [count, outputs, ...after.map(() => 1)], dtype: x.dtype });
  return terms.mul(factors).sum({ dim });
}
