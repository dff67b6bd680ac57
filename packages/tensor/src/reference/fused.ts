import type { TypedArray } from '../dtype.ts';
import { fillUniform } from '../philox.ts';
import { checkIndices } from '../primitives/checkIndices.ts';
import { indexRules } from '../primitives/properties.ts';
import type { FusedPrimitives } from '../primitives/signatures.ts';
import type { Operand, ReferenceTable } from '../primitives/tables.ts';
import { sizeOf } from '../shape.ts';
import { erf } from './erf.ts';
import { gemm } from './gemm.ts';

/** Sums run in double precision over ascending indices; every element is rounded once. */
export const fusedKernels: ReferenceTable<keyof FusedPrimitives> = {
  linear: ([out], [x, weight, bias]) => {
    const [columns = 1, inner = 1] = weight.shape;
    const rows = columns === 0 ? 0 : out.data.length / columns;
    const a = { data: x.data, start: 0, rowStride: inner, columnStride: 1 };
    const b = { data: weight.data, start: 0, rowStride: 1, columnStride: inner };
    gemm(out.data, 0, a, b, { rows, inner, columns }, bias.data);
  },
  softmax: ([out], [x], { dim }) => {
    forEachLine(x, dim, (start, stride, end) => {
      const { max, sum } = exponentialSum(x.data, start, stride, end);
      for (let i = start; i < end; i += stride) out.data[i] = Math.exp((x.data[i] as number) - max) / sum;
    });
  },
  logSoftmax: ([out], [x], { dim }) => {
    forEachLine(x, dim, (start, stride, end) => {
      const { max, sum } = exponentialSum(x.data, start, stride, end);
      const logSum = Math.log(sum);
      for (let i = start; i < end; i += stride) out.data[i] = (x.data[i] as number) - max - logSum;
    });
  },
  crossEntropy: ([out], inputs, params) => {
    const [logits, labels] = inputs;
    checkIndices('crossEntropy', labels.data, indexRules.crossEntropy(inputs, params));
    const classes = logits.shape[1] ?? 1;
    for (let row = 0; row < labels.data.length; row++) {
      const label = labels.data[row] as number;
      const start = row * classes;
      if (label === params.ignoreIndex) {
        out.data[row] = 0;
        continue;
      }
      const { max, sum } = exponentialSum(logits.data, start, 1, start + classes);
      out.data[row] = max + Math.log(sum) - (logits.data[start + label] as number);
    }
  },
  layerNorm: ([out, mean, rstd], [x, weight, bias], _, [eps]) => {
    const width = weight.data.length;
    for (let row = 0; row < mean.data.length; row++) {
      const start = row * width;
      const stats = moments(x.data, start, width);
      const scale = 1 / Math.sqrt(stats.variance + eps);
      for (let i = 0; i < width; i++) {
        const normal = ((x.data[start + i] as number) - stats.mean) * scale;
        out.data[start + i] = normal * (weight.data[i] as number) + (bias.data[i] as number);
      }
      mean.data[row] = stats.mean;
      rstd.data[row] = scale;
    }
  },
  batchNorm: ([out, mean, variance], [x, weight, bias], _, [eps]) => {
    const channels = weight.data.length;
    const inner = sizeOf(x.shape.slice(2));
    for (let channel = 0; channel < channels; channel++) {
      const stats = channelMoments(x, channel);
      const scale = (weight.data[channel] as number) / Math.sqrt(stats.variance + eps);
      for (let start = channel * inner; start < x.data.length; start += channels * inner) {
        for (let i = start; i < start + inner; i++) {
          out.data[i] = ((x.data[i] as number) - stats.mean) * scale + (bias.data[channel] as number);
        }
      }
      mean.data[channel] = stats.mean;
      variance.data[channel] = stats.variance;
    }
  },
  dropout: ([out], [x], _, [p, ...random]) => {
    const data = out.data as Float32Array | Float64Array;
    const round = data instanceof Float32Array ? Math.fround : (value: number) => value;
    // Rounded step by step, as the decomposition computes it.
    const limit = round(p);
    const scale = round(1 / round(1 - limit));
    fillUniform(data, random);
    for (let i = 0; i < data.length; i++) data[i] = (data[i] as number) >= limit ? (x.data[i] as number) * scale : 0;
  },
  gelu: ([out], [x], { approximate }) => map(out, x, approximate === 'tanh' ? geluTanh : geluErf),
  silu: ([out], [x]) => map(out, x, (v) => v / (1 + Math.exp(-v))),
  softplus: ([out], [x], _, [beta, threshold]) => map(out, x, (v) => (beta * v > threshold ? v : Math.log1p(Math.exp(beta * v)) / beta)),
  withGradient: ([out], [x]) => out.data.set(x.data),
};

function map(out: Operand, x: Operand, f: (value: number) => number): void {
  for (let i = 0; i < out.data.length; i++) out.data[i] = f(x.data[i] as number);
}

function geluErf(x: number): number {
  return 0.5 * x * (1 + erf(x * Math.SQRT1_2));
}

/** Hendrycks and Gimpel, "Gaussian error linear units" (2016). */
function geluTanh(x: number): number {
  return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
}

/** Calls back with the first element, the stride and the end of each line of a dim. */
export function forEachLine({ data, shape }: Operand, dim: number, visit: (start: number, stride: number, end: number) => void): void {
  const inner = sizeOf(shape.slice(dim + 1));
  const span = (shape[dim] ?? 1) * inner;
  for (let outer = 0; outer < data.length; outer += span) {
    for (let i = 0; i < inner; i++) visit(outer + i, inner, outer + span);
  }
}

/** The greatest element of a line, and `Σ exp(x - max)`. */
export function exponentialSum(x: TypedArray, start: number, stride: number, end: number): { max: number; sum: number } {
  let max = Number.NEGATIVE_INFINITY;
  for (let i = start; i < end; i += stride) max = Math.max(max, x[i] as number);
  let sum = 0;
  for (let i = start; i < end; i += stride) sum += Math.exp((x[i] as number) - max);
  return { max, sum };
}

/** Mean and biased variance of neighbouring elements, in two passes. */
function moments(x: TypedArray, start: number, count: number): { mean: number; variance: number } {
  let sum = 0;
  for (let i = start; i < start + count; i++) sum += x[i] as number;
  const mean = sum / count;
  let squares = 0;
  for (let i = start; i < start + count; i++) squares += ((x[i] as number) - mean) ** 2;
  return { mean, variance: squares / count };
}

/** Mean and biased variance of one channel of `[N, C, …]`, in two passes. */
function channelMoments({ data, shape }: Operand, channel: number): { mean: number; variance: number } {
  const inner = sizeOf(shape.slice(2));
  const stride = (shape[1] ?? 1) * inner;
  const total = (f: (value: number) => number): number => {
    let sum = 0;
    for (let start = channel * inner; start < data.length; start += stride) {
      for (let i = start; i < start + inner; i++) sum += f(data[i] as number);
    }
    return sum;
  };
  const count = (shape[0] ?? 1) * inner;
  const mean = total((value) => value) / count;
  return { mean, variance: total((value) => (value - mean) ** 2) / count };
}
