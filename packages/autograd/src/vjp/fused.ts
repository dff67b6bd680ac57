import { add, div, eq, erf, exp, expand, gt, mul, ne, reshape, rsqrt, sigmoid, square, sub, type Tensor, tanh, where } from '@dl/tensor';
import { apply, type FusedPrimitives, sizeOf } from '@dl/tensor/internal';
import { castLike, oneMinusSquare, sumKept, unbroadcast, zerosOf } from './algebra.ts';
import type { VjpTable } from './table.ts';

export const fusedVjps: VjpTable<keyof FusedPrimitives> = {
  linear: (g, { inputs: [x, weight, bias] }) => [
    () => reshape(product(rowsOf(g), false, weight), x.shape),
    () => product(rowsOf(g), true, rowsOf(x)),
    () => unbroadcast(g, bias.shape),
  ],
  // J = diag(y) - y yᵀ, and it is symmetric.
  softmax: (g, { params: { dim }, output: y }) => [() => mul(y, sub(g, sumKept(mul(g, y), [dim])))],
  logSoftmax: (g, { params: { dim }, output: y }) => [() => sub(g, mul(exp(y), sumKept(g, [dim])))],
  crossEntropy: (g, { inputs: [logits, labels], params: { ignoreIndex } }) => [
    () => {
      const label = labels.dtype === 'int32' ? labels : apply('cast', [labels], { dtype: 'int32' }, []);
      const counted = where(ne(label, ignoreIndex), g, 0);
      return mul(sub(apply('softmax', [logits], { dim: 1 }, []), oneHotLike(logits, label)), column(counted));
    },
    null,
  ],
  layerNorm: ([g, gMean, gRstd], { inputs: [x, weight, bias], params: { dims: count }, output: [, mean, rstd] }) => {
    const dims = lastDims(x, count);
    const size = sizeOf(dims.map((dim) => x.size(dim)));
    const normalized = (): Tensor => mul(sub(x, mean), rstd);
    return [
      () =>
        total(x, [
          g && mul(rstd, centred(mul(g, weight), normalized(), dims, size)),
          gMean && div(gMean, size),
          gRstd && mul(mul(gRstd, div(square(rstd), -size)), normalized()),
        ]),
      () => total(weight, [g && unbroadcast(mul(g, normalized()), weight.shape)]),
      () => total(bias, [g && unbroadcast(g, bias.shape)]),
    ];
  },
  batchNorm: ([g, gMean, gVariance], { inputs: [x, weight, bias], scalars: [eps], output: [, mean, variance] }) => {
    const dims = [...x.shape.keys()].filter((dim) => dim !== 1);
    const size = sizeOf(dims.map((dim) => x.size(dim)));
    const channels = (statistic: Tensor): Tensor => reshape(statistic, channelShape(x));
    const rstd = (): Tensor => channels(rsqrt(add(variance, eps)));
    const deviation = (): Tensor => sub(x, channels(mean));
    const overBatch = (y: Tensor, like: Tensor): Tensor => reshape(sumKept(y, dims), like.shape);
    return [
      () =>
        total(x, [
          g && mul(mul(rstd(), channels(weight)), centred(g, mul(deviation(), rstd()), dims, size)),
          gMean && div(channels(gMean), size),
          gVariance && mul(channels(div(gVariance, size / 2)), deviation()),
        ]),
      () => total(weight, [g && overBatch(mul(g, mul(deviation(), rstd())), weight)]),
      () => total(bias, [g && overBatch(g, bias)]),
    ];
  },
  // The same scalars draw the same mask.
  dropout: (g, { scalars }) => [() => apply('dropout', [g], {}, scalars)],
  gelu: (g, { inputs: [x], params: { approximate } }) => [() => mul(g, approximate === 'tanh' ? geluTanhSlope(x) : geluSlope(x))],
  silu: (g, { inputs: [x] }) => [
    () => {
      const s = sigmoid(x);
      return mul(g, mul(s, add(mul(x, sub(1, s)), 1)));
    },
  ],
  softplus: (g, { inputs: [x], scalars: [beta, threshold] }) => [
    () => {
      const scaled = mul(x, beta);
      return where(gt(scaled, threshold), g, mul(g, sigmoid(scaled)));
    },
  ],
  // Asked only where the node carries no pullback: the value of the first input, hence the gradient of the first input.
  withGradient: (g, { inputs: [, ...rest] }) => [() => g, ...rest.map(() => null)],
};

/** All dims but the last as one. */
function rowsOf(x: Tensor): Tensor {
  const width = x.shape.at(-1) ?? 1;
  return reshape(x, [sizeOf(x.shape.slice(0, -1)), width]);
}

function product(a: Tensor, transposeA: boolean, b: Tensor): Tensor {
  return apply('matmul', [a, b], { transposeA, transposeB: false }, []);
}

function column(x: Tensor): Tensor {
  return reshape(x, [...x.shape, 1]);
}

/** `[N, C]` with 1 at each row's label: a comparison, so it cannot fail at an ignored one. */
function oneHotLike(logits: Tensor, labels: Tensor): Tensor {
  const classes = apply('iota', [], { length: logits.size(1), dtype: 'int32' }, [0, 1]);
  return castLike(eq(column(labels), classes), logits);
}

function lastDims(x: Tensor, count: number): number[] {
  return [...x.shape.keys()].slice(x.ndim - count);
}

/** `[1, C, 1, …]`: how a channel's statistic meets the batch. */
function channelShape(x: Tensor): number[] {
  return x.shape.map((size, dim) => (dim === 1 ? size : 1));
}

/** What normalising leaves of a cotangent: `h` without its mean and without its component along the normalised values. */
function centred(h: Tensor, normalized: Tensor, dims: readonly number[], size: number): Tensor {
  const mean = div(sumKept(h, dims), size);
  const along = div(sumKept(mul(h, normalized), dims), size);
  return sub(sub(h, mean), mul(normalized, along));
}

/** The sum of the terms that are there, in the shape of `like`. */
function total(like: Tensor, terms: readonly (Tensor | undefined)[]): Tensor {
  const present = terms.filter((term) => term !== undefined);
  return present.length === 0
    ? zerosOf(like.shape, like)
    : expand(
        present.reduce((sum, term) => add(sum, term)),
        like.shape,
      );
}

/** Φ(x) + x φ(x), of the normal distribution. */
function geluSlope(x: Tensor): Tensor {
  const below = mul(add(erf(mul(x, Math.SQRT1_2)), 1), 0.5);
  return add(below, mul(x, mul(exp(mul(square(x), -0.5)), 1 / Math.sqrt(2 * Math.PI))));
}

/** The slope of `x (1 + tanh u) / 2` with `u = √(2/π) (x + 0.044715 x³)`. */
function geluTanhSlope(x: Tensor): Tensor {
  const scale = Math.sqrt(2 / Math.PI);
  const squared = square(x);
  const t = tanh(mul(mul(x, add(mul(squared, 0.044715), 1)), scale));
  const slope = mul(add(mul(squared, 3 * 0.044715), 1), scale);
  return mul(add(add(t, 1), mul(mul(x, oneMinusSquare(t)), slope)), 0.5);
}
