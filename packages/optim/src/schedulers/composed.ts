import { ArgumentError, DataError } from '@dl/tensor';
import { checkInteger, describe } from '@dl/tensor/internal';
import type { Steppable } from './lrScheduler.ts';
import { ratesOf, type Scheduled } from './scheduled.ts';
import { loadedState, type SchedulerStateDict } from './schedulerState.ts';

/**
 * One scheduler after another: the next takes over at each milestone, from its own step 0. Make them in their order, on the same optimizer.
 * PyTorch: `torch.optim.lr_scheduler.SequentialLR`.
 *
 * @throws ArgumentError if there is not one scheduler more than milestones, if milestones do not rise, or optimizers differ.
 * @example
 * const warmup = new LinearLR(optimizer, { startFactor: 0.1, totalIters: 5 });
 * const scheduler = new SequentialLR(optimizer, [warmup, new CosineAnnealingLR(optimizer, 95)], [5]);
 */
export class SequentialLR implements Steppable {
  readonly optimizer: Scheduled;
  /** How many steps were taken. */
  lastEpoch = 0;
  readonly #schedulers: readonly Steppable[];
  readonly #milestones: readonly number[];
  #lastLr: readonly number[];

  constructor(optimizer: Scheduled, schedulers: readonly Steppable[], milestones: readonly number[]) {
    checkSchedulers('SequentialLR', schedulers, optimizer);
    checkMilestones(schedulers, milestones);
    this.optimizer = optimizer;
    this.#schedulers = [...schedulers];
    this.#milestones = [...milestones];
    for (const group of optimizer.paramGroups) group.lr = group.initialLr ?? group.lr;
    for (const scheduler of schedulers) scheduler.undo();
    this.#current().begin();
    this.#lastLr = this.#current().getLastLr();
  }

