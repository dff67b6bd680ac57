import { Parameter } from '@dl/nn';
import { type Compare, type Recorded, same } from '@dl/nn/testing';
import * as optim from '../index.ts';
import { checkState, type StateJson } from './state.ts';
import { fromJson, given, type TensorJson } from './tensorJson.ts';

export interface ParameterwiseCase {
  readonly title: string;
  readonly optimizer: keyof typeof makers;
  readonly options: object;
  readonly defaults: object;
  readonly pick: readonly number[];
  readonly tolerance: number;
  readonly early: readonly TensorJson[];
  readonly end: readonly TensorJson[];
  readonly state: StateJson;
}

/** The fixture `parameterwise`. */
export interface Parameterwise {
  readonly start: readonly TensorJson[];
  readonly gradients: readonly (readonly (TensorJson | null)[])[];
  readonly cases: readonly ParameterwiseCase[];
}

type AnyOptimizer = optim.Optimizer<{ lr: number }>;

export const makers = {
  RMSprop: (params: Parameter[], options: object) => new optim.RMSprop(params, options),
  Adagrad: (params: Parameter[], options: object) => new optim.Adagrad(params, options),
  Adadelta: (params: Parameter[], options: object) => new optim.Adadelta(params, options),
  Adamax: (params: Parameter[], options: object) => new optim.Adamax(params, options),
  NAdam: (params: Parameter[], options: object) => new optim.NAdam(params, options),
  RAdam: (params: Parameter[], options: object) => new optim.RAdam(params, options),
  ASGD: (params: Parameter[], options: object) => new optim.ASGD(params, options),
  Rprop: (params: Parameter[], options: object) => new optim.Rprop(params, options),
  Lion: (params: Parameter[], options: object) => new optim.Lion(params, options),
  Adafactor: (params: Parameter[], options: object) => new optim.Adafactor(params, options),
  Muon: (params: Parameter[], options: object) => new optim.Muon(params, options),
};

/** Parameters after 3 and after 25 steps, and the state. Muon's tolerances are its own: PyTorch iterates in bfloat16. */
export function parameterwise(fixture: Parameterwise): readonly Recorded[] {
  return fixture.cases.map((golden) => ({
    title: golden.title,
    subject: golden.optimizer,
    tolerance: golden.tolerance,
    check: (compare) => checkSteps(compare, fixture, golden),
  }));
}

export function startOf({ start }: Parameterwise, { pick }: ParameterwiseCase): Parameter[] {
  return pick.map((j) => new Parameter(fromJson(start[j])));
}

export function makeOptimizer({ optimizer, options }: ParameterwiseCase, params: Parameter[]): AnyOptimizer {
  return makers[optimizer](params, options) as AnyOptimizer;
}

export function takeStep(
  { gradients }: Parameterwise,
  { pick }: ParameterwiseCase,
  optimizer: AnyOptimizer,
  params: readonly Parameter[],
  i: number,
): Promise<void> {
  optimizer.zeroGrad();
  for (const [k, parameter] of params.entries()) {
    const gradient = gradients[i]?.[pick[k] ?? -1] ?? null;
    parameter.grad = gradient === null ? null : fromJson(gradient);
  }
  return optimizer.step();
}

export async function checkParameters(compare: Compare, params: readonly Parameter[], expected: readonly TensorJson[]): Promise<void> {
  for (const [k, parameter] of params.entries()) await compare(`parameter ${k}`, parameter, given(expected[k]));
}

// ---------------------------------------------------------------------------------------------------------------------

async function checkSteps(compare: Compare, fixture: Parameterwise, golden: ParameterwiseCase): Promise<void> {
  const params = startOf(fixture, golden);
  const optimizer = makeOptimizer(golden, params);
  const wanted = { ...golden.defaults, ...golden.options };
  same('the defaults', sorted(optimizer.defaults), sorted(wanted));
  for (let i = 0; i < fixture.gradients.length; i++) {
    void takeStep(fixture, golden, optimizer, params, i);
    if (i === 2) await checkParameters(compare, params, golden.early);
  }
  await checkParameters(compare, params, golden.end);
  await checkState(compare, optimizer.stateDict().state, golden.state);
}

function sorted(entries: object): unknown {
  return Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1));
}
