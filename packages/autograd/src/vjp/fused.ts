import { add, div, erf, exp, expand, gt, mul, reshape, sigmoid, square, sub, type Tensor, tanh, where } from '@dl/tensor';
import { apply, type FusedPrimitives, sizeOf } from '@dl/tensor/internal';
import { oneMinusSquare, unbroadcast, zerosOf } from './algebra.ts';
import type { VjpTable } from './table.ts';

export const fusedVjps: VjpTable<keyof FusedPrimitives> = {
  linear: (g, { inputs: [x, weight, bias] }) => [
    () => reshape(product(rowsOf(g), false, weight), x.shape),
    () => product(rowsOf(g), true, rowsOf(x)),
    () => unbroadcast(g, bias.shape),
  ],
  softmax: (g, { params, output: y }) => [() => apply('softmaxGradient', [g, y], params, [])],
  logSoftmax: (g, { params, output: y }) => [() => apply('logSoftmaxGradient', [g, y], params, [])],
  crossEntropy: (g, { inputs: [logits, labels], params }) => [() => apply('crossEntropyGradient', [g, logits, labels], params, []), null],
  layerNorm: ([g, gMean, gRstd], { inputs: [x, weight, bias], params, output: [, mean, rstd] }) => {
    const size = sizeOf(weight.shape);
    const fused = lazily(g, (cotangent) => apply('layerNormGradient', [cotangent, x, weight, mean, rstd], params, []));
    return [
      () =>
        total(x, [fused()?.[0], gMean && div(gMean, size), gRstd && mul(mul(gRstd, div(square(rstd), -size)), mul(sub(x, mean), rstd))]),
      () => total(weight, [fused()?.[1]]),
      () => total(bias, [fused()?.[2]]),
    ];
  },
  batchNorm: ([g, gMean, gVariance], { inputs: [x, weight, bias], scalars, output: [, mean, variance] }) => {
    const size = x.numel() / weight.numel();
    const channels = (statistic: Tensor): Tensor => reshape(statistic, channelShape(x));
    const fused = lazily(g, (cotangent) => apply('batchNormGradient', [cotangent, x, weight, mean, variance], {}, scalars));
    return [
      () =>
        total(x, [
          fused()?.[0],
          gMean && div(channels(gMean), size),
          gVariance && mul(channels(div(gVariance, size / 2)), sub(x, channels(mean))),
        ]),
      () => total(weight, [fused()?.[1]]),
      () => total(bias, [fused()?.[2]]),
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

/** `[1, C, 1, …]`: how a channel's statistic meets the batch. */
function channelShape(x: Tensor): number[] {
  return x.shape.map((size, dim) => (dim === 1 ? size : 1));
}

/** What is made of a cotangent, if there is one, as soon as somebody wants it. */
function lazily<T>(g: Tensor | undefined, make: (g: Tensor) => T): () => T | undefined {
  let made: T | undefined;
  return () => {
    made ??= g && make(g);
    return made;
  };
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
