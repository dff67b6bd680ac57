import { Parameter } from '@dl/nn';
import { type Compare, compareList, type Recorded, same } from '@dl/nn/testing';
import { Adam, AdamW, clipGradNorm, type Optimizer, SGD } from '../index.ts';
import { checkState, type StateJson } from './state.ts';
import { fromJson, type TensorJson } from './tensorJson.ts';

export interface SgdOrAdam {
  readonly title: string;
  readonly optimizer: keyof typeof classes;
  readonly options: Readonly<Record<string, never>>;
  readonly second: Readonly<Record<string, never>> | null;
  readonly lrAfter: number | null;
  readonly steps: readonly (readonly TensorJson[])[];
  readonly state: StateJson;
  readonly groups: readonly Readonly<Record<string, unknown>>[];
}

/** The fixture `optimizers`. */
export interface SgdAndAdam {
  readonly start: readonly TensorJson[];
  readonly gradients: readonly (readonly (TensorJson | null)[])[];
  readonly firstGradients: readonly TensorJson[];
  readonly clipping: readonly Clipping[];
  readonly cases: readonly SgdOrAdam[];
}

interface Clipping {
  readonly normType: string;
  readonly maxNorm: number;
  readonly total: TensorJson;
  readonly gradients: readonly TensorJson[];
}

type AnyOptimizer = Optimizer<{ lr: number; weightDecay: number }>;

const classes = { SGD, Adam, AdamW };

/** Parameters after each step, the state after the last; norms and clipped gradients. */
export function sgdAndAdam(fixture: SgdAndAdam): readonly Recorded[] {
  return [
    ...fixture.cases.map((golden) => ({
      title: golden.title,
      subject: golden.optimizer,
      check: (compare: Compare) => checkSteps(compare, fixture, golden),
    })),
    ...fixture.clipping.map((golden) => ({
      title: `clipGradNorm of order ${golden.normType} to ${golden.maxNorm}`,
      subject: 'clipGradNorm',
      check: (compare: Compare) => checkClipping(compare, fixture, golden),
    })),
  ];
}

export function startOf({ start }: Pick<SgdAndAdam, 'start'>): Parameter[] {
  return start.map((value) => new Parameter(fromJson(value)));
}

export function makeOptimizer({ optimizer, options, second }: SgdOrAdam, params: readonly Parameter[]): AnyOptimizer {
  const given = second === null ? params : [{ params: params.slice(0, 1) }, { params: params.slice(1), ...second }];
  return new classes[optimizer](given as readonly Parameter[], options) as AnyOptimizer;
}

/** Step `i` of the record, unawaited. */
export function takeStep(
  { gradients }: SgdAndAdam,
  { lrAfter }: SgdOrAdam,
  optimizer: AnyOptimizer,
  params: readonly Parameter[],
  i: number,
): void {
  const [group] = optimizer.paramGroups;
  if (lrAfter !== null && i === 5 && group !== undefined) group.lr = lrAfter;
  optimizer.zeroGrad();
  for (const [j, parameter] of params.entries()) {
    const gradient = gradients[i]?.[j] ?? null;
    parameter.grad = gradient === null ? null : fromJson(gradient);
  }
  void optimizer.step();
}

// ---------------------------------------------------------------------------------------------------------------------

async function checkSteps(compare: Compare, fixture: SgdAndAdam, golden: SgdOrAdam): Promise<void> {
  const params = startOf(fixture);
  const optimizer = makeOptimizer(golden, params);
  for (const [i, expected] of golden.steps.entries()) {
    takeStep(fixture, golden, optimizer, params, i);
    await compareList(compare, `step ${i}, parameter`, params, expected.map(asFloat32));
  }
  const { state, param_groups } = optimizer.stateDict();
  await checkState(compare, state, golden.state);
  for (const [i, group] of golden.groups.entries()) {
    for (const [key, value] of Object.entries(group)) same(`${key} of group ${i}`, Reflect.get(param_groups[i] ?? {}, key), value);
  }
}

async function checkClipping(compare: Compare, fixture: SgdAndAdam, golden: Clipping): Promise<void> {
  const params = startOf(fixture);
  for (const [j, parameter] of params.entries()) parameter.grad = fromJson(fixture.firstGradients[j]);
  const normType = golden.normType === 'inf' ? Number.POSITIVE_INFINITY : Number(golden.normType);
  await compare('the norm', clipGradNorm(params, golden.maxNorm, { normType }), golden.total);
  const gradients = params.map(({ grad }) => grad);
  await compareList(compare, 'gradient', gradients, golden.gradients.map(asFloat32));
}

function asFloat32(json: TensorJson) {
  return { ...json, dtype: 'float32' as const };
}
