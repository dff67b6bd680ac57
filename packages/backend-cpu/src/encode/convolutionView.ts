import { type Axis, reachAlong } from './convolutionAxes.ts';

/** How a kernel sees the source: `view`, `split`, the strides and `viewOrigin` of kernels/convolution.h. */
export interface View {
  readonly kind: number;
  readonly split: number;
  readonly rowStride: number;
  readonly planeStride: number;
  readonly channelStride: number;
  readonly origin: readonly number[];
}

export const viewKinds = { parts: 0, whole: 1, inPlace: 2 } as const;

/** The source as it is, for kernels that read no further than they have to, where no place looks beyond it; else with zeros around. */
export function viewOf(axes: readonly Axis[], ranges: number, mostElements: number): View {
  return viewInPlace(axes) ?? viewOfBoxes(axes, ranges, mostElements, 1);
}

/** Boxes of the source, each as large as one of `ranges` parts needs, or all of the source where one would have too many elements. */
export function viewOfBoxes(axes: readonly Axis[], ranges: number, mostElements: number, split: number): View {
  const box = stridedView(viewKinds.parts, split, boxSizes(axes, ranges), [0, 0, 0]);
  const parts = { ...box, channelStride: oddLines(box.channelStride) };
  if (parts.channelStride <= mostElements) return parts;
  const reach = axes.map(reachAlong);
  return stridedView(
    viewKinds.whole,
    split,
    reach.map(([low, high]) => high - low + 1),
    reach.map(([low]) => low),
  );
}

function viewInPlace(axes: readonly Axis[]): View | null {
  const isInside = axes.every((axis) => {
    const [low, high] = reachAlong(axis);
    return low >= 0 && high < axis.source;
  });
  const sizes = axes.map(({ source }) => source);
  return isInside ? stridedView(viewKinds.inPlace, 1, sizes, [0, 0, 0]) : null;
}

function stridedView(kind: number, split: number, [planes = 1, rows = 1, columns = 1]: readonly number[], origin: readonly number[]): View {
  const rowStride = Math.ceil(columns / split) * split;
  return { kind, split, rowStride, planeStride: rowStride * rows, channelStride: rowStride * rows * planes, origin };
}

/** The largest box that a range of places sees, in any phases. */
function boxSizes(axes: readonly Axis[], ranges: number): readonly number[] {
  const places = axes.map(({ phases }) => Math.max(...phases.map((phase) => phase.places)));
  const length = Math.ceil(places.reduce((product, count) => product * count, 1) / ranges);
  const [, rows = 1, columns = 1] = places;
  const planesSeen = seen(length, rows * columns, places[0] ?? 1);
  const rowsSeen = planesSeen > 1 ? rows : seen(length, columns, rows);
  const columnsSeen = rowsSeen > 1 || planesSeen > 1 ? columns : Math.min(length, columns);
  return [planesSeen, rowsSeen, columnsSeen].map((count, dim) => boxSize(axes[dim] as Axis, count));
}

/** How many of `count` stretches of `size` places a range can touch. */
function seen(length: number, size: number, count: number): number {
  return Math.min(count, length < 2 ? 1 : Math.floor((length - 2) / Math.max(size, 1)) + 2);
}

function boxSize({ step, phases }: Axis, count: number): number {
  return Math.max(count - 1, 0) * step + Math.max(...phases.map(({ taps, tapStep }) => Math.max(taps - 1, 0) * Math.abs(tapStep))) + 1;
}

/** An odd number of cache lines: neighbouring channels do not fall on the same places of a cache. */
function oddLines(elements: number): number {
  const line = 16;
  const lines = Math.ceil(elements / line);
  return (lines + 1 - (lines % 2)) * line;
}
