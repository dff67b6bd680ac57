import { BatchNorm1d, Linear, type Module, Sequential } from '@dl/nn';
import { type Compare, type Recorded, same } from '@dl/nn/testing';
import { swaUtils } from '../index.ts';
import { fromJson, type TensorJson } from './tensorJson.ts';

const { AveragedModel, getEmaAvgFn, getEmaMultiAvgFn, getSwaAvgFn, getSwaMultiAvgFn, updateBn } = swaUtils;

interface Average {
  readonly title: string;
  readonly average: keyof typeof averages;
  readonly useBuffers: boolean;
  readonly state: StateJson;
}

type StateJson = Readonly<Record<string, TensorJson>>;

/** The fixture `swa`. */
export interface Swa {
  readonly start: readonly TensorJson[];
  readonly averages: readonly Average[];
  readonly batches: readonly TensorJson[];
  readonly statistics: StateJson;
}

const averages = {
  mean: () => ({}),
  avgFn: () => ({ avgFn: getEmaAvgFn(0.9) }),
  multiAvgFn: () => ({ multiAvgFn: getEmaMultiAvgFn(0.75) }),
  swaAvgFn: () => ({ avgFn: getSwaAvgFn() }),
  swaMultiAvgFn: () => ({ multiAvgFn: getSwaMultiAvgFn() }),
};

/** Averaged models, and the statistics that updateBn computes for one. */
export function averagedModels(fixture: Swa): readonly Recorded[] {
  return [
    ...fixture.averages.map((golden) => ({
      title: `an average by ${golden.title}`,
      subject: 'AveragedModel',
      check: (compare: Compare) => checkAverage(compare, fixture, golden),
    })),
    { title: 'updateBn', subject: 'updateBn', check: (compare) => checkStatistics(compare, fixture) },
  ];
}

/** As in fixtures/swa.py. */
export function makeModel(): Sequential {
  return new Sequential(new Linear(2, 3), new BatchNorm1d(3));
}

// ---------------------------------------------------------------------------------------------------------------------

async function checkAverage(compare: Compare, fixture: Swa, { average, useBuffers, state }: Average): Promise<void> {
  const model = startingModel(fixture);
  const averaged = new AveragedModel(model, { ...averages[average](), useBuffers });
  for (const batch of fixture.batches) {
    model(fromJson(batch));
    for (const parameter of model.parameters()) parameter.assign(parameter.detach().mul(0.5).add(0.25));
    averaged.updateParameters(model);
  }
  await checkState(compare, averaged, state);
}

async function checkStatistics(compare: Compare, fixture: Swa): Promise<void> {
  const model = startingModel(fixture).eval();
  const norm = model.modules().find((module) => module instanceof BatchNorm1d);
  await updateBn(
    fixture.batches.map((batch, i) => (i === 0 ? [fromJson(batch), 3] : fromJson(batch))),
    model,
  );
  await checkState(compare, model, fixture.statistics);
  same('modes and momenta', [model.training, norm?.training, norm?.momentum], [false, false, 0.1]);
}

function startingModel({ start }: Swa): Sequential {
  const model = makeModel();
  model.parameters().forEach((parameter, i) => {
    parameter.assign(fromJson(start[i]));
  });
  return model;
}

async function checkState(compare: Compare, model: Module, expected: StateJson): Promise<void> {
  const state = model.stateDict();
  same('the keys of the state', Object.keys(state).sort(), Object.keys(expected).sort());
  for (const [key, value] of Object.entries(expected)) await compare(key, state[key], value);
}
