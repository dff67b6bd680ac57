import { checkIndices } from '../primitives/checkIndices.ts';
import { indexRules } from '../primitives/properties.ts';
import { type Steps, stepsAlong } from '../primitives/shapes/windows.ts';
import type { PoolingPrimitives } from '../primitives/signatures.ts';
import type { ParamsOf, ReferenceTable } from '../primitives/tables.ts';
import { type Shape, sizeOf } from '../shape.ts';
import { type Taps, tapsOf } from './taps.ts';

export const poolingKernels: ReferenceTable<keyof PoolingPrimitives> = {
  maxPool: ([out, indices], [x], params) => {
    const taps = tapsOver(x.shape, out.shape, params);
    indices.data.fill(-1);
    forEachTap(taps, x.shape, out.shape, (window, element, position) => {
      const value = x.data[element] as number;
      const isFirst = (indices.data[window] as number) < 0;
      // NaN wins over all before it.
      if (!isFirst && !(value > (out.data[window] as number)) && !Number.isNaN(value)) return;
      out.data[window] = value;
      indices.data[window] = position;
    });
  },
  maxPoolGradient: ([out], inputs, params) => {
    const [gradient, indices] = inputs;
    checkIndices('maxPoolGradient', indices.data, indexRules.maxPoolGradient(inputs, params));
    const planeSize = sizeOf(params.inputSize);
    const windows = sizeOf(gradient.shape.slice(2));
    const sums = new Float64Array(out.data.length);
    for (let i = 0; i < gradient.data.length; i++) {
      const at = Math.floor(i / windows) * planeSize + (indices.data[i] as number);
      sums[at] = (sums[at] as number) + (gradient.data[i] as number);
    }
    out.data.set(sums);
  },
  avgPool: ([out], [x], params) => {
    const sums = new Float64Array(out.data.length);
    const divisors = divisorsOf(x.shape.slice(2), out.shape.slice(2), params);
    forEachTap(tapsOver(x.shape, out.shape, params), x.shape, out.shape, (window, element) => {
      sums[window] = (sums[window] as number) + (x.data[element] as number);
    });
    for (let i = 0; i < sums.length; i++) out.data[i] = (sums[i] as number) / (divisors[i % divisors.length] as number);
  },
  avgPoolGradient: ([out], [gradient], params) => {
    const sums = new Float64Array(out.data.length);
    const divisors = divisorsOf(out.shape.slice(2), gradient.shape.slice(2), params);
    forEachTap(tapsOver(out.shape, gradient.shape, params), out.shape, gradient.shape, (window, element) => {
      const share = (gradient.data[window] as number) / (divisors[window % divisors.length] as number);
      sums[element] = (sums[element] as number) + share;
    });
    out.data.set(sums);
  },
};

type Moves = Parameters<typeof tapsOf>[1] & { readonly kernelSize: readonly number[] };

function tapsOver(input: Shape, output: Shape, params: Moves): Taps {
  return tapsOf({ elements: input.slice(2), windows: output.slice(2), weights: params.kernelSize }, params);
}

/** Calls back for each tap of each plane with the window's and the element's place in the whole tensor, and the element's in its plane. */
function forEachTap(
  { windows, elements }: Taps,
  input: Shape,
  output: Shape,
  visit: (window: number, element: number, position: number) => void,
): void {
  const [inputSize, outputSize] = [sizeOf(input.slice(2)), sizeOf(output.slice(2))];
  for (let plane = 0; plane < sizeOf(input.slice(0, 2)); plane++) {
    for (let tap = 0; tap < windows.length; tap++) {
      const position = elements[tap] as number;
      visit(plane * outputSize + (windows[tap] as number), plane * inputSize + position, position);
    }
  }
}

/** What the sum of each window of a plane is divided by. */
function divisorsOf(inputSize: readonly number[], outputSize: readonly number[], params: ParamsOf<'avgPool'>): readonly number[] {
  const dims = stepsAlong(params.kernelSize, params).map((steps, dim) =>
    Array.from({ length: outputSize[dim] ?? 1 }, (_, window) => counted(window, inputSize[dim] ?? 1, steps, params.countIncludePad)),
  );
  const counts = dims.reduce((outer, inner) => outer.flatMap((a) => inner.map((b) => a * b)), [1]);
  return params.divisorOverride === null ? counts : counts.map(() => params.divisorOverride ?? 1);
}

/** How many elements of a window count: those inside the input, or inside its padding. */
function counted(window: number, size: number, { kernelSize, stride, padding }: Steps, countIncludePad: boolean): number {
  const start = window * stride - padding;
  const [first, end] = countIncludePad ? [-padding, size + padding] : [0, size];
  return Math.min(start + kernelSize, end) - Math.max(start, first);
}
