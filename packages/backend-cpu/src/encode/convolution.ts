import type { TensorSpec } from '@dl/tensor';
import { bytesOf, type ConvolutionPrimitives, sizeOf } from '@dl/tensor/internal';
import { type Axis, backwardAxes, forwardAxes, innermostLast } from './convolutionAxes.ts';
import { type View, viewKinds, viewOf, viewOfBoxes } from './convolutionView.ts';
import type { EncoderTable, Encoding } from './encoding.ts';

export const convolutionEncoders: EncoderTable<keyof ConvolutionPrimitives> = {
  convolution: ({ inputs: [x, weight], outputs: [y], params }) => {
    const [outputs = 1, sources = 1, ...kernel] = weight.shape;
    const axes = forwardAxes(x.shape.slice(2), y.shape.slice(2), kernel, params);
    return convolved(workOf(x, params.groups, axes, outputs / params.groups, sources), 'targets');
  },
  convolutionInputGradient: ({ inputs: [gradient, weight], outputs: [x], params }) => {
    const [outputs = 1, targets = 1, ...kernel] = weight.shape;
    const axes = backwardAxes(gradient.shape.slice(2), x.shape.slice(2), kernel, params);
    return convolved(workOf(gradient, params.groups, axes, targets, outputs / params.groups), 'sources');
  },
  convolutionWeightGradient: ({ inputs: [gradient, x], outputs: [weight], params }) => {
    const [outputs = 1, sources = 1, ...kernel] = weight.shape;
    const axes = forwardAxes(x.shape.slice(2), gradient.shape.slice(2), kernel, params);
    return summed(workOf(x, params.groups, axes, outputs / params.groups, sources));
  },
};

/** What there is to do, as kernels/convolution.h sees it. */
interface Work {
  readonly isDouble: boolean;
  readonly images: number;
  readonly groups: number;
  readonly taps: number;
  readonly targets: number;
  readonly sources: number;
  readonly axes: readonly Axis[];
}

/** How it is cut. */
interface Cut {
  readonly ranges: number;
  readonly share: number;
  readonly block: number;
  readonly view: View;
}

function workOf(source: TensorSpec, groups: number, axes: readonly Axis[], targets: number, sources: number): Work {
  const taps = sizeOf(axes.map(({ kernelSize }) => kernelSize));
  return { isDouble: source.dtype === 'float64', images: source.shape[0] ?? 1, groups, taps, targets, sources, axes: innermostLast(axes) };
}

/** As kernels/convolution.h has them. */
const boxBytes = 192 * 1024;
/** Places of a range: where channels are in the lanes, and where places are. */
const mostPlaces = { channels: 512, places: 1024 } as const;
/** The widest panel of any kernel, and the most lanes. */
const panel = 64;
const lanes = 16;
/** Products of one element that are added up in one go, so that the first cache holds a panel's weights; products that stay in registers; and sums at a time. */
const depths = { channels: 144, places: 1024, sums: 320 } as const;
/** Pieces for many threads, if there is work enough: of products, about 10 µs. */
const wantedPieces = 16;
const leastProducts = 2 ** 19;
/** Kernels count offsets in 32 bits. */
const mostOffset = 2 ** 31 - 1;

/** The target's elements. The weight is `[group][targets][sources][taps]`, or `[group][sources][targets][taps]`. */
function convolved(work: Work, outermost: 'targets' | 'sources'): Encoding {
  const { images, groups, targets, sources, taps } = work;
  const strides = outermost === 'targets' ? [sources * taps, taps] : [taps, targets * taps];
  const weightStrides = [...strides, targets * sources * taps];
  if (isWide(work)) {
    const ranges = rangesOf(work, mostPlaces.channels, images * groups * Math.ceil(targets / panel));
    const cut = { ranges, share: 1, ...blocksOf(work, viewOf(work.axes, ranges, boxElements(work)), depths.channels) };
    return encoding('convolveChannels', work, weightStrides, cut, groups * sources * taps * wholeLanes(targets));
  }
  const ranges = rangesOf(work, mostPlaces.places, images * groups);
  const isOrdered = strides[1] === taps && work.axes.every(({ phases }) => phases.length === 1);
  const cut = { ranges, share: groupsAtOnce(work, ranges), ...blocksOf(work, splitView(work, ranges), depths.places) };
  return encoding('convolvePlaces', work, weightStrides, cut, isOrdered ? 0 : groups * targets * sources * taps);
}

/**
 * Whether channels use the lanes better than places do: few of either fill no vector, two vectors keep the arithmetic less busy than
 * three or four, and sums of few products are soon done but still have to be turned.
 */
function isWide({ targets, sources, taps, axes }: Work): boolean {
  const width = Math.max(...(axes[2]?.phases.map(({ places }) => places) ?? [1]));
  const products = sources * taps;
  const perVector = targets <= lanes ? 0.55 : targets <= 2 * lanes ? 0.75 : 0.85;
  return (targets / wholeLanes(targets)) * perVector * (products / (products + 32)) > (width / wholeLanes(width)) * 0.65;
}

