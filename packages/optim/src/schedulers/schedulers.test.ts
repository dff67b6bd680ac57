import { readFileSync } from 'node:fs';
import { Parameter } from '@dl/nn';
import { ArgumentError, DataError, zeros } from '@dl/tensor';
import { describe, expect, test } from 'vitest';
import { Adagrad, Adam, lrScheduler, SGD, swaUtils } from '../index.ts';
import type { Steppable } from './lrScheduler.ts';
import type { Scheduled, ScheduledGroup } from './scheduled.ts';
import type { SchedulerStateDict } from './schedulerState.ts';

interface Recipe {
  readonly scheduler: string;
  readonly arguments: readonly never[];
  readonly options: object;
}

interface Case extends Recipe {
  readonly title: string;
  readonly parts: readonly Recipe[];
  readonly optimizer: keyof typeof optimizers;
  readonly edit: number | null;
  readonly rates: readonly (readonly number[])[];
  readonly momenta: readonly (readonly number[])[] | null;
  readonly state: Readonly<Record<string, unknown>>;
}

const fixture: { readonly metrics: readonly number[]; readonly cases: readonly Case[] } = JSON.parse(
  readFileSync(new URL('../../fixtures/schedulers.json', import.meta.url), 'utf8'),
);

type AnyScheduler = Omit<Steppable, 'step'> & { step(metric?: number): void };
const optimizers = {
  SGD: () => new SGD(params(), { lr: 0.1, momentum: 0.9 }),
  Adam: () => new Adam(params(), { lr: 0.1 }),
  Adagrad: () => new Adagrad(params(), { lr: 0.1 }),
};
const params = (): { params: Parameter; lr?: number }[] => [
  { params: new Parameter(zeros([1])) },
  { params: new Parameter(zeros([1])), lr: 0.02 },
];
const sgd = (): SGD => new SGD([new Parameter(zeros([1]))], { lr: 0.1, momentum: 0.9 });

describe.each(fixture.cases)('$title', (golden) => {
  test('sets the rates and momenta that PyTorch sets, also after one was changed by hand', () => {
    const optimizer: Scheduled = optimizers[golden.optimizer]();
    const scheduler = make(golden, optimizer);
    for (const [i, rates] of golden.rates.entries()) {
      expectNear(
        optimizer.paramGroups.map(({ lr }) => lr),
        rates,
        `rates of step ${i}`,
      );
      const momenta = golden.momenta?.[i];
      if (momenta !== undefined) expectNear(optimizer.paramGroups.map(momentumOf), momenta, `momenta of step ${i}`);
      if (i > 0 && i - 1 !== golden.edit) expectNear(scheduler.getLastLr(), rates, `the last rates of step ${i}`);
      edit(golden, optimizer, i);
      if (i === golden.rates.length - 1) break;
      scheduler.step(...metricOf(golden, i));
      if (i === 16) expectState(scheduler.stateDict(), golden.state);
    }
  });

  test('goes on from a copy of a state dict', () => {
    const first = optimizers[golden.optimizer]();
    const scheduler = make(golden, first);
    const half = 17;
    for (let i = 0; i < half; i++) {
      edit(golden, first, i);
      scheduler.step(...metricOf(golden, i));
    }
    const second = optimizers[golden.optimizer]();
    const resumed = make(golden, second);
    second.loadStateDict(structuredClone({ ...first.stateDict(), state: {} }));
    resumed.loadStateDict(structuredClone(scheduler.stateDict()));
    for (const [i, rates] of golden.rates.slice(half).entries()) {
      expectNear(
        second.paramGroups.map(({ lr }) => lr),
        rates,
        `rates of step ${i + half}`,
      );
      edit(golden, second, i + half);
      if (i + half < golden.rates.length - 1) resumed.step(...metricOf(golden, i + half));
    }
  });
});

