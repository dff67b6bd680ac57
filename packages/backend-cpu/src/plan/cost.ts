import { bytesOf, type PrimitiveName, sizeOf } from '@dl/tensor/internal';
import type { Source } from './source.ts';
import type { Step } from './steps.ts';

/** What a step does, by its shapes. */
export interface Cost {
  readonly flops: number;
  /** Read and written, each operand once. */
  readonly bytes: number;
  /** A guess: no step is faster than the slower of arithmetic and memory. */
  readonly seconds: number;
}

/** A modest core. */
const assumed = { flopsPerSecond: 5e10, bytesPerSecond: 1e10, secondsPerStep: 5e-7 };

/** Operations and traffic of a step. */
export function costOf(source: Source, step: Step): Cost {
  const bytes = [...new Set(step.operands.map(({ base }) => base))].reduce((sum, base) => sum + bytesAt(source, base), 0);
  const flops = step.members.reduce((sum, position) => sum + flopsOf(source, position), 0);
  const seconds = Math.max(flops / assumed.flopsPerSecond, bytes / assumed.bytesPerSecond) + assumed.secondsPerStep;
  return { flops, bytes, seconds };
}

type Sizes = readonly (readonly number[])[];
type FlopRule = (inputs: Sizes, outputs: Sizes) => number;

/** Everything else counts one operation for each element of its largest operand. */
const rules: { readonly [N in PrimitiveName]?: FlopRule } = {
  // a [..., M, K] or its transpose: M K elements, N of the output.
  matmul: ([a = []], [c = []]) => 2 * sizeOf(a) * (c.at(-1) ?? 1) * (sizeOf(c.slice(0, -2)) / Math.max(1, sizeOf(a.slice(0, -2)))),
  linear: ([x = [], weight = []]) => 2 * sizeOf(x) * (weight[0] ?? 1),
  convolution: ([, weight = []], [output = []]) => 2 * sizeOf(output) * sizeOf(weight.slice(1)),
  convolutionInputGradient: ([gradient = [], weight = []]) => 2 * sizeOf(gradient) * sizeOf(weight.slice(1)),
  convolutionWeightGradient: ([gradient = []], [weight = []]) => 2 * sizeOf(gradient) * sizeOf(weight.slice(1)),
  rnn: ([gates = [], , weight = []]) => 2 * sizeOf(gates) * (weight[1] ?? 1),
  rnnGradient: ([gradient = [], , weight = []]) => 2 * sizeOf(gradient) * (weight[1] ?? 1),
  lstm: ([gates = [], , , weight = []]) => 2 * sizeOf(gates) * (weight[1] ?? 1),
  lstmGradient: ([, , , , activations = [], weight = []]) => 2 * sizeOf(activations) * (weight[1] ?? 1),
  gru: ([gates = [], , weight = []]) => 2 * sizeOf(gates) * (weight[1] ?? 1),
  gruGradient: ([, , , , weight = []], [gates = []]) => 2 * sizeOf(gates) * (weight[1] ?? 1),
  attention: ([query = [], key = []]) => 4 * sizeOf(query) * (key.at(-2) ?? 1),
  attentionGradient: ([, query = [], key = []]) => 10 * sizeOf(query) * (key.at(-2) ?? 1),
};

function flopsOf(source: Source, position: number): number {
  const { primitive, inputs, outputs } = source.at(position);
  const shapesOf = (values: readonly number[]) => values.map((value) => source.specOf(value).shape);
  const rule = rules[primitive];
  if (rule !== undefined) return rule(shapesOf(inputs), shapesOf(outputs));
  return Math.max(0, ...shapesOf([...inputs, ...outputs]).map(sizeOf));
}

function bytesAt(source: Source, base: number): number {
  const { shape, dtype } = source.specOf(base);
  return sizeOf(shape) * bytesOf[dtype];
}
