import { ArgumentError } from '@dl/tensor';
import { checkInteger } from '@dl/tensor/internal';
import { checkOptimizer, ratesOf, type Scheduled, type ScheduledGroup } from './scheduled.ts';
import { loadedState, type SchedulerStateDict, takeState } from './schedulerState.ts';

/** What all schedulers take. */
export interface SchedulerOptions {
  /**
   * The number of the last step, to go on from there with an optimizer whose state was loaded; default -1: from the beginning.
   * Easier is `loadStateDict`.
   */
  readonly lastEpoch?: number;
}

/** A scheduler that is stepped without arguments: what `SequentialLR` and `ChainedScheduler` are made of. */
export interface Steppable {
  readonly optimizer: Scheduled;
  step(): void;
  getLastLr(): readonly number[];
  stateDict(): SchedulerStateDict;
  loadStateDict(dict: SchedulerStateDict): void;
  /** @internal The step with which a scheduler begins. */
  begin(): void;
  /** @internal Goes to step 0, wherever it is. */
  restart(): void;
  /** @internal Takes back the count of the step with which it began. */
  undo(): void;
}

/**
 * The base of schedulers that compute each step's learning rates from the last one's. PyTorch: `torch.optim.lr_scheduler.LRScheduler`.
 *
 * A subclass gives its settings, under the names of PyTorch's state dict, and `getLr`. The rates are set when it is made, for the first
 * optimizer step, and at each `step()`, which goes after `optimizer.step()`.
 *
 * @example
 * class HalvingLR extends LRScheduler<object> {
 *   constructor(optimizer: Scheduled) {
 *     super(optimizer, {});
 *   }
 *   protected override getLr(): number[] {
 *     return this.rates().map((lr) => (this.isInitial ? lr : lr / 2));
 *   }
 * }
 */
export abstract class LRScheduler<Settings extends object> implements Steppable {
  readonly optimizer: Scheduled;
  /** How many steps were taken. */
  lastEpoch: number;
  /** The rates from before any scheduler. */
  baseLrs: readonly number[];
  /** What it goes by, under the names of PyTorch's state dict. */
  protected settings: Settings;
  /** Whether this is the step with which it begins. */
  protected isInitial = false;
  /** How often it was stepped, with the first one. */
  protected stepCount = 0;
  #lastLr: readonly number[] = [];

  constructor(optimizer: Scheduled, settings: Settings, { lastEpoch = -1 }: SchedulerOptions = {}) {
    checkOptimizer(new.target.name, optimizer);
    checkInteger(new.target.name, 'lastEpoch', lastEpoch, -1);
    this.optimizer = optimizer;
    this.settings = settings;
    this.checkSettings(settings);
    this.baseLrs = startingRates(new.target.name, optimizer.paramGroups, lastEpoch);
    this.lastEpoch = lastEpoch;
    this.begin();
  }

  /** The class, as errors name it. */
  get name(): string {
    return this.constructor.name;
  }

  /** Sets the rates of the next step. Call it after `optimizer.step()`, or once an epoch. */
  step(): void {
    this.advance(this.lastEpoch + 1, () => this.getLr());
  }

  /** The rates that it set last, group by group. */
  getLastLr(): readonly number[] {
    return [...this.#lastLr];
  }

  /** Where it stands, under PyTorch's names. Functions are not part of it. */
  stateDict(): SchedulerStateDict {
    return { ...takeState(this.settings), ...this.#progress() };
  }

  /**
   * Goes to where `stateDict` was taken. The rates of the optimizer are its own state: load that, too.
   *
   * @throws DataError if it is not the state of such a scheduler; ArgumentError for settings out of range.
   */
  loadStateDict(dict: SchedulerStateDict): void {
    const { settings, rest } = loadedState(this.name, this.settings, this.#progress(), dict);
    this.checkSettings(settings);
    this.settings = settings;
    [this.baseLrs, this.lastEpoch, this.stepCount, this.#lastLr] = [rest.base_lrs, rest.last_epoch, rest._step_count, rest._last_lr];
  }

  /** @internal */
  begin(): void {
    this.stepCount = 0;
    this.isInitial = true;
    try {
      this.step();
    } finally {
      this.isInitial = false;
    }
  }

  /** @internal */
  restart(): void {
    this.#set(0, () => this.closedForm());
  }

  /** @internal */
  undo(): void {
    this.lastEpoch--;
  }

  /** The rates of step `lastEpoch`, mostly from those of the step before, `rates()`. */
  protected abstract getLr(): readonly number[];

  /** Refuses settings out of range. */
  protected checkSettings(_settings: Settings): void {}

  /** The rates of step `lastEpoch` from `baseLrs`, where there is such a formula. */
  protected closedForm(): readonly number[] {
    return this.getLr();
  }

  /** The rates of the groups now. */
  protected rates(): readonly number[] {
    return ratesOf(this.optimizer);
  }

  /** Counts a step and sets its rates. */
  protected advance(epoch: number, values: () => readonly number[]): void {
    this.stepCount++;
    this.#set(epoch, values);
  }

  #progress(): Progress {
    return { base_lrs: [...this.baseLrs], last_epoch: this.lastEpoch, _step_count: this.stepCount, _last_lr: [...this.#lastLr] };
  }

  #set(epoch: number, values: () => readonly number[]): void {
    this.lastEpoch = epoch;
    const rates = values();
    const groups = this.optimizer.paramGroups;
    if (rates.length !== groups.length) {
      throw new ArgumentError(
        `${this.name}: the optimizer must have the groups that it had; got ${groups.length} for ${rates.length} rates. Make the scheduler after addParamGroup`,
      );
    }
    groups.forEach((group, i) => {
      group.lr = rates[i] ?? group.lr;
    });
    this.#lastLr = ratesOf(this.optimizer);
  }
}

interface Progress {
  readonly base_lrs: readonly number[];
  readonly last_epoch: number;
  readonly _step_count: number;
  readonly _last_lr: readonly number[];
}

/** The rates from before any scheduler, which the first one notes in the groups. */
function startingRates(caller: string, groups: readonly ScheduledGroup[], lastEpoch: number): readonly number[] {
  return groups.map((group, i) => {
    if (lastEpoch >= 0 && group.initialLr === undefined)
      throw new ArgumentError(
        `${caller}: lastEpoch needs an optimizer that was scheduled before; got no initialLr in group ${i}. Load the optimizer's state first`,
      );
    group.initialLr ??= group.lr;
    return group.initialLr;
  });
}