/** The gradient of the weight. */
function summed(work: Work): Encoding {
  const { images, groups, targets, sources, taps } = work;
  const hasLanes = targets >= 8;
  const ranges = Math.max(1, Math.ceil(placeCount(work) / mostPlaces.channels));
  const blocks = blocksOf(work, hasLanes ? viewOf(work.axes, ranges, boxElements(work)) : splitView(work, ranges), depths.sums);
  const pieces = groups * (hasLanes ? Math.ceil(targets / panel) * Math.ceil(sources / blocks.block) : 1);
  const share = Math.max(1, Math.ceil(images / Math.ceil(wantedPieces / Math.max(1, pieces))));
  const sums = Math.max(1, Math.ceil(images / share)) * groups * sources * taps * (hasLanes ? wholeLanes(targets) : targets);
  return encoding(hasLanes ? 'convolveWeights' : 'convolveTaps', work, [0, 0, 0], { ranges, share, ...blocks }, sums);
}

/** For kernels that load neighbouring places at once: those that a stride parts are brought together. */
function splitView(work: Work, ranges: number): View {
  return viewOfBoxes(work.axes, ranges, boxElements(work), work.axes[2]?.step ?? 1);
}

/** Places in the largest phase. */
function placeCount({ axes }: Work): number {
  return axes.reduce((product, { phases }) => product * Math.max(...phases.map(({ places }) => places)), 1);
}

/** Parts of an image: no more places in each than `most`, and more parts where there are few other pieces. */
function rangesOf(work: Work, most: number, pieces: number): number {
  const places = placeCount(work);
  const products = work.images * work.groups * work.targets * work.sources * work.taps * places;
  const wanted = Math.min(wantedPieces, Math.floor(products / leastProducts)) / Math.max(1, pieces);
  return Math.max(1, Math.ceil(places / most), Math.min(Math.ceil(wanted), Math.floor(places / panel)));
}

/** Groups of one piece: enough work, if there are pieces enough. */
function groupsAtOnce(work: Work, ranges: number): number {
  const products = Math.max(1, (placeCount(work) / ranges) * work.targets * work.sources * work.taps);
  const share = Math.min(Math.ceil(leastProducts / products), Math.floor((work.groups * work.images * ranges) / wantedPieces));
  return Math.max(1, Math.min(share, work.groups));
}

/** Source channels at a time, all blocks about equal. */
function blocksOf(work: Work, view: View, depth: number): Pick<Cut, 'block' | 'view'> {
  const elements = view.kind === viewKinds.parts ? boxElements(work) : mostOffset;
  const most = Math.max(1, Math.min(Math.floor(elements / Math.max(1, view.channelStride)), Math.floor(depth / work.taps)));
  const blocks = Math.max(1, Math.ceil(work.sources / most));
  return { block: Math.max(1, Math.ceil(work.sources / blocks)), view };
}

function boxElements({ isDouble }: Work): number {
  return boxBytes / (isDouble ? bytesOf.float64 : bytesOf.float32);
}

function wholeLanes(channels: number): number {
  return Math.ceil(channels / lanes) * lanes;
}

const line = 64;

function wholeLines(bytes: number): number {
  return Math.ceil(bytes / line) * line;
}

function encoding(
  kernel: string,
  work: Work,
  weightStrides: readonly number[],
  { ranges, share, block, view }: Cut,
  own: number,
): Encoding {
  const { isDouble, images, groups, targets, sources, axes } = work;
  const size = isDouble ? bytesOf.float64 : bytesOf.float32;
  const viewElements = view.kind === viewKinds.whole ? images * groups * sources * view.channelStride : 0;
  return {
    kernel,
    params: [
      ...[Number(isDouble), images, groups, targets, sources],
      ...axes.map(({ kernelSize }) => kernelSize),
      ...axisWords(axes),
      ...weightStrides,
      ...[ranges, share, block],
      ...[view.kind, view.split, view.rowStride, view.planeStride, view.channelStride, ...view.origin],
      ...axes.flatMap(({ phases }) => phases.flatMap(phaseWords)),
      0,
    ],
    workspace: wholeLines(block * work.taps * bytesOf.int32) + wholeLines(viewElements * size) + line + wholeLines(own * size),
  };
}

function axisWords(axes: readonly Axis[]): number[] {
  let firstPhase = 0;
  return axes.flatMap(({ source, target, step, phases }) => {
    const words = [source, target, step, phases.length, firstPhase];
    firstPhase += phases.length;
    return words;
  });
}

function phaseWords({ places, taps, firstTap, kernelStep, origin, tapStep }: Axis['phases'][number]): number[] {
  return [places, taps, firstTap, kernelStep, origin, tapStep];
}
