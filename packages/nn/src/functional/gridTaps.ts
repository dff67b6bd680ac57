import { cat, type Tensor, where } from '@dl/tensor';

/** What lies between elements: the mean of the elements around, the nearest, or the cubic convolution of four in each dim. */
export type GridSampleMode = 'bilinear' | 'nearest' | 'bicubic';

/** What lies outside: zeros, the elements of the edge, or the image mirrored. */
export type GridSamplePaddingMode = 'zeros' | 'border' | 'reflection';

/** How coordinates name elements along one dim. */
export interface GridDim {
  readonly size: number;
  readonly alignCorners: boolean;
  readonly paddingMode: GridSamplePaddingMode;
}

/** The elements of one dim that an output is a weighted sum of: both `[…, taps]`, weights 0 where a place is outside. */
export interface GridTaps {
  readonly places: Tensor;
  readonly weights: Tensor;
}

/** The elements around coordinates in [-1, 1]. */
export const gridTaps: Readonly<Record<GridSampleMode, (coordinates: Tensor, dim: GridDim) => GridTaps>> = {
  bilinear(coordinates, dim) {
    const position = settled(positionOf(coordinates, dim), dim);
    const before = position.floor().detach();
    const share = position.sub(before);
    return inside([before, before.add(1)], [share.neg().add(1), share], dim);
  },
  nearest(coordinates, dim) {
    const place = settled(positionOf(coordinates, dim), dim).round();
    // A step: the gradient of the coordinates is 0, not absent.
    return inside([place], [place.mul(0).add(1)], dim);
  },
  bicubic(coordinates, dim) {
    const position = positionOf(coordinates, dim);
    const before = position.floor().detach();
    const share = position.sub(before);
    const places = [-1, 0, 1, 2].map((step) => settled(before.add(step), dim));
    return inside(places, [far(share.add(1)), near(share), near(share.neg().add(1)), far(share.neg().add(2))], dim);
  },
};

// ---------------------------------------------------------------------------------------------------------------------

/** Where a coordinate lies among the elements. -1 and 1 are the middles of the outermost ones, or their edges. */
function positionOf(coordinates: Tensor, { size, alignCorners }: GridDim): Tensor {
  const shifted = coordinates.add(1);
  return alignCorners ? shifted.mul((size - 1) / 2) : shifted.mul(size).sub(1).div(2);
}

/** A position brought to where elements are, unless there are zeros outside. */
function settled(position: Tensor, dim: GridDim): Tensor {
  if (dim.paddingMode === 'zeros') return position;
  const mirrored = dim.paddingMode === 'reflection' ? reflected(position, dim) : position;
  return mirrored.clamp({ min: 0, max: dim.size - 1 });
}

/** Mirrored at the outermost middles, or edges, as often as it takes. */
function reflected(position: Tensor, { size, alignCorners }: GridDim): Tensor {
  const [low, span] = alignCorners ? [0, size - 1] : [-0.5, size];
  if (span === 0) return position.mul(0);
  const distance = position.sub(low).abs();
  const rest = distance.fmod(span);
  const isEven = distance.div(span).floor().detach().remainder(2).eq(0);
  return where(isEven, rest, rest.neg().add(span)).add(low);
}

function inside(places: readonly Tensor[], weights: readonly Tensor[], { size }: GridDim): GridTaps {
  const [all, factors] = [sideBySide(places), sideBySide(weights)];
  const isInside = all.ge(0).logicalAnd(all.le(size - 1));
  return { places: where(isInside, all, 0).detach().int(), weights: where(isInside, factors, 0) };
}

function sideBySide(parts: readonly Tensor[]): Tensor {
  const columns = parts.map((part) => part.unsqueeze(-1));
  return cat(columns, { dim: -1 });
}

/** The kernel of cubic convolution with a = -0.75 (Keys 1981), up to a distance of 1. */
function near(distance: Tensor): Tensor {
  return distance.mul(1.25).sub(2.25).mul(distance).mul(distance).add(1);
}

/** The same between 1 and 2. */
function far(distance: Tensor): Tensor {
  return distance.mul(-0.75).add(3.75).mul(distance).sub(6).mul(distance).add(3);
}
