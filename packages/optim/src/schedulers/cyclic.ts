import { ArgumentError } from '@dl/tensor';
import { checkOneOf, describe } from '@dl/tensor/internal';
import { checkFinite, checkFlag } from '../hyperparameters.ts';
import { LRScheduler, type SchedulerOptions } from './lrScheduler.ts';
import { checkOptimizer, checkRates, perGroup, type Scheduled, setMomentum, usesBeta1 } from './scheduled.ts';

/** What `CyclicLR` takes. */
export interface CyclicLROptions extends SchedulerOptions {
  /** How many steps the way up takes; default 2000. */
  readonly stepSizeUp?: number;
  /** How many steps the way down takes; default as many as up. */
  readonly stepSizeDown?: number | null;
  /** `triangular`: all cycles alike; `triangular2`: each half as high as the last; `exp_range`: scaled by `gamma^step`. Default `triangular`. */
  readonly mode?: 'triangular' | 'triangular2' | 'exp_range';
  /** For `exp_range`; default 1. */
  readonly gamma?: number;
  /** Another scale, instead of `mode`: a function of the cycle, from 1 up, or of the step. */
  readonly scaleFn?: ((x: number) => number) | null;
  /** What `scaleFn` is a function of: `cycle` or `iterations`; default `cycle`. */
  readonly scaleMode?: 'cycle' | 'iterations';
  /** Whether momentum (or the first beta) goes down while the rate goes up; default `true`. */
  readonly cycleMomentum?: boolean;
  /** The least momentum, one or one a group; default 0.8. */
  readonly baseMomentum?: number | readonly number[];
  /** The greatest momentum; default 0.9. */
  readonly maxMomentum?: number | readonly number[];
}

interface CyclicSettings {
  readonly max_lrs: readonly number[];
  readonly total_size: number;
  readonly step_ratio: number;
  readonly mode: string;
  readonly gamma: number;
  readonly _scale_fn_custom: ((x: number) => number) | null;
  readonly scale_mode: string;
  readonly cycle_momentum: boolean;
  readonly use_beta1?: boolean;
  readonly base_momentums?: readonly number[];
  readonly max_momentums?: readonly number[];
}

/**
 * Lets the rates go up and down between `baseLr` and `maxLr`, and momentum the other way (Smith 2017). Step it after each batch.
 * PyTorch: `torch.optim.lr_scheduler.CyclicLR`.
 *
 * @throws ArgumentError for sizes not above 0, lists that are not one value a group, or momentum of an optimizer that has none.
 * @example const scheduler = new CyclicLR(optimizer, 0.001, 0.1, { stepSizeUp: 500 });
 */
export class CyclicLR extends LRScheduler<CyclicSettings> {
  constructor(optimizer: Scheduled, baseLr: number | readonly number[], maxLr: number | readonly number[], options: CyclicLROptions = {}) {
    const { name } = new.target;
    checkOptimizer(name, optimizer);
    const baseLrs = perGroup(name, 'baseLr', optimizer, baseLr);
    checkRates(name, 'baseLr', baseLrs);
    const settings = settingsOf(name, optimizer, maxLr, options);
    if ((options.lastEpoch ?? -1) === -1) prepare(optimizer, baseLrs, settings);
    super(optimizer, settings, options);
    this.baseLrs = baseLrs;
  }

  protected override checkSettings({ total_size, step_ratio, gamma, cycle_momentum, max_lrs, mode }: CyclicSettings): void {
    if (!(total_size > 0 && Number.isFinite(total_size) && step_ratio > 0 && step_ratio <= 1))
      throw new ArgumentError(`${this.name}: stepSizeUp must be above 0 and stepSizeDown from 0 up; got ${total_size} steps in all`);
    checkFinite(this.name, 'gamma', gamma);
    checkFlag(this.name, 'cycleMomentum', cycle_momentum);
    checkRates(this.name, 'maxLr', max_lrs);
    checkOneOf(this.name, 'mode', mode, ['triangular', 'triangular2', 'exp_range']);
  }

  protected override getLr(): readonly number[] {
    const { max_lrs, base_momentums = [], max_momentums = [], cycle_momentum } = this.settings;
    const height = this.height();
    if (cycle_momentum) {
      this.optimizer.paramGroups.forEach((group, i) => {
        const [least, most] = [base_momentums[i] ?? 0, max_momentums[i] ?? 0];
        setMomentum(group, most - (most - least) * height);
      });
    }
    return this.baseLrs.map((lr, i) => lr + ((max_lrs[i] ?? lr) - lr) * height);
  }

  /** How far up, from 0 to the scale of the cycle. */
  private height(): number {
    const { total_size, step_ratio, scale_mode } = this.settings;
    const cycle = Math.floor(1 + this.lastEpoch / total_size);
    const x = 1 + this.lastEpoch / total_size - cycle;
    const part = x <= step_ratio ? x / step_ratio : (x - 1) / (step_ratio - 1);
    return part * this.scale(scale_mode === 'cycle' ? cycle : this.lastEpoch);
  }

  private scale(x: number): number {
    const { _scale_fn_custom: custom, mode, gamma } = this.settings;
    if (custom !== null) return custom(x);
    if (mode === 'triangular2') return 1 / 2 ** (x - 1);
    return mode === 'exp_range' ? gamma ** x : 1;
  }
}

function settingsOf(name: string, optimizer: Scheduled, maxLr: number | readonly number[], options: CyclicLROptions): CyclicSettings {
  const { stepSizeUp = 2000, stepSizeDown = null, mode = 'triangular', gamma = 1, scaleFn = null, scaleMode = 'cycle' } = options;
  const { cycleMomentum = true, baseMomentum = 0.8, maxMomentum = 0.9 } = options;
  if (scaleFn !== null && typeof scaleFn !== 'function')
    throw new ArgumentError(`${name}: scaleFn must be a function; got ${describe(scaleFn)}`);
  checkOneOf(name, 'scaleMode', scaleMode, ['cycle', 'iterations']);
  const total = stepSizeUp + (stepSizeDown ?? stepSizeUp);
  const modeOfScale = mode === 'exp_range' ? 'iterations' : 'cycle';
  const settings = {
    max_lrs: perGroup(name, 'maxLr', optimizer, maxLr),
    total_size: total,
    step_ratio: stepSizeUp / total,
    mode,
    gamma,
    _scale_fn_custom: scaleFn,
    scale_mode: scaleFn === null ? modeOfScale : scaleMode,
    cycle_momentum: cycleMomentum,
  };
  if (!cycleMomentum) return settings;
  const [base_momentums, max_momentums] = [
    perGroup(name, 'baseMomentum', optimizer, baseMomentum),
    perGroup(name, 'maxMomentum', optimizer, maxMomentum),
  ];
  checkRates(name, 'momenta', [...base_momentums, ...max_momentums]);
  return { ...settings, use_beta1: usesBeta1(name, optimizer), base_momentums, max_momentums };
}

function prepare(optimizer: Scheduled, baseLrs: readonly number[], { base_momentums, max_momentums }: CyclicSettings): void {
  optimizer.paramGroups.forEach((group, i) => {
    group.lr = baseLrs[i] ?? group.lr;
    const [least, most] = [base_momentums?.[i], max_momentums?.[i]];
    if (least === undefined || most === undefined) return;
    setMomentum(group, most);
    [group.maxMomentum, group.baseMomentum] = [most, least];
  });
}
