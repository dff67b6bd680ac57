import { ArgumentError, arange, cat, DTypeError, ones, ShapeError, stack, Tensor, tensor, where, zeros } from '@dl/tensor';
import { checkFloating, checkInteger, checkTensor, describe, formatShape } from '@dl/tensor/internal';
import type { Lengths } from './ctcLoss.ts';
import { knownNumbers } from './known.ts';

/** What the recursion of `ctcLoss` needs. */
export interface Alignment {
  /** `[T, N, C]`. */
  readonly logProbs: Tensor;
  /** `[N, 2S + 1]`: the labels, with blanks around each. */
  readonly labels: Tensor;
  /** `[N, 2S + 1]`: whether a state can be reached past the blank before it. */
  readonly skips: Tensor;
  /** `[N]`. */
  readonly inputLengths: Tensor;
  /** `[N]`. */
  readonly targetLengths: Tensor;
}

/** Checks what `ctcLoss` was given, and lays the targets out. */
export function alignments(logProbs: Tensor, targets: Tensor, inputLengths: Lengths, targetLengths: Lengths, blank: number): Alignment {
  const batched = batchOf(logProbs);
  const [steps = 0, examples = 0, classes = 0] = batched.shape;
  checkInteger('ctcLoss', 'blank', blank, 0, classes - 1);
  checkLabels(targets, classes, blank);
  const inputs = lengthsOf('inputLengths', inputLengths, examples, steps);
  const padded = logProbs.ndim === 2 ? targets.reshape([1, targets.numel()]) : targets;
  const concatenated = padded.ndim === 1;
  const wanted = lengthsOf('targetLengths', targetLengths, examples, concatenated ? targets.numel() : padded.size(1));
  if (concatenated) checkTotal(wanted, targets);
  else if (padded.size(0) !== examples) throw misfit(logProbs, targets);
  const rows = concatenated ? separate(targets.int(), wanted) : padded.int();
  return { logProbs: batched, ...withBlanks(rows, wanted, blank), inputLengths: inputs, targetLengths: wanted };
}

function batchOf(logProbs: Tensor): Tensor {
  checkFloating('ctcLoss', 'logProbs', logProbs);
  if ((logProbs.ndim !== 2 && logProbs.ndim !== 3) || logProbs.size(0) === 0)
    throw new ShapeError(`ctcLoss: logProbs must be [T, N, C] or [T, C] with T at least 1; got ${formatShape(logProbs.shape)}`);
  return logProbs.ndim === 3 ? logProbs : logProbs.unsqueeze(1);
}

function checkLabels(targets: Tensor, classes: number, blank: number): void {
  checkTensor('ctcLoss', 'targets', targets);
  if (targets.dtype !== 'int32' && targets.dtype !== 'uint8')
    throw new DTypeError(`ctcLoss: targets must be int32 or uint8; got ${targets.dtype}. Cast them: targets.int()`);
  if (targets.ndim !== 1 && targets.ndim !== 2)
    throw new ShapeError(`ctcLoss: targets must be [N, S] or one vector; got ${formatShape(targets.shape)}`);
  if (targets.ndim === 2) return;
  // Labels that pad a matrix may be anything; a vector has none.
  const odd = knownNumbers(targets)?.find((label) => label < 0 || label >= classes || label === blank);
  if (odd !== undefined)
    throw new ArgumentError(`ctcLoss: targets must be classes in [0, ${classes - 1}] other than the blank, ${blank}; got ${odd}`);
}

function misfit(logProbs: Tensor, targets: Tensor): ShapeError {
  const shapes = `logProbs ${formatShape(logProbs.shape)} and targets ${formatShape(targets.shape)}`;
  return new ShapeError(`ctcLoss: targets must be [N, S] for logProbs [T, N, C]; got ${shapes}`);
}

/** Lengths as `[N]` of int32, checked where they are known. */
function lengthsOf(name: string, given: Lengths, examples: number, most: number): Tensor {
  const lengths = given instanceof Tensor ? given : lengthsFrom(name, given, most);
  if (lengths.dtype !== 'int32' && lengths.dtype !== 'uint8')
    throw new DTypeError(`ctcLoss: ${name} must be int32 or uint8; got ${lengths.dtype}. Cast them: lengths.int()`);
  if (lengths.ndim > 1 || lengths.numel() !== examples)
    throw new ShapeError(`ctcLoss: ${name} must be one number for each of the ${examples} examples; got ${formatShape(lengths.shape)}`);
  for (const length of knownNumbers(lengths) ?? []) checkInteger('ctcLoss', `each of ${name}`, length, 0, most);
  return lengths.int().reshape([examples]);
}

function lengthsFrom(name: string, given: readonly number[] | number, most: number): Tensor {
  const list: unknown = typeof given === 'number' ? [given] : given;
  if (!Array.isArray(list)) throw new ArgumentError(`ctcLoss: ${name} must be a tensor, an array or a number; got ${describe(given)}`);
  for (const length of list) checkInteger('ctcLoss', `each of ${name}`, length, 0, most);
  return tensor(list, { dtype: 'int32' });
}

function checkTotal(targetLengths: Tensor, targets: Tensor): void {
  const total = knownNumbers(targetLengths)?.reduce((sum, length) => sum + length, 0);
  if (total === undefined || total === targets.numel()) return;
  throw new ArgumentError(`ctcLoss: targetLengths must add up to the ${targets.numel()} targets; got ${total}`);
}

/** Targets that stand one behind the other, as rows: as long as the longest if that is known. */
function separate(targets: Tensor, lengths: Tensor): Tensor {
  const known = knownNumbers(lengths);
  const longest = known === null ? targets.numel() : Math.max(0, ...known);
  if (longest === 0) return zeros([lengths.numel(), 0], { dtype: 'int32' });
  const starts = lengths.cumsum({ dim: 0 }).sub(lengths).unsqueeze(1);
  const places = starts.add(arange(longest, { dtype: 'int32' })).clamp({ max: targets.numel() - 1 });
  return targets.gather(0, places.reshape([places.numel()])).reshape(places.shape);
}

/** Labels behind a target's end become blanks: what is there is padding. */
function withBlanks(rows: Tensor, lengths: Tensor, blank: number): Pick<Alignment, 'labels' | 'skips'> {
  const [examples = 0, longest = 0] = rows.shape;
  const real = arange(longest, { dtype: 'int32' }).lt(lengths.unsqueeze(1));
  const own = where(real, rows, blank).int();
  const column = (value: number): Tensor => zeros([examples, 1], { dtype: 'int32' }).add(value);
  const blanks = column(blank).expand([examples, longest]);
  const interleaved = stack([blanks, own], { dim: 2 }).reshape([examples, 2 * longest]);
  const labels = cat([interleaved, column(blank)], { dim: 1 });
  if (longest === 0) return { labels, skips: ones([examples, 1]).lt(0) };
  const different = cat([column(0).gt(0), own.narrow(1, 1, longest - 1).ne(own.narrow(1, 0, longest - 1))], { dim: 1 });
  const never = column(0).gt(0);
  const skipsOfLabels = stack([never.expand([examples, longest]), different], { dim: 2 }).reshape([examples, 2 * longest]);
  return { labels, skips: cat([skipsOfLabels, never], { dim: 1 }) };
}
