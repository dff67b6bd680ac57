/** Schedulers of learning rates. PyTorch: `torch.optim.lr_scheduler`. */
export { ChainedScheduler, SequentialLR } from './schedulers/composed.ts';
export {
  CosineAnnealingLR,
  type CosineAnnealingLROptions,
  CosineAnnealingWarmRestarts,
  type CosineAnnealingWarmRestartsOptions,
} from './schedulers/cosine.ts';
export { CyclicLR, type CyclicLROptions } from './schedulers/cyclic.ts';
export {
  ConstantLR,
  type ConstantLROptions,
  ExponentialLR,
  LinearLR,
  type LinearLROptions,
  MultiStepLR,
  PolynomialLR,
  type PolynomialLROptions,
  StepLR,
  type StepLROptions,
} from './schedulers/decays.ts';
export { LambdaLR, type LrLambda, MultiplicativeLR } from './schedulers/lambda.ts';
export { LRScheduler, type SchedulerOptions, type Steppable } from './schedulers/lrScheduler.ts';
export { OneCycleLR, type OneCycleLROptions } from './schedulers/oneCycle.ts';
export { ReduceLROnPlateau, type ReduceLROnPlateauOptions } from './schedulers/plateau.ts';
export type { Scheduled, ScheduledGroup } from './schedulers/scheduled.ts';
export type { SchedulerStateDict } from './schedulers/schedulerState.ts';
