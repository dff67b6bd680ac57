import { ArgumentError } from '@dl/tensor';
import { checkInteger, describe } from '@dl/tensor/internal';
import { checkBetween, checkFinite, checkNonNegative } from '../hyperparameters.ts';
import { LRScheduler, type SchedulerOptions } from './lrScheduler.ts';
import type { Scheduled } from './scheduled.ts';

/** What `StepLR` and `MultiStepLR` take. */
export interface StepLROptions extends SchedulerOptions {
  /** What the rate is multiplied by; default 0.1. */
  readonly gamma?: number;
}

/**
 * Multiplies the rates by `gamma` every `stepSize` steps. PyTorch: `torch.optim.lr_scheduler.StepLR`.
 *
 * @throws ArgumentError if `stepSize` is not a whole number from 1 up.
 * @example const scheduler = new StepLR(optimizer, 30, { gamma: 0.1 });
 */
export class StepLR extends LRScheduler<{ readonly step_size: number; readonly gamma: number }> {
  constructor(optimizer: Scheduled, stepSize: number, options: StepLROptions = {}) {
    super(optimizer, { step_size: stepSize, gamma: options.gamma ?? 0.1 }, options);
  }

  protected override checkSettings({ step_size, gamma }: { readonly step_size: number; readonly gamma: number }): void {
    checkInteger(this.name, 'stepSize', step_size, 1);
    checkFinite(this.name, 'gamma', gamma);
  }

  protected override getLr(): readonly number[] {
    const { step_size, gamma } = this.settings;
    const falls = this.lastEpoch !== 0 && this.lastEpoch % step_size === 0;
    return falls ? this.rates().map((lr) => lr * gamma) : this.rates();
  }

  protected override closedForm(): readonly number[] {
    const { step_size, gamma } = this.settings;
    return this.baseLrs.map((lr) => lr * gamma ** Math.floor(this.lastEpoch / step_size));
  }
}

interface MultiStepSettings {
  /** How often each step is a milestone. */
  readonly milestones: Readonly<Record<string, number>>;
  readonly gamma: number;
}

/**
 * Multiplies the rates by `gamma` at each milestone; one that is named twice counts twice. PyTorch: `torch.optim.lr_scheduler.MultiStepLR`.
 *
 * @throws ArgumentError if milestones are not whole numbers from 0 up.
 * @example const scheduler = new MultiStepLR(optimizer, [30, 80], { gamma: 0.1 });
 */
export class MultiStepLR extends LRScheduler<MultiStepSettings> {
  constructor(optimizer: Scheduled, milestones: readonly number[], options: StepLROptions = {}) {
    super(optimizer, { milestones: counted(milestones), gamma: options.gamma ?? 0.1 }, options);
  }

  protected override checkSettings({ milestones, gamma }: MultiStepSettings): void {
    for (const [milestone, count] of Object.entries(milestones)) {
      checkInteger(this.name, 'a milestone', Number(milestone), 0);
      checkInteger(this.name, 'the count of a milestone', count, 1);
    }
    checkFinite(this.name, 'gamma', gamma);
  }

  protected override getLr(): readonly number[] {
    const { milestones, gamma } = this.settings;
    const factor = gamma ** (milestones[this.lastEpoch] ?? 0);
    return this.rates().map((lr) => lr * factor);
  }

  protected override closedForm(): readonly number[] {
    const { milestones, gamma } = this.settings;
    const passed = Object.entries(milestones).filter(([milestone]) => Number(milestone) <= this.lastEpoch);
    return this.baseLrs.map((lr) => lr * gamma ** passed.reduce((sum, [, count]) => sum + count, 0));
  }
}

/**
 * Multiplies the rates by `gamma` at each step. PyTorch: `torch.optim.lr_scheduler.ExponentialLR`.
 *
 * @throws ArgumentError if `gamma` is not finite.
 * @example const scheduler = new ExponentialLR(optimizer, 0.95);
 */
export class ExponentialLR extends LRScheduler<{ readonly gamma: number }> {
  constructor(optimizer: Scheduled, gamma: number, options: SchedulerOptions = {}) {
    super(optimizer, { gamma }, options);
  }

  protected override checkSettings({ gamma }: { readonly gamma: number }): void {
    checkFinite(this.name, 'gamma', gamma);
  }

  protected override getLr(): readonly number[] {
    return this.isInitial ? this.rates() : this.rates().map((lr) => lr * this.settings.gamma);
  }

  protected override closedForm(): readonly number[] {
    return this.baseLrs.map((lr) => lr * this.settings.gamma ** this.lastEpoch);
  }
}

/** What `ConstantLR` takes. */
export interface ConstantLROptions extends SchedulerOptions {
  /** What the rate is multiplied by at first, from 0 to 1; default 1/3. */
  readonly factor?: number;
  /** For how many steps; default 5. */
  readonly totalIters?: number;
}

/**
 * Multiplies the rates by `factor` for the first `totalIters` steps. PyTorch: `torch.optim.lr_scheduler.ConstantLR`.
 *
 * @throws ArgumentError if `factor` is not from 0 to 1 or `totalIters` no whole number from 0 up.
 * @example const warmup = new ConstantLR(optimizer, { factor: 0.1, totalIters: 3 });
 */
export class ConstantLR extends LRScheduler<{ readonly factor: number; readonly total_iters: number }> {
  constructor(optimizer: Scheduled, options: ConstantLROptions = {}) {
    super(optimizer, { factor: options.factor ?? 1 / 3, total_iters: options.totalIters ?? 5 }, options);
  }

