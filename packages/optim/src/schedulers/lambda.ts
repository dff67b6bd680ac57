import { ArgumentError } from '@dl/tensor';
import { describe } from '@dl/tensor/internal';
import { LRScheduler, type SchedulerOptions } from './lrScheduler.ts';
import { perGroup, type Scheduled } from './scheduled.ts';

/** A factor by the number of the step. */
export type LrLambda = (epoch: number) => number;

interface LambdaSettings {
  readonly lr_lambdas: readonly LrLambda[];
}

/** What both have: one function, or one a group. */
abstract class LambdaBase extends LRScheduler<LambdaSettings> {
  constructor(optimizer: Scheduled, lrLambda: LrLambda | readonly LrLambda[], options: SchedulerOptions) {
    super(optimizer, { lr_lambdas: perGroup(new.target.name, 'lrLambda', optimizer, lrLambda) }, options);
  }

  protected override checkSettings({ lr_lambdas }: LambdaSettings): void {
    const bad = lr_lambdas.find((f) => typeof f !== 'function');
    if (bad !== undefined) throw new ArgumentError(`${this.name}: lrLambda must be a function of the step; got ${describe(bad)}`);
  }

  protected factors(): readonly number[] {
    return this.settings.lr_lambdas.map((f) => {
      const factor: unknown = f(this.lastEpoch);
      if (typeof factor === 'number' && Number.isFinite(factor)) return factor;
      throw new ArgumentError(`${this.name}: lrLambda must return a finite number; got ${describe(factor)} for step ${this.lastEpoch}`);
    });
  }
}

/**
 * Sets each rate to the first one times a function of the step. PyTorch: `torch.optim.lr_scheduler.LambdaLR`.
 *
 * @throws ArgumentError if a function is none, or returns something else than a finite number.
 * @example const scheduler = new LambdaLR(optimizer, (epoch) => 0.95 ** epoch);
 */
export class LambdaLR extends LambdaBase {
  constructor(optimizer: Scheduled, lrLambda: LrLambda | readonly LrLambda[], options: SchedulerOptions = {}) {
    super(optimizer, lrLambda, options);
  }

  protected override getLr(): readonly number[] {
    return this.factors().map((factor, i) => (this.baseLrs[i] ?? 0) * factor);
  }
}

/**
 * Multiplies each rate by a function of the step. PyTorch: `torch.optim.lr_scheduler.MultiplicativeLR`.
 *
 * @throws ArgumentError if a function is none, or returns something else than a finite number.
 * @example const scheduler = new MultiplicativeLR(optimizer, () => 0.95);
 */
export class MultiplicativeLR extends LambdaBase {
  constructor(optimizer: Scheduled, lrLambda: LrLambda | readonly LrLambda[], options: SchedulerOptions = {}) {
    super(optimizer, lrLambda, options);
  }

  protected override getLr(): readonly number[] {
    const rates = this.rates();
    return this.isInitial ? rates : this.factors().map((factor, i) => (rates[i] ?? 0) * factor);
  }
}