describe('CosineAnnealingWarmRestarts', () => {
  test('takes fractions of epochs, as PyTorch does', () => {
    const optimizer = sgd();
    const scheduler = new lrScheduler.CosineAnnealingWarmRestarts(optimizer, 2, { TMult: 2 });
    const rates = [0.5, 1.5, 2, 3.25, 7].map((epoch) => {
      scheduler.step(epoch);
      return optimizer.paramGroups[0]?.lr ?? Number.NaN;
    });
    const half = (x: number): number => 0.05 * (1 + Math.cos(Math.PI * x));
    expectNear(rates, [half(0.25), half(0.75), half(0), half(1.25 / 4), half(1 / 8)], 'rates');
    expect(() => scheduler.step(-1)).toThrow('CosineAnnealingWarmRestarts: epoch must be a finite number from 0 up; got -1');
  });
});

test('a scheduler goes on from lastEpoch with an optimizer whose state was loaded', () => {
  const optimizer = sgd();
  const scheduler = new lrScheduler.StepLR(optimizer, 2);
  for (let i = 0; i < 3; i++) scheduler.step();
  const other = sgd();
  other.loadStateDict(optimizer.stateDict());
  const resumed = new lrScheduler.StepLR(other, 2, { lastEpoch: 2 });
  expect([resumed.lastEpoch, resumed.baseLrs]).toEqual([3, [0.1]]);
  resumed.step();
  expectNear(resumed.getLastLr(), [0.001], 'rates');
  expect(() => new lrScheduler.StepLR(sgd(), 2, { lastEpoch: 2 })).toThrow(
    'StepLR: lastEpoch needs an optimizer that was scheduled before',
  );
});

test('OneCycleLR stepped past its end refuses, and stays where it is', () => {
  const optimizer = sgd();
  const scheduler = new lrScheduler.OneCycleLR(optimizer, 0.5, { totalSteps: 5 });
  for (let i = 0; i < 5; i++) scheduler.step();
  const rates = scheduler.getLastLr();
  expect(() => scheduler.step()).toThrow(
    new ArgumentError('OneCycleLR: it has 5 steps (totalSteps); got step 6. Make a new scheduler').message,
  );
  expect([scheduler.lastEpoch, scheduler.getLastLr()]).toEqual([5, rates]);
});

test('a group that is added later is told', () => {
  const optimizer = sgd();
  const scheduler = new lrScheduler.LambdaLR(optimizer, () => 1);
  optimizer.addParamGroup({ params: new Parameter(zeros([1])) });
  expect(() => scheduler.step()).toThrow('LambdaLR: the optimizer must have the groups that it had; got 2 for 1 rates');
});

const {
  ChainedScheduler,
  ConstantLR,
  CosineAnnealingLR,
  CosineAnnealingWarmRestarts,
  CyclicLR,
  ExponentialLR,
  LambdaLR,
  LinearLR,
  MultiStepLR,
  OneCycleLR,
  PolynomialLR,
  ReduceLROnPlateau,
  SequentialLR,
  StepLR,
} = lrScheduler;

