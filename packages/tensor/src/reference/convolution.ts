import type { TypedArray } from '../dtype.ts';
import type { ConvolutionPrimitives } from '../primitives/signatures.ts';
import type { Operand, ReferenceTable } from '../primitives/tables.ts';
import { sizeOf } from '../shape.ts';
import { tapsOf } from './taps.ts';

/** Everything is summed in float64. */
export const convolutionKernels: ReferenceTable<keyof ConvolutionPrimitives> = {
  convolution: ([out], [x, weight], params) => {
    const taps = tapsOf({ elements: spatial(x), windows: spatial(out), weights: spatial(weight) }, params);
    const outputs = new Planes(out, taps.windows);
    const inputs = new Planes(x, taps.elements);
    const filters = new Planes(weight, taps.weights);
    for (let image = 0; image < outputs.images; image++) {
      const sums = new Float64Array(outputs.imageSize);
      forEachFilter(weight, params.groups, (filter, o, c) => {
        accumulate(outputs.of(sums, 0, o), inputs.of(x.data, image, c), filters.of(weight.data, 0, filter));
      });
      out.data.set(sums, image * outputs.imageSize);
    }
  },
  convolutionInputGradient: ([out], [gradient, weight], params) => {
    const taps = tapsOf({ elements: spatial(out), windows: spatial(gradient), weights: spatial(weight) }, params);
    const outputs = new Planes(gradient, taps.windows);
    const inputs = new Planes(out, taps.elements);
    const filters = new Planes(weight, taps.weights);
    for (let image = 0; image < inputs.images; image++) {
      const sums = new Float64Array(inputs.imageSize);
      forEachFilter(weight, params.groups, (filter, o, c) => {
        accumulate(inputs.of(sums, 0, c), outputs.of(gradient.data, image, o), filters.of(weight.data, 0, filter));
      });
      out.data.set(sums, image * inputs.imageSize);
    }
  },
  convolutionWeightGradient: ([out], [gradient, x], params) => {
    const taps = tapsOf({ elements: spatial(x), windows: spatial(gradient), weights: spatial(out) }, params);
    const outputs = new Planes(gradient, taps.windows);
    const inputs = new Planes(x, taps.elements);
    const filters = new Planes(out, taps.weights);
    const sums = new Float64Array(out.data.length);
    for (let image = 0; image < outputs.images; image++) {
      forEachFilter(out, params.groups, (filter, o, c) => {
        accumulate(filters.of(sums, 0, filter), outputs.of(gradient.data, image, o), inputs.of(x.data, image, c));
      });
    }
    out.data.set(sums);
  },
};

/** A plane of an operand, and the positions in it that taps name. */
interface Plane {
  readonly data: TypedArray;
  readonly start: number;
  readonly positions: Int32Array;
}

/** The planes of an operand `[images, channels, ...spatial]`. */
class Planes {
  readonly images: number;
  readonly imageSize: number;
  private readonly planeSize: number;
  private readonly positions: Int32Array;

  constructor({ shape }: Operand, positions: Int32Array) {
    this.images = shape[0] ?? 1;
    this.imageSize = sizeOf(shape.slice(1));
    this.planeSize = sizeOf(shape.slice(2));
    this.positions = positions;
  }

  of(data: TypedArray, image: number, channel: number): Plane {
    return { data, start: image * this.imageSize + channel * this.planeSize, positions: this.positions };
  }
}

function spatial({ shape }: Operand): readonly number[] {
  return shape.slice(2);
}

/** Calls back with the number of each filter `[O, C / groups]`, and the output channel and the input channel that it connects. */
function forEachFilter({ shape }: Operand, groups: number, visit: (filter: number, output: number, input: number) => void): void {
  const [outputs = 1, depth = 1] = shape;
  for (let o = 0; o < outputs; o++) {
    const group = Math.floor((o * groups) / outputs);
    for (let part = 0; part < depth; part++) visit(o * depth + part, o, group * depth + part);
  }
}

/** `sum += a · b` at each tap. */
function accumulate(sum: Plane, a: Plane, b: Plane): void {
  for (let tap = 0; tap < sum.positions.length; tap++) {
    const at = sum.start + (sum.positions[tap] as number);
    sum.data[at] = (sum.data[at] as number) + valueAt(a, tap) * valueAt(b, tap);
  }
}

function valueAt({ data, start, positions }: Plane, tap: number): number {
  return data[start + (positions[tap] as number)] as number;
}
