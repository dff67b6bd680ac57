import { ArgumentError } from '@dl/tensor';
import { checkInteger, checkOneOf } from '@dl/tensor/internal';
import { checkBetween, checkFinite, checkFlag } from '../hyperparameters.ts';
import { LRScheduler, type SchedulerOptions } from './lrScheduler.ts';
import { checkOptimizer, checkRates, perGroup, type Scheduled, type ScheduledGroup, setMomentum, usesBeta1 } from './scheduled.ts';

/** What `OneCycleLR` takes: `totalSteps`, or `epochs` and `stepsPerEpoch`. */
export interface OneCycleLROptions extends SchedulerOptions {
  /** How many steps the cycle has. */
  readonly totalSteps?: number;
  /** How many epochs it has. */
  readonly epochs?: number;
  /** How many steps an epoch has. */
  readonly stepsPerEpoch?: number;
  /** The share of the steps in which the rate rises; default 0.3. */
  readonly pctStart?: number;
  /** Along a cosine or a straight line; default `cos`. */
  readonly annealStrategy?: 'cos' | 'linear';
  /** Whether momentum (or the first beta) goes down while the rate goes up; default `true`. */
  readonly cycleMomentum?: boolean;
  /** The least momentum, one or one a group; default 0.85. */
  readonly baseMomentum?: number | readonly number[];
  /** The greatest momentum; default 0.95. */
  readonly maxMomentum?: number | readonly number[];
  /** The first rate is `maxLr / divFactor`; default 25. */
  readonly divFactor?: number;
  /** The last rate is the first over this; default 10,000. */
  readonly finalDivFactor?: number;
  /** Come back to the first rate before going below it; default `false`. */
  readonly threePhase?: boolean;
}

/** A part of the cycle: between which of a group's rates and momenta it goes. */
interface Phase {
  readonly end_step: number;
  readonly start_lr: string;
  readonly end_lr: string;
  readonly start_momentum: string;
  readonly end_momentum: string;
}

interface OneCycleSettings {
  readonly total_steps: number;
  readonly _schedule_phases: readonly Phase[];
  readonly _anneal_func_type: 'cos' | 'linear';
  readonly cycle_momentum: boolean;
  readonly use_beta1?: boolean;
}

/**
 * One cycle: the rates rise to `maxLr` and fall far below where they began, momentum goes the other way (Smith and Topin 2018). Step it after
 * each batch. PyTorch: `torch.optim.lr_scheduler.OneCycleLR`.
 *
 * @throws ArgumentError without a number of steps, for options out of range, for momentum of an optimizer that has none; from `step` past
 *   the end.
 * @example const scheduler = new OneCycleLR(optimizer, 0.01, { epochs: 10, stepsPerEpoch: 938 });
 */
export class OneCycleLR extends LRScheduler<OneCycleSettings> {
  constructor(optimizer: Scheduled, maxLr: number | readonly number[], options: OneCycleLROptions = {}) {
    const { name } = new.target;
    checkOptimizer(name, optimizer);
    const settings = settingsOf(name, optimizer, options);
    prepare(name, optimizer, maxLr, options);
    super(optimizer, settings, options);
  }

  override step(): void {
    const { total_steps } = this.settings;
    if (this.lastEpoch + 1 > total_steps)
      throw new ArgumentError(
        `${this.name}: it has ${total_steps} steps (totalSteps); got step ${this.lastEpoch + 1}. Make a new scheduler`,
      );
    super.step();
  }

  protected override checkSettings({ total_steps, _anneal_func_type }: OneCycleSettings): void {
    checkInteger(this.name, 'totalSteps', total_steps, 1);
    checkOneOf(this.name, 'annealStrategy', _anneal_func_type, ['cos', 'linear']);
  }

  protected override getLr(): readonly number[] {
    const { cycle_momentum, _anneal_func_type } = this.settings;
    const { phase, part } = this.place();
    const between = _anneal_func_type === 'cos' ? alongCosine : alongLine;
    return this.optimizer.paramGroups.map((group) => {
      const values = levelsOf(group);
      if (cycle_momentum) setMomentum(group, between(values[phase.start_momentum] ?? 0, values[phase.end_momentum] ?? 0, part));
      return between(values[phase.start_lr] ?? 0, values[phase.end_lr] ?? 0, part);
    });
  }

  /** The phase of this step, and which part of it is over. */
  private place(): { readonly phase: Phase; readonly part: number } {
    const { _schedule_phases: phases } = this.settings;
    const found = phases.findIndex(({ end_step }) => this.lastEpoch <= end_step);
    const i = found < 0 ? phases.length - 1 : found;
    const phase = phases[i];
    if (phase === undefined) throw new ArgumentError(`${this.name}: a cycle must have phases; got none`);
    const start = phases[i - 1]?.end_step ?? 0;
    return { phase, part: (this.lastEpoch - start) / (phase.end_step - start) };
  }
}

