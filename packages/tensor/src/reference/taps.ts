import { type Steps, stepsAlong } from '../primitives/shapes/windows.ts';

/**
 * What windows see of a plane, as three lists of positions: of the window among all windows, of the element in the plane, and of the
 * kernel's element that meets it. Padding is in none of them. One window's taps are in the order of the kernel's elements.
 */
export interface Taps {
  readonly windows: Int32Array;
  readonly elements: Int32Array;
  readonly weights: Int32Array;
}

/** What moves a window: one number for each spatial dim. */
interface Moves {
  readonly stride: readonly number[];
  readonly padding: readonly number[];
  readonly dilation?: readonly number[];
}

/** Sizes of a plane, of its windows' places, and of a window. */
export interface Planes {
  readonly elements: readonly number[];
  readonly windows: readonly number[];
  readonly weights: readonly number[];
}

/** All taps over any number of spatial dims: each of one dim meets each of the others. */
export function tapsOf(planes: Planes, moves: Moves): Taps {
  let taps: Taps = { windows: Int32Array.of(0), elements: Int32Array.of(0), weights: Int32Array.of(0) };
  for (const [dim, steps] of stepsAlong(planes.weights, moves).entries()) {
    const elements = planes.elements[dim] ?? 1;
    const windows = planes.windows[dim] ?? 1;
    const inner = tapsAlong(elements, windows, steps);
    taps = {
      windows: crossed(taps.windows, inner.windows, windows),
      elements: crossed(taps.elements, inner.elements, elements),
      weights: crossed(taps.weights, inner.weights, steps.kernelSize),
    };
  }
  return taps;
}

function tapsAlong(size: number, count: number, { kernelSize, stride, padding, dilation }: Steps): Taps {
  const windows: number[] = [];
  const elements: number[] = [];
  const weights: number[] = [];
  for (let window = 0; window < count; window++) {
    for (let weight = 0; weight < kernelSize; weight++) {
      const element = window * stride - padding + weight * dilation;
      if (element < 0 || element >= size) continue;
      windows.push(window);
      elements.push(element);
      weights.push(weight);
    }
  }
  return { windows: Int32Array.from(windows), elements: Int32Array.from(elements), weights: Int32Array.from(weights) };
}

/** Positions in two dims, the inner one of the given size. */
function crossed(outer: Int32Array, inner: Int32Array, size: number): Int32Array {
  const positions = new Int32Array(outer.length * inner.length);
  let i = 0;
  for (const a of outer) for (const b of inner) positions[i++] = a * size + b;
  return positions;
}
