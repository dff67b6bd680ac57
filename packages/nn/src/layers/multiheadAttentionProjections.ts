import type { Tensor } from '@dl/tensor';
import { type Heads, splitHeads } from '../functional/attention.ts';
import { linear } from '../functional/linear.ts';
import type { MultiheadAttention } from './multiheadAttention.ts';

/** What attention is called with. */
export interface Inputs {
  readonly query: Tensor;
  readonly key: Tensor;
  readonly value: Tensor;
}

/** A function of each input, called once for inputs that are the same tensor. */
export function mapShared({ query, key, value }: Inputs, f: (x: Tensor) => Tensor): Inputs {
  const done = new Map<Tensor, Tensor>([query, key, value].map((x) => [x, x]));
  for (const x of done.keys()) done.set(x, f(x));
  return { query: done.get(query) ?? query, key: done.get(key) ?? key, value: done.get(value) ?? value };
}

/**
 * The projections of three inputs as heads. Inputs that are the same tensor take one product, which is then cut into heads of query, key and
 * value; but where they have more rows than the weight, cutting the weight is the smaller copy (2 % of a training step).
 */
export function projectHeads(layer: MultiheadAttention, { query, key, value }: Inputs, batchFirst: boolean): Heads {
  const project = (x: Tensor, first: number, count: number): readonly Tensor[] => {
    const cutsWeight = layer.inProjWeight === null || x.size(0) * x.size(1) > layer.embedDim;
    if (count > 1 && cutsWeight) return Array.from({ length: count }, (_, i) => project(x, first + i, 1)).flat();
    return splitHeads(product(layer, x, first, count), count, layer.numHeads, batchFirst);
  };
  if (key !== value) return headsOf([query, key, value].flatMap((x, i) => project(x, i, 1)));
  return headsOf(query === key ? project(query, 0, 3) : [...project(query, 0, 1), ...project(key, 1, 2)]);
}

// ---------------------------------------------------------------------------------------------------------------------

/** An input times some of the three parts of the weights, from the first on. */
function product(layer: MultiheadAttention, x: Tensor, first: number, count: number): Tensor {
  const { embedDim, inProjWeight, qProjWeight, kProjWeight, vProjWeight, inProjBias } = layer;
  const rows = (packed: Tensor) => (count === 3 ? packed : packed.narrow(0, first * embedDim, count * embedDim));
  const weight = inProjWeight === null ? [qProjWeight, kProjWeight, vProjWeight][first] : rows(inProjWeight);
  return linear(x, weight as Tensor, inProjBias === null ? null : rows(inProjBias));
}

function headsOf([query, key, value]: readonly Tensor[]): Heads {
  return { query, key, value } as Heads;
}
