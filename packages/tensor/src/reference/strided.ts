import type { TypedArray } from '../dtype.ts';
import type { Shape } from '../shape.ts';

/** Elements of an array, one at `start + Σ i_d · strides[d]` for each index. */
export interface Strided {
  readonly data: TypedArray;
  readonly start: number;
  readonly strides: readonly number[];
}

/** Copies one element for each index of `shape`, in row-major order. */
export function copyStrided(shape: Shape, target: Strided, source: Strided): void {
  if (shape.includes(0)) return;
  const dims = mergedDims(shape, target.strides, source.strides);
  copyDims({ dims, target: target.data, source: source.data }, 0, target.start, source.start);
}

interface Dim {
  size: number;
  readonly target: number;
  readonly source: number;
}

interface Copy {
  readonly dims: readonly Dim[];
  readonly target: TypedArray;
  readonly source: TypedArray;
}

/** The dims without those of size 1, and neighbours as one where both sides step through them evenly. */
function mergedDims(shape: Shape, targetStrides: readonly number[], sourceStrides: readonly number[]): Dim[] {
  const dims: Dim[] = [];
  for (let i = shape.length - 1; i >= 0; i--) {
    const dim: Dim = { size: shape[i] ?? 1, target: targetStrides[i] ?? 0, source: sourceStrides[i] ?? 0 };
    if (dim.size === 1) continue;
    const inner = dims[0];
    if (inner !== undefined && dim.target === inner.target * inner.size && dim.source === inner.source * inner.size) inner.size *= dim.size;
    else dims.unshift(dim);
  }
  return dims;
}

function copyDims(copy: Copy, depth: number, targetStart: number, sourceStart: number): void {
  const dim = copy.dims[depth];
  if (dim === undefined) {
    copy.target[targetStart] = copy.source[sourceStart] as number;
    return;
  }
  if (depth === copy.dims.length - 1) {
    copyRow(copy, dim, targetStart, sourceStart);
    return;
  }
  for (let i = 0; i < dim.size; i++) copyDims(copy, depth + 1, targetStart + i * dim.target, sourceStart + i * dim.source);
}

function copyRow({ target, source }: Copy, dim: Dim, targetStart: number, sourceStart: number): void {
  if (dim.target === 1 && dim.source === 1 && dim.size > 32) {
    target.set(source.subarray(sourceStart, sourceStart + dim.size), targetStart);
    return;
  }
  let t = targetStart;
  let s = sourceStart;
  for (let i = 0; i < dim.size; i++) {
    target[t] = source[s] as number;
    t += dim.target;
    s += dim.source;
  }
}
