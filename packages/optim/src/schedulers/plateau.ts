import { ArgumentError } from '@dl/tensor';
import { checkInteger, checkOneOf, describe } from '@dl/tensor/internal';
import { checkFinite, checkNonNegative } from '../hyperparameters.ts';
import { checkOptimizer, checkRates, perGroup, ratesOf, type Scheduled } from './scheduled.ts';
import { loadedState, type SchedulerStateDict, takeState } from './schedulerState.ts';

/** What `ReduceLROnPlateau` takes. */
export interface ReduceLROnPlateauOptions {
  /** Whether less (`min`) or more (`max`) is better; default `min`. */
  readonly mode?: 'min' | 'max';
  /** What the rate is multiplied by, below 1; default 0.1. */
  readonly factor?: number;
  /** How many steps without progress are let pass; default 10. */
  readonly patience?: number;
  /** What counts as progress; default 1e-4. */
  readonly threshold?: number;
  /** Whether the threshold is a share of the best value (`rel`) or a difference (`abs`); default `rel`. */
  readonly thresholdMode?: 'rel' | 'abs';
  /** For how many steps after a reduction nothing is counted; default 0. */
  readonly cooldown?: number;
  /** The least rate, one or one a group; default 0. */
  readonly minLr?: number | readonly number[];
  /** Smaller changes of the rate are not made; default 1e-8. */
  readonly eps?: number;
}

interface PlateauState {
  readonly factor: number;
  readonly default_min_lr: number | null;
  readonly min_lrs: readonly number[];
  readonly patience: number;
  readonly cooldown: number;
  readonly eps: number;
  readonly mode: 'min' | 'max';
  readonly threshold: number;
  readonly threshold_mode: 'rel' | 'abs';
  readonly mode_worse: number;
  readonly best: number;
  readonly cooldown_counter: number;
  readonly num_bad_epochs: number;
  readonly last_epoch: number;
  readonly _last_lr: readonly number[];
}

/**
 * Multiplies the rates by `factor` when a metric has made no progress for more than `patience` steps.
 * PyTorch: `torch.optim.lr_scheduler.ReduceLROnPlateau`.
 *
 * @throws ArgumentError for options out of range; from `step` for what is no number.
 * @example
 * const scheduler = new ReduceLROnPlateau(optimizer, { patience: 3 });
 * scheduler.step(await validationLoss.item());
 */
export class ReduceLROnPlateau {
  readonly optimizer: Scheduled;
  #state: PlateauState;

  constructor(optimizer: Scheduled, options: ReduceLROnPlateauOptions = {}) {
    checkOptimizer('ReduceLROnPlateau', optimizer);
    this.optimizer = optimizer;
    this.#state = startingState(optimizer, options);
    checkState(this.#state);
  }

  /** How many steps were taken. */
  get lastEpoch(): number {
    return this.#state.last_epoch;
  }

  /** Counts a step with the metric that it reached, and sets the rates. */
  step(metric: number): void {
    if (typeof metric !== 'number')
      throw new ArgumentError(`ReduceLROnPlateau: the metric must be a number; got ${describe(metric)}. Await it: await loss.item()`);
    const before = this.#state;
    const better = isBetter(metric, before);
    const cooling = before.cooldown_counter > 0;
    const bad = better || cooling ? 0 : before.num_bad_epochs + 1;
    const reduces = bad > before.patience;
    if (reduces) this.#reduce();
    this.#state = {
      ...before,
      last_epoch: before.last_epoch + 1,
      best: better ? metric : before.best,
      cooldown_counter: reduces ? before.cooldown : before.cooldown_counter - Number(cooling),
      num_bad_epochs: reduces ? 0 : bad,
      _last_lr: ratesOf(this.optimizer),
    };
  }

  /** The rates that it saw last, group by group. */
  getLastLr(): readonly number[] {
    return [...this.#state._last_lr];
  }

  /** Where it stands, under PyTorch's names. */
  stateDict(): SchedulerStateDict {
    return takeState(this.#state);
  }

  /**
   * Goes to where `stateDict` was taken.
   *
   * @throws DataError if it is not the state of such a scheduler; ArgumentError for settings out of range.
   */
  loadStateDict(dict: SchedulerStateDict): void {
    const { settings } = loadedState('ReduceLROnPlateau', this.#state, {}, dict);
    checkState(settings);
    this.#state = settings;
  }

  #reduce(): void {
    const { factor, eps, default_min_lr } = this.#state;
    const { paramGroups } = this.optimizer;
    const least = default_min_lr === null ? this.#state.min_lrs : paramGroups.map(() => default_min_lr);
    if (least.length !== paramGroups.length)
      throw new ArgumentError(`ReduceLROnPlateau: minLr must be one a group; got ${least.length} for ${paramGroups.length} groups`);
    paramGroups.forEach((group, i) => {
      const lr = Math.max(group.lr * factor, least[i] ?? 0);
      if (group.lr - lr > eps) group.lr = lr;
    });
  }
}

function startingState(optimizer: Scheduled, options: ReduceLROnPlateauOptions): PlateauState {
  const {
    mode = 'min',
    factor = 0.1,
    patience = 10,
    threshold = 1e-4,
    thresholdMode = 'rel',
    cooldown = 0,
    minLr = 0,
    eps = 1e-8,
  } = options;
  const worse = mode === 'min' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  return {
    factor,
    default_min_lr: typeof minLr === 'number' ? minLr : null,
    min_lrs: perGroup('ReduceLROnPlateau', 'minLr', optimizer, minLr),
    patience,
    cooldown,
    eps,
    last_epoch: 0,
    _last_lr: ratesOf(optimizer),
    mode_worse: worse,
    mode,
    threshold,
    threshold_mode: thresholdMode,
    best: worse,
    cooldown_counter: 0,
    num_bad_epochs: 0,
  };
}

function checkState({ mode, factor, patience, threshold, threshold_mode, cooldown, min_lrs, eps }: PlateauState): void {
  const caller = 'ReduceLROnPlateau';
  checkOneOf(caller, 'mode', mode, ['min', 'max']);
  checkOneOf(caller, 'thresholdMode', threshold_mode, ['rel', 'abs']);
  checkFinite(caller, 'factor', factor);
  if (factor >= 1) throw new ArgumentError(`${caller}: factor must be below 1; got ${factor}`);
  checkInteger(caller, 'patience', patience, 0);
  checkInteger(caller, 'cooldown', cooldown, 0);
  checkNonNegative(caller, 'eps', eps);
  checkFinite(caller, 'threshold', threshold);
  checkRates(caller, 'minLr', min_lrs);
}

function isBetter(metric: number, { mode, threshold, threshold_mode, best }: PlateauState): boolean {
  const relative = threshold_mode === 'rel';
  if (mode === 'min') return metric < (relative ? best * (1 - threshold) : best - threshold);
  return metric > (relative ? best * (threshold + 1) : best + threshold);
}
