import { sizeOf, stridesOf } from '@dl/tensor/internal';
import type { ChainProgram } from './chain.ts';

/** How an input is read, in the order of kernels/chain.c: in the loop's order; or gathered, unless rows are alike, constant, or both. */
export const inputKinds = ['linear', 'gathered', 'alikeRows', 'constantRows', 'single'] as const;

/** Strides through a chain's loop, in elements. */
export interface LoopInput {
  readonly kind: (typeof inputKinds)[number];
  readonly stride: number;
  readonly outerStrides: readonly number[];
}

/** The loop of a chain with as few dims as its inputs allow: rows of `inner` elements over the sizes `outer`. */
export interface ChainLoop {
  readonly elements: number;
  readonly inner: number;
  readonly outer: readonly number[];
  readonly inputs: readonly LoopInput[];
}

interface Dim {
  readonly size: number;
  /** Of each input. */
  readonly strides: readonly number[];
}

/** The loop of a program: dims of size 1 left out, neighbours merged that all inputs step through evenly. */
export function chainLoop({ shape, inputs }: ChainProgram): ChainLoop {
  const elements = sizeOf(shape);
  const dense = stridesOf(shape);
  const isLinear = inputs.map(({ strides }) => elements === 0 || strides.every((stride, d) => shape[d] === 1 || stride === dense[d]));
  const dims: Dim[] = [];
  for (let d = shape.length - 1; d >= 0 && elements > 0; d--) {
    const dim: Dim = { size: shape[d] ?? 1, strides: inputs.map(({ strides }) => strides[d] ?? 0) };
    const inner = dims[0];
    if (dim.size === 1) continue;
    if (inner !== undefined && dim.strides.every((stride, i) => isLinear[i] || stride === (inner.strides[i] ?? 0) * inner.size)) {
      dims[0] = { size: dim.size * inner.size, strides: inner.strides };
    } else dims.unshift(dim);
  }
  const inner = dims.pop() ?? { size: 1, strides: inputs.map(() => 0) };
  return {
    elements,
    inner: inner.size,
    outer: dims.map(({ size }) => size),
    inputs: inputs.map((_, i) => {
      const stride = inner.strides[i] ?? 0;
      const outerStrides = dims.map(({ strides }) => strides[i] ?? 0);
      return { kind: isLinear[i] ? 'linear' : gatheredKind(stride, outerStrides), stride, outerStrides };
    }),
  };
}

function gatheredKind(stride: number, outerStrides: readonly number[]): LoopInput['kind'] {
  const areAlike = outerStrides.every((outer) => outer === 0);
  if (stride === 0) return areAlike ? 'single' : 'constantRows';
  return areAlike ? 'alikeRows' : 'gathered';
}
