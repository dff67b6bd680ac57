import { requiresGrad } from '@dl/autograd';
import { AdaptiveLogSoftmaxWithLoss } from '../index.ts';
import { type Compare, compareAll, same } from './compare.ts';
import type { Recorded } from './golden.ts';
import { fromJson, fromState, type StateJson, type TensorJson } from './tensorJson.ts';

interface Adaptive {
  readonly title: string;
  readonly input: TensorJson;
  readonly target: TensorJson;
  readonly arguments: readonly [inFeatures: number, nClasses: number, cutoffs: readonly number[]];
  readonly divValue: number;
  readonly headBias: boolean;
  readonly state: StateJson;
  readonly output: TensorJson;
  readonly loss: TensorJson;
  readonly gradient: TensorJson;
  readonly parameterGradients: StateJson;
  readonly logProb: TensorJson;
  readonly predictions: TensorJson;
  readonly repr: string;
}

/** Adaptive softmaxes: outputs, loss, gradients, all log-probabilities, predictions, the printed form. */
export function adaptiveSoftmaxes(records: readonly Adaptive[]): readonly Recorded[] {
  return records.map((record) => ({
    title: `an adaptive softmax with ${record.title}`,
    subject: 'AdaptiveLogSoftmaxWithLoss',
    check: (compare) => check(compare, record),
  }));
}

async function check(compare: Compare, golden: Adaptive): Promise<void> {
  const module = new AdaptiveLogSoftmaxWithLoss(...golden.arguments, { divValue: golden.divValue, headBias: golden.headBias });
  module.loadStateDict(fromState(golden.state));
  const input = requiresGrad(fromJson(golden.input));
  const { output, loss } = module(input, fromJson(golden.target));
  loss.add(output.sum().mul(0.5)).backward();
  await compare('output', output, golden.output);
  await compare('loss', loss, golden.loss);
  await compare('gradient', input.grad, golden.gradient);
  const gradients = Object.fromEntries(module.namedParameters().map(([key, { grad }]) => [key, grad]));
  await compareAll((what, actual, expected) => compare(`gradient of ${what}`, actual, expected), gradients, golden.parameterGradients);
  const rows = fromJson(golden.input).reshape([-1, module.inFeatures]);
  await compare('logProb', module.logProb(rows), golden.logProb);
  await compare('predictions', module.predict(rows), golden.predictions);
  same('the printed form', module.toString(), golden.repr);
}
