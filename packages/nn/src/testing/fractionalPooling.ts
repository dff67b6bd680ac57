import { requiresGrad } from '@dl/autograd';
import type { Tensor } from '@dl/tensor';
import * as nn from '../index.ts';
import { type Compare, same } from './compare.ts';
import type { Recorded } from './golden.ts';
import { fromJson, type TensorJson } from './tensorJson.ts';

interface Fractional {
  readonly title: string;
  readonly function: string;
  readonly kernelSize: unknown;
  readonly options: object;
  readonly samples: TensorJson;
  readonly input: TensorJson;
  readonly output: TensorJson;
  readonly indices: TensorJson;
  readonly cotangent: TensorJson;
  readonly gradient: TensorJson;
}

/** Fractional pooling with the draws that PyTorch had: the same windows, to the element. */
export function fractionalPooling(records: readonly Fractional[]): readonly Recorded[] {
  return records.map((record) => ({ title: record.title, subject: record.function, check: (compare) => check(compare, record) }));
}

async function check(compare: Compare, golden: Fractional): Promise<void> {
  const pool = Reflect.get(nn.functional, golden.function) as (...inputs: unknown[]) => readonly [Tensor, Tensor];
  const x = requiresGrad(fromJson(golden.input));
  const [output, indices] = pool(x, golden.kernelSize, { ...golden.options, randomSamples: fromJson(golden.samples) });
  output.backward({ gradient: fromJson(golden.cotangent) });
  await compare('output', output, golden.output);
  same('the indices', [...(await indices.data())], golden.indices.data);
  await compare('gradient', x.grad, golden.gradient);
}
