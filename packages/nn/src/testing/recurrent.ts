import { requiresGrad } from '@dl/autograd';
import { Tensor, zerosLike } from '@dl/tensor';
import * as nn from '../index.ts';
import { type Compare, compareList, same } from './compare.ts';
import type { Recorded } from './golden.ts';
import { construct } from './modules.ts';
import { fromJson, fromState, type StateJson, type TensorJson } from './tensorJson.ts';

interface Recurrent {
  readonly title: string;
  readonly module: string;
  readonly arguments: readonly [number, number, { readonly batchFirst?: boolean }];
  readonly state: StateJson;
  readonly input: TensorJson;
  readonly start: readonly TensorJson[];
  readonly results: readonly TensorJson[];
  readonly cotangents: readonly TensorJson[];
  readonly gradients: StateJson;
  readonly repr: string;
  readonly packing?: Packing;
  readonly directions?: readonly TensorJson[];
  readonly secondDerivatives?: StateJson;
}

interface Packing {
  readonly lengths: readonly number[];
  readonly enforceSorted: boolean;
  readonly batchSizes: readonly number[];
  readonly sortedIndices: readonly number[] | null;
  readonly unsortedIndices: readonly number[] | null;
}

/** Recurrent layers and cells: results, gradients of the input, the initial states and the parameters, second derivatives. */
export function recurrentLayers(records: readonly Recurrent[]): readonly Recorded[] {
  return records.map((record) => ({ title: record.title, subject: record.module, check: (compare) => check(compare, record) }));
}

async function check(compare: Compare, golden: Recurrent): Promise<void> {
  const module = construct(golden.module, golden.arguments).eval();
  same('the keys of the state', Object.keys(module.stateDict()), Object.keys(golden.state));
  module.loadStateDict(fromState(golden.state));
  const input = requiresGrad(fromJson(golden.input));
  const start = golden.start.map((state) => requiresGrad(fromJson(state)));
  const results = await flat(call(module, packed(golden, input), start), golden.packing);
  await compareList(compare, 'result', results, golden.results);
  const leaves = [input, ...start, ...module.parameters()];
  const gradients = gradientsOf(sumOfProducts(results, golden.cotangents), leaves, golden.directions !== undefined);
  await compareList(compare, 'gradient', gradients, Object.values(golden.gradients));
  if (golden.directions !== undefined && golden.secondDerivatives !== undefined) {
    const second = gradientsOf(sumOfProducts(gradients, golden.directions), leaves, false);
    await compareList(compare, 'second derivative', second, Object.values(golden.secondDerivatives));
  }
  same('the printed form', module.toString(), golden.repr);
}

function packed({ packing, arguments: [, , { batchFirst = false }] }: Recurrent, input: Tensor): unknown {
  if (packing === undefined) return input;
  const { lengths, enforceSorted } = packing;
  return nn.utils.rnn.packPaddedSequence(input, lengths, { batchFirst, enforceSorted });
}

function call(module: nn.Module, input: unknown, start: readonly Tensor[]): unknown {
  const inputs = start.length === 0 ? [input] : [input, start.length === 1 ? start[0] : start];
  return module(...(inputs as never[]));
}

/** Tensors in nested arrays; of packed sequences the data, if the rest is as PyTorch has it. */
async function flat(result: unknown, packing: Packing | undefined): Promise<Tensor[]> {
  if (result instanceof Tensor) return [result];
  if (Array.isArray(result)) return (await Promise.all(result.map((part) => flat(part, packing)))).flat();
  if (!(result instanceof nn.utils.rnn.PackedSequence)) throw new Error('neither tensors nor a packed sequence');
  const { data, batchSizes, sortedIndices, unsortedIndices } = result;
  same('batchSizes', await batchSizes.tolist(), packing?.batchSizes);
  same('sortedIndices', (await sortedIndices?.tolist()) ?? null, packing?.sortedIndices);
  same('unsortedIndices', (await unsortedIndices?.tolist()) ?? null, packing?.unsortedIndices);
  return [data];
}

function sumOfProducts(tensors: readonly Tensor[], factors: readonly TensorJson[]): Tensor {
  same('the number of factors', factors.length, tensors.length);
  const terms = factors.map((factor, i) => tensors[i]?.mul(fromJson(factor)).sum() ?? fromJson(factor));
  return terms.reduce((sum, term) => sum.add(term));
}

/** Where nothing depends on a leaf the gradient is 0. */
function gradientsOf(scalar: Tensor, leaves: readonly Tensor[], createGraph: boolean): Tensor[] {
  for (const leaf of leaves) leaf.grad = null;
  scalar.backward({ createGraph });
  return leaves.map((leaf) => leaf.grad ?? zerosLike(leaf.detach()));
}