function levelsOf({ initialLr = 0, maxLr = 0, minLr = 0, maxMomentum = 0, baseMomentum = 0 }: ScheduledGroup): Record<string, number> {
  return { initial_lr: initialLr, max_lr: maxLr, min_lr: minLr, max_momentum: maxMomentum, base_momentum: baseMomentum };
}

function settingsOf(name: string, optimizer: Scheduled, options: OneCycleLROptions): OneCycleSettings {
  const { pctStart = 0.3, annealStrategy = 'cos', cycleMomentum = true, threePhase = false } = options;
  const total = stepsOf(name, options);
  checkBetween(name, 'pctStart', pctStart, 0, 1);
  checkFlag(name, 'cycleMomentum', cycleMomentum);
  checkFlag(name, 'threePhase', threePhase);
  if (pctStart * total === 1)
    throw new ArgumentError(`${name}: the rise must not be one step long; got pctStart ${pctStart} of ${total} steps. Change either`);
  const settings = {
    total_steps: total,
    _schedule_phases: threePhase ? threePhases(pctStart, total) : twoPhases(pctStart, total),
    _anneal_func_type: annealStrategy,
    cycle_momentum: cycleMomentum,
  };
  return cycleMomentum ? { ...settings, use_beta1: usesBeta1(name, optimizer) } : settings;
}

function stepsOf(name: string, { totalSteps, epochs, stepsPerEpoch }: OneCycleLROptions): number {
  if (totalSteps !== undefined) {
    checkInteger(name, 'totalSteps', totalSteps, 1);
    return totalSteps;
  }
  if (epochs === undefined || stepsPerEpoch === undefined)
    throw new ArgumentError(`${name}: give totalSteps, or epochs and stepsPerEpoch; got neither`);
  checkInteger(name, 'epochs', epochs, 1);
  checkInteger(name, 'stepsPerEpoch', stepsPerEpoch, 1);
  return epochs * stepsPerEpoch;
}

const [top, bottom] = ['max_momentum', 'base_momentum'] as const;

function twoPhases(share: number, total: number): readonly Phase[] {
  return [
    { end_step: share * total - 1, start_lr: 'initial_lr', end_lr: 'max_lr', start_momentum: top, end_momentum: bottom },
    { end_step: total - 1, start_lr: 'max_lr', end_lr: 'min_lr', start_momentum: bottom, end_momentum: top },
  ];
}

function threePhases(share: number, total: number): readonly Phase[] {
  return [
    { end_step: share * total - 1, start_lr: 'initial_lr', end_lr: 'max_lr', start_momentum: top, end_momentum: bottom },
    { end_step: 2 * share * total - 2, start_lr: 'max_lr', end_lr: 'initial_lr', start_momentum: bottom, end_momentum: top },
    { end_step: total - 1, start_lr: 'initial_lr', end_lr: 'min_lr', start_momentum: top, end_momentum: top },
  ];
}

/** Notes the levels between which it goes in the groups. */
function prepare(name: string, optimizer: Scheduled, maxLr: number | readonly number[], options: OneCycleLROptions): void {
  const { divFactor = 25, finalDivFactor = 1e4, baseMomentum = 0.85, maxMomentum = 0.95, cycleMomentum = true } = options;
  checkFinite(name, 'divFactor', divFactor);
  checkFinite(name, 'finalDivFactor', finalDivFactor);
  const maxLrs = perGroup(name, 'maxLr', optimizer, maxLr);
  const [most, least] = [perGroup(name, 'maxMomentum', optimizer, maxMomentum), perGroup(name, 'baseMomentum', optimizer, baseMomentum)];
  checkRates(name, 'maxLr', maxLrs);
  checkRates(name, 'momenta', [...most, ...least]);
  if (divFactor === 0 || finalDivFactor === 0) throw new ArgumentError(`${name}: divFactor and finalDivFactor must not be 0`);
  if ((options.lastEpoch ?? -1) !== -1) return;
  optimizer.paramGroups.forEach((group, i) => {
    const lr = maxLrs[i] ?? group.lr;
    Object.assign(group, { initialLr: lr / divFactor, maxLr: lr, minLr: lr / divFactor / finalDivFactor });
    if (!cycleMomentum) return;
    setMomentum(group, most[i] ?? 0);
    Object.assign(group, { maxMomentum: most[i], baseMomentum: least[i] });
  });
}

function alongCosine(start: number, end: number, part: number): number {
  return end + ((start - end) / 2) * (Math.cos(Math.PI * part) + 1);
}

function alongLine(start: number, end: number, part: number): number {
  return (end - start) * part + start;
}
