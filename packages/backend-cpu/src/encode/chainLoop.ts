import { bytesOf, sizeOf, stridesOf } from '@dl/tensor/internal';
import type { ChainProgram } from './chain.ts';

/**
 * How an input is read, in the order of kernels/chain.c: in the loop's order; or gathered, each time anew, unless rows are alike,
 * constant, or both; or gathered for some rows at once, because it lies the other way round.
 */
export const inputKinds = ['linear', 'gathered', 'alikeRows', 'constantRows', 'single', 'panel'] as const;

/** Rows shorter than this go into blocks of several. */
export const shortRow = 256;
/** Bytes of an element of all inputs that are gathered as panels: more would leave no room for other registers. */
const mostPanelBytes = 16;
/** Bytes that come from memory together. */
const lineBytes = 64;

/** Strides through a chain's loop, in elements. */
interface LoopInput {
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
  let panelBytes = 0;
  return {
    elements,
    inner: inner.size,
    outer: dims.map(({ size }) => size),
    inputs: inputs.map(({ dtype }, i) => {
      const stride = inner.strides[i] ?? 0;
      const outerStrides = dims.map(({ strides }) => strides[i] ?? 0);
      if (isLinear[i]) return { kind: 'linear', stride, outerStrides };
      const isFar = inner.size >= shortRow && isTransposed(bytesOf[dtype], stride, outerStrides.at(-1) ?? 0);
      if (!isFar || panelBytes + bytesOf[dtype] > mostPanelBytes) return { kind: gatheredKind(stride, outerStrides), stride, outerStrides };
      panelBytes += bytesOf[dtype];
      return { kind: 'panel', stride, outerStrides };
    }),
  };
}

/** Whether neighbours in a row are far apart, but those in a column are not. */
function isTransposed(bytes: number, stride: number, rowStride: number): boolean {
  return rowStride > 0 && rowStride * bytes < lineBytes && stride * bytes >= lineBytes;
}

function gatheredKind(stride: number, outerStrides: readonly number[]): LoopInput['kind'] {
  const areAlike = outerStrides.every((outer) => outer === 0);
  if (stride === 0) return areAlike ? 'single' : 'constantRows';
  return areAlike ? 'alikeRows' : 'gathered';
}