test.each<[string, () => unknown, string]>([
  ['no optimizer', () => new StepLR({} as never, 3), 'StepLR: optimizer must be an optimizer; got'],
  ['stepSize', () => new StepLR(sgd(), 0), 'StepLR: stepSize must be'],
  ['gamma', () => new ExponentialLR(sgd(), Number.NaN), 'ExponentialLR: gamma must be a finite number; got NaN'],
  ['milestone', () => new MultiStepLR(sgd(), [3, -1]), 'MultiStepLR: a milestone must be'],
  ['milestone', () => new MultiStepLR(sgd(), [2.5]), 'MultiStepLR: a milestone must be'],
  ['milestones', () => new MultiStepLR(sgd(), 3 as never), 'MultiStepLR: milestones must be a list'],
  ['factor', () => new ConstantLR(sgd(), { factor: 2 }), 'ConstantLR: factor must be a number from 0 to 1; got 2'],
  ['startFactor', () => new LinearLR(sgd(), { startFactor: 0 }), 'LinearLR: startFactor must be above 0; got 0'],
  ['endFactor', () => new LinearLR(sgd(), { endFactor: -1 }), 'LinearLR: endFactor must be'],
  ['power', () => new PolynomialLR(sgd(), { power: -1 }), 'PolynomialLR: power must be'],
  ['TMax', () => new CosineAnnealingLR(sgd(), 0), 'CosineAnnealingLR: TMax must be'],
  ['TMult', () => new CosineAnnealingWarmRestarts(sgd(), 3, { TMult: 0 }), 'CosineAnnealingWarmRestarts: TMult must be'],
  ['lrLambda', () => new LambdaLR(sgd(), 3 as never), 'LambdaLR: lrLambda must be a function of the step; got 3'],
  ['lrLambda', () => new LambdaLR(sgd(), [() => 1, () => 1]), 'LambdaLR: lrLambda must be one value, or one a group; got 2 for 1 groups'],
  ['value of lrLambda', () => new LambdaLR(sgd(), () => Number.NaN), 'LambdaLR: lrLambda must return a finite number; got NaN for step 0'],
  ['totalSteps', () => new OneCycleLR(sgd(), 0.1), 'OneCycleLR: give totalSteps, or epochs and stepsPerEpoch; got neither'],
  ['totalSteps', () => new OneCycleLR(sgd(), 0.1, { totalSteps: 2.5 }), 'OneCycleLR: totalSteps must be'],
  [
    'pctStart',
    () => new OneCycleLR(sgd(), 0.1, { totalSteps: 9, pctStart: 2 }),
    'OneCycleLR: pctStart must be a number from 0 to 1; got 2',
  ],
  ['pctStart', () => new OneCycleLR(sgd(), 0.1, { totalSteps: 4, pctStart: 0.25 }), 'OneCycleLR: the rise must not be one step long'],
  ['annealStrategy', () => new OneCycleLR(sgd(), 0.1, { totalSteps: 9, annealStrategy: 'tan' as never }), 'annealStrategy must be one of'],
  [
    'cycleMomentum',
    () => new OneCycleLR(optimizers.Adagrad(), 0.1, { totalSteps: 9 }),
    'OneCycleLR: cycleMomentum needs an optimizer with',
  ],
  ['cycleMomentum', () => new CyclicLR(optimizers.Adagrad(), 0.1, 1), 'CyclicLR: cycleMomentum needs an optimizer with'],
  ['stepSizeUp', () => new CyclicLR(sgd(), 0.1, 1, { stepSizeUp: 0 }), 'CyclicLR: stepSizeUp must be above 0'],
  ['mode', () => new CyclicLR(sgd(), 0.1, 1, { mode: 'square' as never }), 'CyclicLR: mode must be one of'],
  ['baseLr', () => new CyclicLR(sgd(), [0.1, 0.2], 1), 'CyclicLR: baseLr must be one value, or one a group; got 2 for 1 groups'],
  ['maxLr', () => new CyclicLR(sgd(), 0.1, Number.NaN), 'CyclicLR: maxLr must be finite numbers; got NaN'],
  ['factor', () => new ReduceLROnPlateau(sgd(), { factor: 1 }), 'ReduceLROnPlateau: factor must be below 1; got 1'],
  ['mode', () => new ReduceLROnPlateau(sgd(), { mode: 'less' as never }), 'ReduceLROnPlateau: mode must be one of'],
  ['metric', () => new ReduceLROnPlateau(sgd()).step(zeros([]) as never), 'ReduceLROnPlateau: the metric must be a number; got'],
  ['swaLr', () => new swaUtils.SWALR(sgd(), Number.NaN), 'SWALR: swaLr must be finite numbers; got NaN'],
  ['schedulers', () => new ChainedScheduler([]), 'ChainedScheduler: there must be schedulers; got none'],
  [
    'optimizers',
    () => new ChainedScheduler([new ExponentialLR(sgd(), 1), new ExponentialLR(sgd(), 1)]),
    'must be of the same optimizer; got one of another as number 1',
  ],
  [
    'plateau',
    () => new ChainedScheduler([new ReduceLROnPlateau(sgd()) as never]),
    'ChainedScheduler: schedulers must be those that step without a metric',
  ],
  ['milestones', () => sequence([1, 2]), 'SequentialLR: there must be one scheduler more than milestones; got 2 and 2'],
  ['milestones', () => sequence([0]), 'SequentialLR: a milestone must be'],
])('a bad %s is named (%#)', (_, run, message) => {
  expect(run).toThrow(ArgumentError);
  expect(run).toThrow(message);
});

