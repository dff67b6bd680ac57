import { checkInteger, checkOneOf } from '@dl/tensor/internal';
import { LRScheduler, type SchedulerOptions } from '../schedulers/lrScheduler.ts';
import { checkOptimizer, checkRates, perGroup, type Scheduled } from '../schedulers/scheduled.ts';

/** What `SWALR` takes. */
export interface SWALROptions extends SchedulerOptions {
  /** In how many steps it gets there; 0: at once. Default 10. */
  readonly annealEpochs?: number;
  /** Along a cosine or a straight line; default `cos`. */
  readonly annealStrategy?: 'cos' | 'linear';
}

interface SWASettings {
  readonly _anneal_strategy: 'cos' | 'linear';
  readonly anneal_epochs: number;
}

/**
 * Brings the rates to `swaLr`, one or one a group, and keeps them there: the schedule for stochastic weight averaging.
 * PyTorch: `torch.optim.swa_utils.SWALR`.
 *
 * @throws ArgumentError for rates that are not finite or not one a group, or `annealEpochs` no whole number from 0 up.
 * @example const scheduler = new SWALR(optimizer, 0.05, { annealEpochs: 5 });
 */
export class SWALR extends LRScheduler<SWASettings> {
  constructor(optimizer: Scheduled, swaLr: number | readonly number[], options: SWALROptions = {}) {
    const { annealEpochs = 10, annealStrategy = 'cos' } = options;
    checkOptimizer(new.target.name, optimizer);
    const rates = perGroup(new.target.name, 'swaLr', optimizer, swaLr);
    checkRates(new.target.name, 'swaLr', rates);
    optimizer.paramGroups.forEach((group, i) => {
      group.swaLr = rates[i] ?? group.lr;
    });
    super(optimizer, { _anneal_strategy: annealStrategy, anneal_epochs: annealEpochs }, options);
  }

  protected override checkSettings({ _anneal_strategy, anneal_epochs }: SWASettings): void {
    checkOneOf(this.name, 'annealStrategy', _anneal_strategy, ['cos', 'linear']);
    checkInteger(this.name, 'annealEpochs', anneal_epochs, 0);
  }

  protected override getLr(): readonly number[] {
    const { anneal_epochs } = this.settings;
    const step = anneal_epochs === 0 ? Math.max(1, this.stepCount - 1) : this.stepCount - 1;
    const [before, now] = [this.share(step - 1), this.share(step)];
    return this.optimizer.paramGroups.map(({ lr, swaLr = lr }) => {
      const start = before === 1 ? swaLr : (lr - before * swaLr) / (1 - before);
      return swaLr * now + start * (1 - now);
    });
  }

  /** The share of `swaLr` at a step. */
  private share(step: number): number {
    const { _anneal_strategy, anneal_epochs } = this.settings;
    const part = Math.max(0, Math.min(1, step / Math.max(1, anneal_epochs)));
    return _anneal_strategy === 'cos' ? (1 - Math.cos(Math.PI * part)) / 2 : part;
  }
}
