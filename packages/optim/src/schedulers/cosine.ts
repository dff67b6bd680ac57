import { ArgumentError } from '@dl/tensor';
import { checkInteger } from '@dl/tensor/internal';
import { checkFinite, checkNonNegative } from '../hyperparameters.ts';
import { LRScheduler, type SchedulerOptions } from './lrScheduler.ts';
import type { Scheduled } from './scheduled.ts';

/** What `CosineAnnealingLR` takes. */
export interface CosineAnnealingLROptions extends SchedulerOptions {
  /** The least rate; default 0. */
  readonly etaMin?: number;
}

interface CosineSettings {
  readonly T_max: number;
  readonly eta_min: number;
}

/**
 * Lets the rates fall to `etaMin` in `TMax` steps, and rise again, along a cosine: `η = etaMin + (lr - etaMin) (1 + cos(π t / TMax)) / 2`
 * (Loshchilov and Hutter 2017). PyTorch: `torch.optim.lr_scheduler.CosineAnnealingLR`.
 *
 * @throws ArgumentError if `TMax` is no whole number from 1 up.
 * @example const scheduler = new CosineAnnealingLR(optimizer, epochs);
 */
export class CosineAnnealingLR extends LRScheduler<CosineSettings> {
  constructor(optimizer: Scheduled, TMax: number, options: CosineAnnealingLROptions = {}) {
    super(optimizer, { T_max: TMax, eta_min: options.etaMin ?? 0 }, options);
  }

  protected override checkSettings({ T_max, eta_min }: CosineSettings): void {
    checkInteger(this.name, 'TMax', T_max, 1);
    checkFinite(this.name, 'etaMin', eta_min);
  }

  protected override getLr(): readonly number[] {
    const { T_max, eta_min } = this.settings;
    const rates = this.rates();
    if (this.isInitial) return rates;
    if (this.stepCount === 1 && this.lastEpoch > 0) return this.closedForm();
    if ((this.lastEpoch - 1 - T_max) % (2 * T_max) === 0) {
      const share = (1 - Math.cos(Math.PI / T_max)) / 2;
      return rates.map((lr, i) => lr + ((this.baseLrs[i] ?? lr) - eta_min) * share);
    }
    const ratio = (1 + Math.cos((Math.PI * this.lastEpoch) / T_max)) / (1 + Math.cos((Math.PI * (this.lastEpoch - 1)) / T_max));
    return rates.map((lr) => ratio * (lr - eta_min) + eta_min);
  }

  protected override closedForm(): readonly number[] {
    const { T_max, eta_min } = this.settings;
    return this.baseLrs.map((lr) => cosineBetween(lr, eta_min, this.lastEpoch / T_max));
  }
}

/** What `CosineAnnealingWarmRestarts` takes. */
export interface CosineAnnealingWarmRestartsOptions extends SchedulerOptions {
  /** By what each period is longer than the last; default 1. */
  readonly TMult?: number;
  /** The least rate; default 0. */
  readonly etaMin?: number;
}

interface RestartSettings {
  readonly T_0: number;
  readonly T_i: number;
  readonly T_mult: number;
  readonly T_cur: number;
  readonly eta_min: number;
}

/**
 * A cosine that falls to `etaMin` in `T0` steps, starts again at the top, and takes `TMult` times as long each time (Loshchilov and Hutter
 * 2017). `step` takes the epoch as well, a fraction too: `scheduler.step(epoch + batch / batches)`.
 * PyTorch: `torch.optim.lr_scheduler.CosineAnnealingWarmRestarts`.
 *
 * @throws ArgumentError if `T0` or `TMult` is no whole number from 1 up; from `step` for an epoch below 0.
 * @example const scheduler = new CosineAnnealingWarmRestarts(optimizer, 10, { TMult: 2 });
 */
export class CosineAnnealingWarmRestarts extends LRScheduler<RestartSettings> {
  constructor(optimizer: Scheduled, T0: number, options: CosineAnnealingWarmRestartsOptions = {}) {
    const { TMult = 1, etaMin = 0, lastEpoch = -1 } = options;
    super(optimizer, { T_0: T0, T_i: T0, T_mult: TMult, eta_min: etaMin, T_cur: lastEpoch }, options);
  }

  override step(epoch?: number): void {
    if (epoch !== undefined) checkNonNegative(this.name, 'epoch', epoch);
    const at = epoch ?? (this.lastEpoch < 0 ? 0 : null);
    this.settings = { ...this.settings, ...(at === null ? this.next() : this.at(at)) };
    this.advance(at === null ? this.lastEpoch + 1 : Math.floor(at), () => this.getLr());
    // PyTorch's does not count its steps.
    this.stepCount = 0;
  }

  protected override checkSettings({ T_0, T_mult, eta_min, T_i }: RestartSettings): void {
    checkInteger(this.name, 'T0', T_0, 1);
    checkInteger(this.name, 'TMult', T_mult, 1);
    checkFinite(this.name, 'etaMin', eta_min);
    if (!(T_i > 0)) throw new ArgumentError(`${this.name}: T_i must be above 0; got ${T_i}`);
  }

  protected override getLr(): readonly number[] {
    const { T_cur, T_i, eta_min } = this.settings;
    return this.baseLrs.map((lr) => cosineBetween(lr, eta_min, T_cur / T_i));
  }

  private next(): { readonly T_cur: number; readonly T_i: number } {
    const { T_cur, T_i, T_mult } = this.settings;
    return T_cur + 1 >= T_i ? { T_cur: (T_cur + 1) % T_i, T_i: T_i * T_mult } : { T_cur: T_cur + 1, T_i };
  }

  private at(epoch: number): { readonly T_cur: number; readonly T_i: number } {
    const { T_0, T_i, T_mult } = this.settings;
    if (epoch < T_0) return { T_cur: epoch, T_i: T_0 };
    if (T_mult === 1) return { T_cur: epoch % T_0, T_i };
    const n = Math.trunc(Math.log((epoch / T_0) * (T_mult - 1) + 1) / Math.log(T_mult));
    return { T_cur: epoch - (T_0 * (T_mult ** n - 1)) / (T_mult - 1), T_i: T_0 * T_mult ** n };
  }
}

function cosineBetween(top: number, bottom: number, part: number): number {
  return bottom + ((top - bottom) * (1 + Math.cos(Math.PI * part))) / 2;
}