test.each<[string, SchedulerStateDict, string]>([
  ['another scheduler', { gamma: 0.5 }, 'step_size must be like 3, not undefined'],
  ['rates of other groups', { step_size: 3, gamma: 0.1, base_lrs: [1, 2] }, 'base_lrs must be like [0.1], not [1, 2]'],
])('a state dict of %s is refused, and changes nothing', (_, state, message) => {
  const scheduler = new StepLR(sgd(), 3);
  const before = scheduler.stateDict();
  expect(() => scheduler.loadStateDict(state)).toThrow(DataError);
  expect(() => scheduler.loadStateDict(state)).toThrow(message);
  expect(scheduler.stateDict()).toEqual(before);
  expect(() => scheduler.loadStateDict({ ...before, step_size: -3 })).toThrow('StepLR: stepSize must be');
});

function sequence(milestones: readonly number[]): unknown {
  const optimizer = sgd();
  return new SequentialLR(optimizer, [new ExponentialLR(optimizer, 1), new ExponentialLR(optimizer, 1)], milestones);
}

const lambdas: Readonly<Record<string, (epoch: number) => number>> = {
  LambdaLR: (epoch) => 1 / (1 + epoch),
  MultiplicativeLR: (epoch) => (epoch % 2 === 1 ? 0.95 : 0.9),
};

function make(golden: Case, optimizer: Scheduled): AnyScheduler {
  if (golden.parts.length === 0) return single(golden, optimizer);
  const parts = golden.parts.map((part) => single(part, optimizer) as Steppable);
  const [milestones = []] = golden.arguments;
  return golden.scheduler === 'SequentialLR' ? new SequentialLR(optimizer, parts, milestones) : new ChainedScheduler(parts);
}

function single({ scheduler, arguments: given, options }: Recipe, optimizer: Scheduled): AnyScheduler {
  const Class: unknown = Reflect.get({ ...lrScheduler, SWALR: swaUtils.SWALR }, scheduler);
  if (typeof Class !== 'function') throw new Error(`there is no ${scheduler}`);
  const lambda = lambdas[scheduler];
  return Reflect.construct(Class, [optimizer, ...(lambda === undefined ? given : [lambda]), options]);
}

function edit(golden: Case, { paramGroups: [group] }: Scheduled, i: number): void {
  if (i === golden.edit && group !== undefined) group.lr /= 2;
}

function metricOf({ scheduler }: Case, i: number): number[] {
  return scheduler === 'ReduceLROnPlateau' ? [fixture.metrics[i] ?? Number.NaN] : [];
}

function momentumOf({ momentum, betas }: ScheduledGroup): number {
  return momentum ?? betas?.[0] ?? Number.NaN;
}

function expectNear(actual: readonly number[], expected: readonly number[], what: string): void {
  expect(actual, what).toHaveLength(expected.length);
  for (const [i, wanted] of expected.entries()) {
    const off = Math.abs((actual[i] ?? Number.NaN) - wanted);
    if (!(off <= 1e-12 + 1e-10 * Math.abs(wanted))) expect.fail(`${what}: ${i} is ${actual[i]}, PyTorch has ${wanted}`);
  }
}

/** The same keys, and the same values where they are; numbers to ten digits. */
function expectState(actual: unknown, expected: unknown): void {
  expect(rounded(actual)).toEqual(rounded(expected));
}

function rounded(value: unknown): unknown {
  if (value === Infinity || value === -Infinity) return value === Infinity ? 'inf' : '-inf';
  if (typeof value === 'number') return Number(value.toPrecision(9)) + 0;
  if (Array.isArray(value)) return value.map(rounded);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value)
        .map(([key, item]) => [key, rounded(item)])
        .sort(),
    );
  return value;
}
