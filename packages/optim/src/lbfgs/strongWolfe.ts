import type { Tensor } from '@dl/tensor';

/** A function of one variable along a line: where, its value, its slope, and the gradient there. */
export interface Point {
  readonly at: number;
  readonly value: number;
  readonly slope: number;
  readonly gradient: Tensor;
}

/** What a line search found, and how often it asked. */
export interface Found {
  readonly point: Point;
  readonly evaluations: number;
}

/** Sufficient decrease, and curvature. */
const [c1, c2] = [1e-4, 0.9];

/** What stays the same during one search. */
interface Search {
  readonly evaluate: (at: number) => Promise<Point>;
  readonly start: Point;
  readonly most: number;
}

/**
 * A step along a line that satisfies the strong Wolfe conditions, `f(t) ≤ f(0) + 1e-4 t f'(0)` and `|f'(t)| ≤ 0.9 |f'(0)|`, or the best
 * that was seen (Nocedal and Wright, Numerical Optimization, algorithms 3.5 and 3.6). PyTorch: the `strong_wolfe` of `torch.optim.LBFGS`.
 */
export async function strongWolfe(
  evaluate: (at: number) => Promise<Point>,
  start: Point,
  first: number,
  { reach, toleranceChange, most }: { readonly reach: number; readonly toleranceChange: number; readonly most: number },
): Promise<Found> {
  const search: Search = { evaluate, start, most };
  const bracketed = await bracket(search, first);
  const { points, evaluations } = bracketed;
  const [a, b] = points;
  if (b === undefined) return { point: a, evaluations };
  return zoom(search, [a, b], bracketed, toleranceChange / reach);
}

type Ends = readonly [Point, Point];

/** One point that satisfies the conditions, or two around some that do. */
interface Bracketed {
  readonly points: readonly [Point] | Ends;
  readonly rounds: number;
  readonly evaluations: number;
}

async function bracket({ evaluate, start, most }: Search, first: number): Promise<Bracketed> {
  let before = start;
  let now = await evaluate(first);
  for (let rounds = 0; rounds < most; rounds++) {
    const evaluations = rounds + 1;
    if (isTooHigh(now, start) || (rounds > 1 && now.value >= before.value)) return { points: [before, now], rounds, evaluations };
    if (Math.abs(now.slope) <= -c2 * start.slope) return { points: [now], rounds, evaluations };
    if (now.slope >= 0) return { points: [before, now], rounds, evaluations };
    const next = interpolated(before, now, now.at + 0.01 * (now.at - before.at), now.at * 10);
    before = now;
    now = await evaluate(next);
  }
  return { points: [start, now], rounds: most, evaluations: most + 1 };
}

async function zoom({ evaluate, start, most }: Search, ends: Ends, begun: Bracketed, narrowest: number): Promise<Found> {
  let { rounds, evaluations } = begun;
  let points = ends;
  let lowest = lowerOf(points);
  let stuck = false;
  while (rounds < most && Math.abs(points[1].at - points[0].at) >= narrowest) {
    const trial = awayFromEnds(points, stuck);
    stuck = trial.stuck;
    const now = await evaluate(trial.at);
    rounds++;
    evaluations++;
    const [low, high] = lowest === 0 ? points : [points[1], points[0]];
    if (isTooHigh(now, start) || now.value >= low.value) {
      points = lowest === 0 ? [low, now] : [now, low];
      lowest = lowerOf(points);
      continue;
    }
    if (Math.abs(now.slope) <= -c2 * start.slope) return { point: now, evaluations };
    const other = now.slope * (high.at - low.at) >= 0 ? low : high;
    points = lowest === 0 ? [now, other] : [other, now];
  }
  return { point: points[lowest], evaluations };
}

function lowerOf([a, b]: Ends): 0 | 1 {
  return a.value <= b.value ? 0 : 1;
}

/** Whether a point lies above the line of sufficient decrease. */
function isTooHigh({ at, value }: Point, start: Point): boolean {
  return value > start.value + c1 * at * start.slope;
}

/** The next trial. One near an end is moved inwards, if it is on the end or the trial before was near one, too. */
function awayFromEnds([a, b]: Ends, wasStuck: boolean): { readonly at: number; readonly stuck: boolean } {
  const [left, right] = [Math.min(a.at, b.at), Math.max(a.at, b.at)];
  const at = interpolated(a, b, left, right);
  const margin = 0.1 * (right - left);
  if (Math.min(right - at, at - left) >= margin) return { at, stuck: false };
  if (!wasStuck && at < right && at > left) return { at, stuck: true };
  return { at: Math.abs(at - right) < Math.abs(at - left) ? right - margin : left + margin, stuck: false };
}

/** The least point of the cubic through two points and their slopes, within bounds. */
function interpolated(a: Point, b: Point, least: number, greatest: number): number {
  const [left, right] = a.at <= b.at ? [a, b] : [b, a];
  const d1 = a.slope + b.slope - (3 * (a.value - b.value)) / (a.at - b.at);
  const square = d1 * d1 - a.slope * b.slope;
  if (!(square >= 0)) return (least + greatest) / 2;
  const d2 = Math.sqrt(square);
  const at = right.at - (right.at - left.at) * ((right.slope + d2 - d1) / (right.slope - left.slope + 2 * d2));
  return Math.min(Math.max(at, least), greatest);
}