  protected override checkSettings({ factor, total_iters }: { readonly factor: number; readonly total_iters: number }): void {
    checkBetween(this.name, 'factor', factor, 0, 1);
    checkInteger(this.name, 'totalIters', total_iters, 0);
  }

  protected override getLr(): readonly number[] {
    const { factor, total_iters } = this.settings;
    if (this.lastEpoch === 0) return this.rates().map((lr) => lr * factor);
    return this.lastEpoch === total_iters ? this.rates().map((lr) => lr * (1 / factor)) : this.rates();
  }

  protected override closedForm(): readonly number[] {
    const { factor, total_iters } = this.settings;
    return this.baseLrs.map((lr) => lr * (this.lastEpoch >= total_iters ? 1 : factor));
  }
}

/** What `LinearLR` takes. */
export interface LinearLROptions extends SchedulerOptions {
  /** The share of the rate at the start, above 0 and up to 1; default 1/3. */
  readonly startFactor?: number;
  /** The share at the end, from 0 to 1; default 1. */
  readonly endFactor?: number;
  /** In how many steps it gets there; default 5. */
  readonly totalIters?: number;
}

interface LinearSettings {
  readonly start_factor: number;
  readonly end_factor: number;
  readonly total_iters: number;
}

/**
 * Goes from `startFactor` to `endFactor` times the rates in a straight line of `totalIters` steps. PyTorch: `torch.optim.lr_scheduler.LinearLR`.
 *
 * @throws ArgumentError for factors out of range or `totalIters` no whole number from 1 up.
 * @example const warmup = new LinearLR(optimizer, { startFactor: 0.01, totalIters: 500 });
 */
export class LinearLR extends LRScheduler<LinearSettings> {
  constructor(optimizer: Scheduled, options: LinearLROptions = {}) {
    const { startFactor = 1 / 3, endFactor = 1, totalIters = 5 } = options;
    super(optimizer, { start_factor: startFactor, end_factor: endFactor, total_iters: totalIters }, options);
  }

  protected override checkSettings({ start_factor, end_factor, total_iters }: LinearSettings): void {
    checkBetween(this.name, 'startFactor', start_factor, 0, 1);
    if (start_factor === 0) throw new ArgumentError(`${this.name}: startFactor must be above 0; got 0`);
    checkBetween(this.name, 'endFactor', end_factor, 0, 1);
    checkInteger(this.name, 'totalIters', total_iters, 1);
  }

  protected override getLr(): readonly number[] {
    const { start_factor, end_factor, total_iters } = this.settings;
    const rates = this.rates();
    if (this.lastEpoch === 0) return rates.map((lr) => lr * start_factor);
    if (this.isInitial || this.lastEpoch > total_iters) return rates;
    const growth = end_factor - start_factor;
    const factor = 1 + growth / (total_iters * start_factor + (this.lastEpoch - 1) * growth);
    return rates.map((lr) => lr * factor);
  }

  protected override closedForm(): readonly number[] {
    const { start_factor, end_factor, total_iters } = this.settings;
    const share = start_factor + ((end_factor - start_factor) * Math.min(total_iters, this.lastEpoch)) / total_iters;
    return this.baseLrs.map((lr) => lr * share);
  }
}

/** What `PolynomialLR` takes. */
export interface PolynomialLROptions extends SchedulerOptions {
  /** After how many steps the rate is 0; default 5. */
  readonly totalIters?: number;
  /** The power; default 1. */
  readonly power?: number;
}

/**
 * Lets the rates fall to 0 as `(1 - t / totalIters)^power`. PyTorch: `torch.optim.lr_scheduler.PolynomialLR`.
 *
 * @throws ArgumentError if `totalIters` is no whole number from 1 up or `power` is negative.
 * @example const scheduler = new PolynomialLR(optimizer, { totalIters: 100, power: 0.9 });
 */
export class PolynomialLR extends LRScheduler<{ readonly total_iters: number; readonly power: number }> {
  constructor(optimizer: Scheduled, options: PolynomialLROptions = {}) {
    super(optimizer, { total_iters: options.totalIters ?? 5, power: options.power ?? 1 }, options);
  }

  protected override checkSettings({ total_iters, power }: { readonly total_iters: number; readonly power: number }): void {
    checkInteger(this.name, 'totalIters', total_iters, 1);
    checkNonNegative(this.name, 'power', power);
  }

  protected override getLr(): readonly number[] {
    const { total_iters, power } = this.settings;
    if (this.isInitial || this.lastEpoch > total_iters) return this.rates();
    const factor = ((1 - this.lastEpoch / total_iters) / (1 - (this.lastEpoch - 1) / total_iters)) ** power;
    return this.rates().map((lr) => lr * factor);
  }

  protected override closedForm(): readonly number[] {
    const { total_iters, power } = this.settings;
    return this.baseLrs.map((lr) => lr * (1 - Math.min(total_iters, this.lastEpoch) / total_iters) ** power);
  }
}

function counted(milestones: readonly number[]): Readonly<Record<string, number>> {
  if (!Array.isArray(milestones)) throw new ArgumentError(`MultiStepLR: milestones must be a list of steps; got ${describe(milestones)}`);
  const counts: Record<string, number> = {};
  for (const milestone of milestones) counts[milestone] = (counts[milestone] ?? 0) + 1;
  return counts;
}
