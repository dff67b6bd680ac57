import { ArgumentError, cat, DTypeError, ShapeError, type Tensor, where } from '@dl/tensor';
import { checkFloating, checkInteger, checkTensor, describe, formatShape } from '@dl/tensor/internal';
import { ModuleList } from '../containers/moduleList.ts';
import { Sequential } from '../containers/sequential.ts';
import { checkPositive } from '../functional/checks.ts';
import { knownNumbers } from '../functional/known.ts';
import { Linear } from '../layers/linear.ts';
import type { FloatingOptions } from '../layers/options.ts';
import { Module } from '../module.ts';

/** What `AdaptiveLogSoftmaxWithLoss` takes. */
export interface AdaptiveLogSoftmaxOptions extends FloatingOptions {
  /** Cluster i has `inFeatures / divValue ** i` features, rounded down; default 4. */
  readonly divValue?: number;
  /** Whether the head has a bias; default `false`. */
  readonly headBias?: boolean;
}

/** What `AdaptiveLogSoftmaxWithLoss` returns. */
export interface AdaptiveLogSoftmaxOutput {
  /** The log-probability of each target: `[N]` or `[]`. */
  readonly output: Tensor;
  /** The mean of their negatives. */
  readonly loss: Tensor;
}

/**
 * A softmax over very many classes, the most frequent first: those below `cutoffs[0]` and one a cluster of rarer classes are in the head, each
 * cluster has a softmax of its own over fewer features (Grave et al. 2017). Input `[N, inFeatures]` or `[inFeatures]`, target `[N]` or `[]`.
 * Every cluster is computed for every row, since shapes do not depend on data: it saves parameters and multiply-adds by fewer features, not
 * by skipping rows. PyTorch: `torch.nn.AdaptiveLogSoftmaxWithLoss`.
 *
 * @throws ArgumentError for sizes out of range, or cutoffs that do not rise from 1 to at most `nClasses - 1`; at the call ShapeError, DTypeError
 *   if input and target do not fit; ArgumentError for a known label that is no class, IndexError, when it is computed, for another one.
 * @example
 * const criterion = new AdaptiveLogSoftmaxWithLoss(64, 10_000, [100, 1000]);
 * const { loss } = criterion(hidden, words);
 */
export class AdaptiveLogSoftmaxWithLoss extends Module {
  readonly inFeatures: number;
  readonly nClasses: number;
  /** Where clusters begin, and `nClasses`. */
  readonly cutoffs: readonly number[];
  readonly divValue: number;
  readonly headBias: boolean;
  readonly head: Linear;
  readonly tail: ModuleList<Sequential<[Linear, Linear]>>;

  constructor(inFeatures: number, nClasses: number, cutoffs: readonly number[], options: AdaptiveLogSoftmaxOptions = {}) {
    super();
    const { divValue = 4, headBias = false, dtype = 'float32' } = options;
    checkInteger(name, 'inFeatures', inFeatures, 1);
    checkInteger(name, 'nClasses', nClasses, 2);
    checkCutoffs(cutoffs, nClasses);
    checkPositive(name, 'divValue', divValue);
    const widths = cutoffs.map((_, i) => Math.floor(inFeatures / divValue ** (i + 1)));
    checkWidths(widths, divValue);
    this.inFeatures = inFeatures;
    this.nClasses = nClasses;
    this.cutoffs = [...cutoffs, nClasses];
    this.divValue = divValue;
    this.headBias = headBias;
    this.head = new Linear(inFeatures, this.shortlistSize + cutoffs.length, { bias: headBias, dtype });
    const projection = (width: number, i: number): Sequential<[Linear, Linear]> => {
      const classes = (this.cutoffs[i + 1] ?? 0) - (this.cutoffs[i] ?? 0);
      return new Sequential(new Linear(inFeatures, width, { bias: false, dtype }), new Linear(width, classes, { bias: false, dtype }));
    };
    this.tail = new ModuleList(widths.map(projection));
  }

  /** How many classes are in the head. */
  get shortlistSize(): number {
    return this.cutoffs[0] ?? 0;
  }

