import { apply } from '../../apply.ts';
import { add, div, mul, sub } from '../../functions/arithmetic.ts';
import { cast } from '../../functions/cast.ts';
import { eq, le, ne } from '../../functions/comparison.ts';
import { exp, rsqrt } from '../../functions/elementwise.ts';
import { reshapeTo } from '../../functions/movement.ts';
import { where } from '../../functions/where.ts';
import { sizeOf } from '../../shape.ts';
import type { Tensor } from '../../tensor.ts';
import type { FusedGradientPrimitives } from '../signatures.ts';
import type { DecompositionTable } from '../tables.ts';
import { scalarTensor } from './scalar.ts';

export const fusedGradientDecompositions: DecompositionTable<keyof FusedGradientPrimitives> = {
  reluGradient: ([g, y]) => where(le(y, 0), 0, g),
  // J = diag(y) - y yᵀ, and it is symmetric.
  softmaxGradient: ([g, y], { dim }) => mul(y, sub(g, sumKept(mul(g, y), [dim]))),
  logSoftmaxGradient: ([g, y], { dim }) => sub(g, mul(exp(y), sumKept(g, [dim]))),
  crossEntropyGradient: ([g, logits, labels], { ignoreIndex }) => {
    const slopes = sub(apply('softmax', [logits], { dim: 1 }, []), oneHotLike(logits, labels));
    return where(column(ne(labels, ignoreIndex)), mul(slopes, column(g)), 0);
  },
  layerNormGradient: ([g, x, weight, average, rstd], { dims }) => {
    const inner = [...x.shape.keys()].slice(x.ndim - dims);
    const outer = [...x.shape.keys()].slice(0, x.ndim - dims);
    const normalized = mul(sub(x, average), rstd);
    return [mul(rstd, centred(mul(g, weight), normalized, inner)), sumOver(mul(g, normalized), outer), sumOver(g, outer)];
  },
  batchNormGradient: ([g, x, weight, average, variance], _, [eps]) => {
    const channels = x.shape.map((size, dim) => (dim === 1 ? size : 1));
    const dims = [...x.shape.keys()].filter((dim) => dim !== 1);
    const rstd = rsqrt(add(variance, scalarTensor(eps, x)));
    const normalized = mul(sub(x, reshapeTo(average, channels)), reshapeTo(rstd, channels));
    return [mul(reshapeTo(mul(weight, rstd), channels), centred(g, normalized, dims)), sumOver(mul(g, normalized), dims), sumOver(g, dims)];
  },
};

/** What normalising leaves of a gradient: `h` without its mean and without its component along the normalised values. */
function centred(h: Tensor, normalized: Tensor, dims: readonly number[]): Tensor {
  const mean = (x: Tensor): Tensor => div(sumKept(x, dims), sizeOf(dims.map((dim) => x.size(dim))));
  return sub(sub(h, mean(h)), mul(normalized, mean(mul(h, normalized))));
}

function sumKept(x: Tensor, dims: readonly number[]): Tensor {
  return apply('sum', [x], { dims, keepDim: true }, []);
}

function sumOver(x: Tensor, dims: readonly number[]): Tensor {
  return apply('sum', [x], { dims, keepDim: false }, []);
}

function column(x: Tensor): Tensor {
  return reshapeTo(x, [...x.shape, 1]);
}

/** `[N, C]` with 1 at each row's label: a comparison, so it cannot fail at an ignored one. */
function oneHotLike(logits: Tensor, labels: Tensor): Tensor {
  const classes = apply('iota', [], { length: logits.size(1), dtype: 'int32' }, [0, 1]);
  return cast(eq(column(labels), classes), logits.dtype);
}