  /** Sets the rates of the next step. */
  step(): void {
    this.lastEpoch++;
    const current = this.#current();
    if (this.#milestones.includes(this.lastEpoch)) current.restart();
    else current.step();
    this.#lastLr = current.getLastLr();
  }

  /** The rates that it set last, group by group. */
  getLastLr(): readonly number[] {
    return [...this.#lastLr];
  }

  /** Where it and its schedulers stand, under PyTorch's names. */
  stateDict(): SchedulerStateDict {
    return { ...this.#progress(), _schedulers: this.#schedulers.map((scheduler) => scheduler.stateDict()) };
  }

  /** @throws DataError if it is not the state of such schedulers. */
  loadStateDict(dict: SchedulerStateDict): void {
    const { settings } = loadedState('SequentialLR', this.#progress(), {}, dict);
    loadAll('SequentialLR', this.#schedulers, dict);
    [this.lastEpoch, this.#lastLr] = [settings.last_epoch, settings._last_lr];
  }

  /** @internal */
  begin(): void {
    this.step();
  }

  /** @internal */
  restart(): void {
    this.lastEpoch = 0;
    this.#current().restart();
    this.#lastLr = this.#current().getLastLr();
  }

  /** @internal */
  undo(): void {
    for (const scheduler of this.#schedulers) scheduler.undo();
  }

  #progress(): { readonly _milestones: readonly number[]; readonly last_epoch: number; readonly _last_lr: readonly number[] } {
    return { _milestones: this.#milestones, last_epoch: this.lastEpoch, _last_lr: this.getLastLr() };
  }

  #current(): Steppable {
    const passed = this.#milestones.filter((milestone) => milestone <= this.lastEpoch).length;
    const current = this.#schedulers[passed];
    if (current === undefined) throw new ArgumentError('SequentialLR: there must be schedulers; got none');
    return current;
  }
}

/**
 * Several schedulers at once: each step steps them all, in their order. PyTorch: `torch.optim.lr_scheduler.ChainedScheduler`.
 *
 * @throws ArgumentError without schedulers, or if their optimizers differ.
 * @example const scheduler = new ChainedScheduler([new ConstantLR(optimizer), new ExponentialLR(optimizer, 0.9)]);
 */
export class ChainedScheduler implements Steppable {
  readonly optimizer: Scheduled;
  readonly #schedulers: readonly Steppable[];
  #lastLr: readonly number[];

  constructor(schedulers: readonly Steppable[], options: { readonly optimizer?: Scheduled } = {}) {
    const optimizer = checkSchedulers('ChainedScheduler', schedulers, options.optimizer);
    this.optimizer = optimizer;
    this.#schedulers = [...schedulers];
    this.#lastLr = ratesOf(optimizer);
  }

  /** Sets the rates of the next step. */
  step(): void {
    this.#each((scheduler) => scheduler.step());
  }

  /** The rates that it set last, group by group. */
  getLastLr(): readonly number[] {
    return [...this.#lastLr];
  }

  /** Where it and its schedulers stand, under PyTorch's names. */
  stateDict(): SchedulerStateDict {
    return { _last_lr: this.getLastLr(), _schedulers: this.#schedulers.map((scheduler) => scheduler.stateDict()) };
  }

  /** @throws DataError if it is not the state of such schedulers. */
  loadStateDict(dict: SchedulerStateDict): void {
    const { settings } = loadedState('ChainedScheduler', { _last_lr: this.getLastLr() }, {}, dict);
    loadAll('ChainedScheduler', this.#schedulers, dict);
    this.#lastLr = settings._last_lr;
  }

  /** @internal */
  begin(): void {
    this.step();
  }

  /** @internal */
  restart(): void {
    this.#each((scheduler) => scheduler.restart());
  }

  /** @internal */
  undo(): void {
    for (const scheduler of this.#schedulers) scheduler.undo();
  }

  #each(run: (scheduler: Steppable) => void): void {
    for (const scheduler of this.#schedulers) run(scheduler);
    this.#lastLr = ratesOf(this.optimizer);
  }
}

/** Refuses what are no schedulers of one optimizer, which it gives. */
function checkSchedulers(caller: string, schedulers: readonly Steppable[], optimizer?: Scheduled): Scheduled {
  const owner = optimizer ?? schedulers[0]?.optimizer;
  if (schedulers.length === 0 || owner === undefined) throw new ArgumentError(`${caller}: there must be schedulers; got none`);
  schedulers.forEach((scheduler, i) => {
    if (typeof scheduler?.undo !== 'function')
      throw new ArgumentError(`${caller}: schedulers must be those that step without a metric; got ${describe(scheduler)} as number ${i}`);
    if (scheduler.optimizer !== owner)
      throw new ArgumentError(`${caller}: schedulers must be of the same optimizer; got one of another as number ${i}`);
  });
  return owner;
}

function checkMilestones(schedulers: readonly unknown[], milestones: readonly number[]): void {
  milestones.forEach((milestone, i) => {
    checkInteger('SequentialLR', 'a milestone', milestone, 1);
    if (milestone <= (milestones[i - 1] ?? 0))
      throw new ArgumentError(`SequentialLR: milestones must rise; got [${milestones.join(', ')}]`);
  });
  if (milestones.length === schedulers.length - 1) return;
  throw new ArgumentError(
    `SequentialLR: there must be one scheduler more than milestones; got ${schedulers.length} and ${milestones.length}`,
  );
}

function loadAll(caller: string, schedulers: readonly Steppable[], { _schedulers: states }: SchedulerStateDict): void {
  const list: readonly unknown[] = Array.isArray(states) ? states : [];
  if (list.length !== schedulers.length)
    throw new DataError(
      `loadStateDict: the state must fit this ${caller}; got ${list.length} schedulers, where it has ${schedulers.length}`,
    );
  schedulers.forEach((scheduler, i) => {
    scheduler.loadStateDict(Object(list[i]));
  });
}