  override forward(input: Tensor, target: Tensor): AdaptiveLogSoftmaxOutput {
    checkInput(input, this.inFeatures);
    checkTarget(input, target, this.nClasses);
    const rows = input.ndim === 1 ? input.unsqueeze(0) : input;
    const labels = target.int().reshape([rows.size(0)]);
    const first = this.shortlistSize;
    // A label that is no class reaches a `gather`, which refuses it.
    let place = labels;
    let inClusters = rows.select(1, 0).mul(0).detach();
    for (const [i, cluster] of [...this.tail].entries()) {
      const [low, high] = this.range(i);
      const isLast = i === this.tail.length - 1;
      const isIn = isLast ? labels.ge(low) : labels.ge(low).logicalAnd(labels.lt(high));
      const local = picked(cluster(rows).logSoftmax(1), where(isIn, labels.sub(low), 0));
      inClusters = where(isIn, local, inClusters);
      place = where(isIn, first + i, place);
    }
    const output = inClusters.add(picked(this.head(rows).logSoftmax(1), place)).reshape(target.shape);
    return { output, loss: output.mean().neg() };
  }

  /** The log-probabilities of all classes: `[N, nClasses]` for an input `[N, inFeatures]`. */
  logProb(input: Tensor): Tensor {
    checkInput(input, this.inFeatures, [2]);
    const head = this.head(input).logSoftmax(1);
    const first = this.shortlistSize;
    const clusters = [...this.tail].map((cluster, i) =>
      cluster(input)
        .logSoftmax(1)
        .add(head.narrow(1, first + i, 1)),
    );
    return cat([head.narrow(1, 0, first), ...clusters], { dim: 1 });
  }

  /** The most probable class of each row: `[N]` for an input `[N, inFeatures]`. */
  predict(input: Tensor): Tensor {
    return this.logProb(input).argmax({ dim: 1 });
  }

  private range(cluster: number): readonly [low: number, high: number] {
    return [this.cutoffs[cluster] ?? 0, this.cutoffs[cluster + 1] ?? 0];
  }
}

// ---------------------------------------------------------------------------------------------------------------------

const name = 'AdaptiveLogSoftmaxWithLoss';

function picked(logs: Tensor, labels: Tensor): Tensor {
  return logs.gather(1, labels.int().unsqueeze(1)).squeeze({ dim: 1 });
}

function checkCutoffs(cutoffs: unknown, nClasses: number): void {
  const rises = (cutoff: unknown, i: number, all: readonly unknown[]): boolean =>
    typeof cutoff === 'number' && Number.isInteger(cutoff) && cutoff > (i === 0 ? 0 : Number(all[i - 1])) && cutoff < nClasses;
  if (Array.isArray(cutoffs) && cutoffs.length > 0 && cutoffs.every(rises)) return;
  throw new ArgumentError(`${name}: cutoffs must be whole numbers that rise from 1 to at most ${nClasses - 1}; got ${describe(cutoffs)}`);
}

function checkWidths(widths: readonly number[], divValue: number): void {
  const narrow = widths.indexOf(0);
  if (narrow < 0) return;
  throw new ArgumentError(`${name}: each cluster must have a feature; got none for cluster ${narrow} with divValue ${divValue}. Lower it`);
}

function checkInput(input: Tensor, inFeatures: number, ranks: readonly number[] = [1, 2]): void {
  checkTensor(name, 'input', input);
  checkFloating(name, 'input', input);
  if (ranks.includes(input.ndim) && input.size(-1) === inFeatures) return;
  const layouts = ranks.length === 1 ? `[N, ${inFeatures}]` : `[N, ${inFeatures}] or [${inFeatures}]`;
  throw new ShapeError(`${name}: input must be ${layouts}; got ${formatShape(input.shape)}`);
}

function checkTarget(input: Tensor, target: Tensor, nClasses: number): void {
  checkTensor(name, 'target', target);
  const got = `got input ${formatShape(input.shape)} and target ${formatShape(target.shape)} of ${target.dtype}`;
  if (target.ndim !== input.ndim - 1 || (target.ndim === 1 && target.size(0) !== input.size(0)))
    throw new ShapeError(`${name}: target must be [N] for an input [N, …], [] for one of a single row; ${got}`);
  if (target.dtype !== 'int32' && target.dtype !== 'uint8')
    throw new DTypeError(`${name}: target must be int32 or uint8; ${got}. Cast it: target.int()`);
  const odd = knownNumbers(target)?.find((label) => label < 0 || label >= nClasses);
  if (odd !== undefined) throw new ArgumentError(`${name}: target must be classes in [0, ${nClasses - 1}]; got ${odd}`);
}
