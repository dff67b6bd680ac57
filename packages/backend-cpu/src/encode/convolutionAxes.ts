import { type Steps, stepsAlong } from '@dl/tensor/internal';

/** Places whose taps are the same, along one dim: `AxisPhase` of kernels/convolution.h. */
interface AxisPhase {
  readonly places: number;
  readonly taps: number;
  readonly firstTap: number;
  readonly kernelStep: number;
  readonly origin: number;
  readonly tapStep: number;
}

/** How windows move along one dim, from a source to a target: `ConvolutionAxis` of kernels/convolution.h. */
export interface Axis {
  readonly kernelSize: number;
  readonly source: number;
  readonly target: number;
  readonly step: number;
  readonly phases: readonly AxisPhase[];
}

/** What moves a window, and the sizes around it: one number for each spatial dim. */
interface Moves {
  readonly stride: readonly number[];
  readonly padding: readonly number[];
  readonly dilation?: readonly number[];
}

/** Sizes as three dims. */
function threeDims(sizes: readonly number[]): readonly number[] {
  return [1, 1, 1, ...sizes].slice(-3);
}

/** The steps along three dims. */
function threeSteps(kernelSize: readonly number[], moves: Moves): readonly Steps[] {
  const still: Steps = { kernelSize: 1, stride: 1, padding: 0, dilation: 1 };
  return [still, still, still, ...stepsAlong(kernelSize, moves)].slice(-3);
}

/** Each window of the target sees the source. */
export function forwardAxes(
  source: readonly number[],
  target: readonly number[],
  kernelSize: readonly number[],
  moves: Moves,
): readonly Axis[] {
  const [from, to] = [threeDims(source), threeDims(target)];
  return threeSteps(kernelSize, moves).map(({ kernelSize: taps, stride, padding, dilation }, dim) => {
    const places = to[dim] ?? 1;
    const phase = { places, taps, firstTap: 0, kernelStep: 1, origin: -padding, tapStep: dilation };
    return { kernelSize: taps, source: from[dim] ?? 1, target: places, step: stride, phases: [phase] };
  });
}

/** Each element of the target sees the windows that saw it: which taps met it repeats with the stride. */
export function backwardAxes(
  source: readonly number[],
  target: readonly number[],
  kernelSize: readonly number[],
  moves: Moves,
): readonly Axis[] {
  const [from, to] = [threeDims(source), threeDims(target)];
  return threeSteps(kernelSize, moves).map((steps, dim) => {
    const size = to[dim] ?? 1;
    const phases = Array.from({ length: steps.stride }, (_, phase) => backwardPhase(phase, size, steps));
    return { kernelSize: steps.kernelSize, source: from[dim] ?? 1, target: size, step: 1, phases };
  });
}

/** Elements `phase + i stride`, of window `(phase + i stride + padding - tap dilation) / stride` for each tap for which that is whole. */
function backwardPhase(phase: number, size: number, { kernelSize, stride, padding, dilation }: Steps): AxisPhase {
  const taps = Array.from({ length: kernelSize }, (_, tap) => tap).filter((tap) => (phase + padding - tap * dilation) % stride === 0);
  const [firstTap = 0, secondTap = firstTap + 1] = taps;
  const kernelStep = secondTap - firstTap;
  return {
    places: Math.max(0, Math.ceil((size - phase) / stride)),
    taps: taps.length,
    firstTap,
    kernelStep,
    origin: taps.length === 0 ? 0 : (phase + padding - firstTap * dilation) / stride,
    tapStep: taps.length < 2 ? 0 : -((kernelStep * dilation) / stride),
  };
}

/** The axes with those of one element first: rows are as long as can be. */
export function innermostLast(axes: readonly Axis[]): readonly Axis[] {
  const isSingle = ({ source, target, phases }: Axis) => source === 1 && target === 1 && phases.length === 1 && phases[0]?.taps === 1;
  return [...axes.filter(isSingle), ...axes.filter((axis) => !isSingle(axis))];
}

/** The first and the last element of the source that any place meets. */
export function reachAlong({ step, phases }: Axis): readonly [number, number] {
  const seen = phases.filter(({ places, taps }) => places > 0 && taps > 0);
  const lows = seen.map(({ origin, taps, tapStep }) => origin + Math.min(0, (taps - 1) * tapStep));
  const highs = seen.map(({ origin, taps, tapStep, places }) => origin + Math.max(0, (taps - 1) * tapStep) + (places - 1) * step);
  return [Math.min(...lows, Number.POSITIVE_INFINITY), Math.max(...highs, Number.NEGATIVE_INFINITY)];
}
