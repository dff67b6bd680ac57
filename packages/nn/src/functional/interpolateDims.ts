import { repeatInterleave, type Tensor } from '@dl/tensor';
import { applyTaps, pick, type Taps, tapsOf } from './interpolateTaps.ts';

/** How one dim is stretched. */
export interface Stretch {
  readonly inputs: number;
  readonly outputs: number;
  /** The factor that positions are computed with, if not the ratio of the sizes. */
  readonly factor: number | null;
  readonly alignCorners: boolean;
  /** Rounds positions as the dtype of x does: they decide between neighbours. */
  readonly round: (value: number) => number;
}

/** The nearest element before, as PyTorch's `nearest`. */
export function nearestAlong(x: Tensor, dim: number, stretch: Stretch): Tensor {
  const ratio = Math.fround(ratioOf(stretch));
  return pickAlong(x, dim, stretch, (i) => Math.floor(Math.fround(i * ratio)));
}

/** The element whose middle is the nearest, as PyTorch's `nearest-exact`. */
export function nearestExactAlong(x: Tensor, dim: number, stretch: Stretch): Tensor {
  return pickAlong(x, dim, stretch, (i) => Math.floor(stretch.round(positionOf(i, stretch) + 0.5)));
}

/** The weighted mean of the two elements around a position. */
export function linearAlong(x: Tensor, dim: number, stretch: Stretch): Tensor {
  const { inputs, outputs, round } = stretch;
  if (inputs === outputs) return x;
  const taps = tapsOf(outputs, 2, (i, k) => {
    const position = Math.max(positionOf(i, stretch), 0);
    const index = Math.min(Math.floor(position), inputs - 1);
    const share = Math.min(round(position - index), 1);
    return k === 0 ? [index, round(1 - share)] : [Math.min(index + 1, inputs - 1), share];
  });
  return applyTaps(x, dim, taps);
}

/** The cubic convolution of the four elements around a position (Keys 1981, with a = -0.75); edges are repeated. */
export function cubicAlong(x: Tensor, dim: number, stretch: Stretch): Tensor {
  return applyTaps(x, dim, cubicTaps(stretch));
}

// ---------------------------------------------------------------------------------------------------------------------

function pickAlong(x: Tensor, dim: number, { inputs, outputs }: Stretch, source: (i: number) => number): Tensor {
  const indices = Int32Array.from({ length: outputs }, (_, i) => Math.min(source(i), inputs - 1));
  const repeats = outputs / inputs;
  const even = Number.isInteger(repeats) && indices.every((index, i) => index === Math.floor(i / repeats));
  if (!even) return pick(x, dim, indices);
  return repeats === 1 ? x : repeatInterleave(x, repeats, { dim });
}

function cubicTaps(stretch: Stretch): Taps {
  const { inputs, outputs, round } = stretch;
  return tapsOf(outputs, 4, (i, k) => {
    const position = positionOf(i, stretch);
    const index = Math.floor(position);
    const distance = Math.abs(round(position - index) + 1 - k);
    return [Math.min(Math.max(index - 1 + k, 0), inputs - 1), distance <= 1 ? near(distance) : far(distance)];
  });
}

const near = (distance: number): number => (1.25 * distance - 2.25) * distance * distance + 1;
const far = (distance: number): number => ((-0.75 * distance + 3.75) * distance - 6) * distance + 3;

function ratioOf({ inputs, outputs, factor }: Stretch): number {
  return factor === null ? inputs / outputs : 1 / factor;
}

/** Where output i lies among the inputs. */
function positionOf(i: number, stretch: Stretch): number {
  const { inputs, outputs, alignCorners, round } = stretch;
  if (alignCorners) return outputs === 1 ? 0 : round(round((inputs - 1) / (outputs - 1)) * i);
  return round(round(ratioOf(stretch)) * (i + 0.5) - 0.5);
}
