import { ArgumentError, type Shape, ShapeError, type Tensor } from '@dl/tensor';
import { checkFinite, checkFloating, checkInteger, checkOneOf, checkTensor, describe, formatShape } from '@dl/tensor/internal';
import { adaptiveAvgPool } from './adaptivePooling.ts';
import { cubicAlong, linearAlong, nearestAlong, nearestExactAlong, type Stretch } from './interpolateDims.ts';

/** How `interpolate` finds what lies between elements. */
export type InterpolateMode = 'nearest' | 'nearest-exact' | 'linear' | 'bilinear' | 'bicubic' | 'trilinear' | 'area';

/** What `interpolate` takes: a `size` or a `scaleFactor`. */
export interface InterpolateOptions {
  /** The size of each spatial dim of the result; a number stands for all. */
  readonly size?: number | Shape | null;
  /** By what each spatial dim grows; the sizes are rounded down. */
  readonly scaleFactor?: number | readonly number[] | null;
  /** `linear` is for one spatial dim, `bilinear` and `bicubic` for two, `trilinear` for three; `area` takes means. Default `'nearest'`. */
  readonly mode?: InterpolateMode;
  /** Whether the outermost elements' middles stay where they are, rather than their edges; not for nearest and area. Default `false`. */
  readonly alignCorners?: boolean | null;
  /** Whether positions come from the ratio of the sizes, rather than from `scaleFactor`. Default `false`. */
  readonly recomputeScaleFactor?: boolean | null;
}

/**
 * Stretches or shrinks the spatial dims: x is `[N, C, L]`, `[N, C, H, W]` or `[N, C, D, H, W]`. Each dim is mapped by itself: output i
 * lies at `(i + 0.5) · in / out - 0.5`, or, with `alignCorners`, at `i · (in - 1) / (out - 1)`; what lies there is the nearest element, a
 * weighted mean of two, or the cubic convolution of four. In dims of up to 128 elements the means are matrix products, where a `NaN` or
 * an infinity spreads along the dim. PyTorch: `torch.nn.functional.interpolate`.
 *
 * @throws ArgumentError unless either `size` or `scaleFactor` is given, or for options that do not go together; ShapeError if the mode is
 *   for another rank; DTypeError for integers, but in the nearest modes.
 * @example interpolate(ones([1, 3, 32, 32]), { scaleFactor: 2, mode: 'bilinear' }).shape // [1, 3, 64, 64]
 */
export function interpolate(x: Tensor, options: InterpolateOptions): Tensor {
  return interpolateAs('interpolate', x, options);
}

// ---------------------------------------------------------------------------------------------------------------------

/** Stretches or shrinks the spatial dims, in the name of a caller. */
export function interpolateAs(caller: string, x: Tensor, options: InterpolateOptions): Tensor {
  checkInterpolation(caller, options);
  const { mode = 'nearest', alignCorners, recomputeScaleFactor } = options;
  checkInput(caller, x, mode);
  const spatial = x.shape.slice(2);
  const factors = factorsFor(caller, options, spatial.length);
  const outputs = factors === null ? sizesFor(caller, options.size, spatial.length) : stretched(caller, spatial, factors);
  if (mode === 'area') return adaptiveAvgPool(caller, spatial.length, x, outputs);
  const round = x.dtype === 'float64' ? (value: number) => value : Math.fround;
  return spatial.reduce((stretching, inputs, dim) => {
    const factor = recomputeScaleFactor === true ? null : (factors?.[dim] ?? null);
    return alongDim[mode](stretching, dim + 2, { inputs, outputs: outputs[dim] ?? 1, factor, alignCorners: alignCorners === true, round });
  }, x);
}

