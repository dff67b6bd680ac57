import { Parameter } from '@dl/nn';
import { type Compare, type Recorded, same } from '@dl/nn/testing';
import { cat, type Tensor } from '@dl/tensor';
import { LBFGS } from '../index.ts';
import { checkNumber } from './state.ts';
import { fromJson, given, type TensorJson } from './tensorJson.ts';

interface LbfgsCase {
  readonly title: string;
  readonly options: object;
  readonly group: object;
  readonly steps: readonly {
    readonly loss: number;
    readonly params: readonly TensorJson[];
    readonly funcEvals: number;
    readonly nIter: number;
  }[];
  readonly state: Readonly<Record<string, TensorJson | readonly TensorJson[] | number>>;
}

/** The fixture `lbfgs`, in float64: its line search asks about differences that float32 rounds away. */
export interface Lbfgs {
  readonly start: readonly TensorJson[];
  readonly cases: readonly LbfgsCase[];
}

/** Losses, parameters, how often the closure was asked, and what is remembered. */
export function lbfgs(fixture: Lbfgs): readonly Recorded[] {
  return fixture.cases.map((golden) => ({
    title: golden.title,
    subject: 'LBFGS',
    check: (compare) => checkSteps(compare, fixture, golden),
  }));
}

export function startOf({ start }: Lbfgs): Parameter[] {
  return start.map((value) => new Parameter(fromJson(value, 'float64')));
}

/** The valley of fixtures/lbfgs.py. */
export function closureOf(optimizer: LBFGS, params: readonly Parameter[]): () => Tensor {
  return () => {
    optimizer.zeroGrad();
    const z = cat(params.map((parameter) => parameter.reshape([-1])));
    const [head, tail] = [z.narrow(0, 0, z.numel() - 1), z.narrow(0, 1, z.numel() - 1)];
    const loss = tail.sub(head.square()).square().mul(10).add(head.neg().add(1).square()).sum();
    loss.backward();
    return loss;
  };
}

// ---------------------------------------------------------------------------------------------------------------------

async function checkSteps(compare: Compare, fixture: Lbfgs, golden: LbfgsCase): Promise<void> {
  const params = startOf(fixture);
  const optimizer = new LBFGS(params, golden.options);
  same('the first state dict', optimizer.stateDict(), { state: {}, param_groups: [golden.group] });
  for (const [i, expected] of golden.steps.entries()) {
    const loss = await optimizer.step(closureOf(optimizer, params));
    checkNumber(`loss ${i}`, await loss.item(), expected.loss, 5e-10);
    for (const [j, parameter] of params.entries()) await compare(`step ${i}, parameter ${j}`, parameter, given(expected.params[j]));
    const { func_evals, n_iter } = given(optimizer.stateDict().state[0]);
    same(`evaluations and iterations until step ${i}`, [func_evals, n_iter], [expected.funcEvals, expected.nIter]);
  }
  await checkMemory(compare, optimizer.stateDict().state[0] ?? {}, golden.state);
}

async function checkMemory(compare: Compare, actual: object, expected: LbfgsCase['state']): Promise<void> {
  same('the keys of the state', Object.keys(actual), Object.keys(expected));
  for (const [key, value] of Object.entries(expected)) {
    const found: unknown = Reflect.get(actual, key);
    if (typeof value === 'number') checkNumber(key, found, value, 5e-9);
    else if (isList(value)) {
      const items: readonly unknown[] = Array.isArray(found) ? found : [];
      same(`the number of ${key}`, items.length, value.length);
      for (const [i, item] of value.entries()) await compare(`${key} ${i}`, items[i], item);
    } else await compare(key, found, value);
  }
}

function isList(value: TensorJson | readonly TensorJson[]): value is readonly TensorJson[] {
  return Array.isArray(value);
}
