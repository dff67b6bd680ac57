import { type Adam, lrScheduler } from '@dl/optim';

export type ScheduleName = 'constant' | 'one-cycle';

/** What sets the learning rate after each step. */
interface Scheduler {
  step(): void;
}

/** The schedules that `--schedule` can name, for a training of `totalSteps`. */
export const schedules: Readonly<Record<ScheduleName, (optimizer: Adam, lr: number, totalSteps: number) => Scheduler>> = {
  constant: (optimizer) => new lrScheduler.LambdaLR(optimizer, () => 1),
  // Up to thrice the rate, which learns fast, then down to nothing, which learns what is left.
  'one-cycle': (optimizer, lr, totalSteps) => new lrScheduler.OneCycleLR(optimizer, 3 * lr, { totalSteps }),
};