/** Refuses options that are out of range or do not go together. */
export function checkInterpolation(caller: string, options: InterpolateOptions): void {
  const { size = null, scaleFactor = null, mode = 'nearest', alignCorners = null, recomputeScaleFactor = null } = options;
  checkOneOf(caller, 'mode', mode, ['nearest', 'nearest-exact', 'linear', 'bilinear', 'bicubic', 'trilinear', 'area']);
  if ((size === null) === (scaleFactor === null)) {
    throw new ArgumentError(`${caller}: either size or scaleFactor must be given; got ${size === null ? 'neither' : 'both'}`);
  }
  if (alignCorners !== null && !(mode.endsWith('linear') || mode === 'bicubic')) {
    throw new ArgumentError(`${caller}: alignCorners is for linear, bilinear, bicubic and trilinear; got it with mode '${mode}'`);
  }
  if (recomputeScaleFactor === true && size !== null) {
    throw new ArgumentError(`${caller}: recomputeScaleFactor needs a scaleFactor; got size ${describe(size)}`);
  }
  for (const one of [size ?? []].flat()) checkInteger(caller, 'size', one, 1);
  for (const one of [scaleFactor ?? []].flat()) checkFactor(caller, one);
}

const alongDim: Readonly<Record<Exclude<InterpolateMode, 'area'>, (x: Tensor, dim: number, stretch: Stretch) => Tensor>> = {
  nearest: nearestAlong,
  'nearest-exact': nearestExactAlong,
  linear: linearAlong,
  bilinear: linearAlong,
  bicubic: cubicAlong,
  trilinear: linearAlong,
};

/** The number of spatial dims that a mode is for. */
const ranks: Readonly<Record<InterpolateMode, readonly number[]>> = {
  nearest: [1, 2, 3],
  'nearest-exact': [1, 2, 3],
  area: [1, 2, 3],
  linear: [1],
  bilinear: [2],
  bicubic: [2],
  trilinear: [3],
};

const layouts = ['[N, C, L]', '[N, C, H, W]', '[N, C, D, H, W]'];

function checkInput(caller: string, x: Tensor, mode: InterpolateMode): void {
  checkTensor(caller, 'x', x);
  if (!mode.startsWith('nearest')) checkFloating(caller, 'x', x);
  if (!ranks[mode].includes(x.ndim - 2)) {
    const wanted = ranks[mode].map((rank) => layouts[rank - 1]).join(' or ');
    throw new ShapeError(`${caller}: mode '${mode}' needs x ${wanted}; got ${formatShape(x.shape)}`);
  }
  if (x.shape.slice(2).includes(0)) throw new ShapeError(`${caller}: x must have elements in each plane; got ${formatShape(x.shape)}`);
}

function checkFactor(caller: string, factor: number): void {
  checkFinite(caller, 'scaleFactor', factor);
  if (factor <= 0) throw new ArgumentError(`${caller}: scaleFactor must be above 0; got ${factor}`);
}

function factorsFor(caller: string, { scaleFactor = null }: InterpolateOptions, rank: number): readonly number[] | null {
  return scaleFactor === null ? null : each(caller, 'scaleFactor', scaleFactor, rank);
}

function sizesFor(caller: string, size: number | Shape | null | undefined, rank: number): readonly number[] {
  return each(caller, 'size', size ?? [], rank);
}

function each(caller: string, name: string, value: number | readonly number[], rank: number): readonly number[] {
  const list = typeof value === 'number' ? new Array<number>(rank).fill(value) : value;
  if (list.length === rank) return list;
  throw new ArgumentError(`${caller}: ${name} must be a number or one for each of ${rank} spatial dims; got ${describe(value)}`);
}

function stretched(caller: string, spatial: Shape, factors: readonly number[]): Shape {
  const sizes = spatial.map((size, dim) => Math.floor(size * (factors[dim] ?? 1)));
  if (!sizes.includes(0)) return sizes;
  throw new ArgumentError(
    `${caller}: scaleFactor must leave something of each dim; got ${formatShape(factors)} for sizes ${formatShape(spatial)}`,
  );
}
