import type { TensorSpec } from '@dl/tensor';
import { type FusedGradientPrimitives, sizeOf } from '@dl/tensor/internal';
import type { DecomposedName, EncoderTable, Encoding } from './encoding.ts';

type NormalizationName =
  | 'softmax'
  | 'logSoftmax'
  | 'crossEntropy'
  | 'layerNorm'
  | 'batchNorm'
  | Exclude<keyof FusedGradientPrimitives, DecomposedName>;
type Lines = 'softmax' | 'logSoftmax' | 'softmaxGradient' | 'logSoftmaxGradient';

/** Elements of a block of rows, each of which has its own sums for the gradients of weight and bias. */
const blockElements = 32768;
/** So many rows lose nothing when they are added up in float32, … */
const mostBlockRows = 64;
/** … and with fewer the sums would be too many. */
const leastBlockRows = 8;

/** Planes of batchNorm shorter than this are summed side by side, where there are enough of them. */
const shortPlane = 64;
/** Elements of a plane that are summed at a time. */
const planeRun = 16384;

export const normalizationEncoders: EncoderTable<NormalizationName> = {
  softmax: ({ inputs: [x], params: { dim } }) => lines('softmax', x, dim),
  logSoftmax: ({ inputs: [x], params: { dim } }) => lines('logSoftmax', x, dim),
  softmaxGradient: ({ inputs: [, output], params: { dim } }) => lines('softmaxGradient', output, dim),
  logSoftmaxGradient: ({ inputs: [, output], params: { dim } }) => lines('logSoftmaxGradient', output, dim),
  crossEntropy: ({ inputs: [logits, labels], params }) => labelled('crossEntropy', logits, labels, params.ignoreIndex),
  crossEntropyGradient: ({ inputs: [, logits, labels], params }) => labelled('crossEntropyGradient', logits, labels, params.ignoreIndex),
  layerNorm: ({ inputs: [x, weight] }) => ({ kernel: 'layerNorm', params: rowsOf(x, weight) }),
  layerNormGradient: ({ inputs: [, x, weight] }) => {
    const [isDouble, rows, width] = rowsOf(x, weight);
    const blockRows = Math.min(mostBlockRows, Math.max(leastBlockRows, Math.floor(blockElements / Math.max(1, width))));
    const workspace = Math.ceil(rows / blockRows) * 2 * width * 8;
    return { kernel: 'layerNormGradient', params: [isDouble, rows, width, blockRows], workspace };
  },
  batchNorm: ({ inputs: [x] }) => channels('batchNorm', x),
  batchNormGradient: ({ inputs: [, x] }) => channels('batchNormGradient', x),
};

/** `[outer, count, inner]` around a dim. */
function lines(kernel: Lines, x: TensorSpec, dim: number): Encoding {
  const outer = sizeOf(x.shape.slice(0, dim));
  return { kernel, params: [doubled(x), outer, x.shape[dim] ?? 1, sizeOf(x.shape.slice(dim + 1))] };
}

function labelled(kernel: 'crossEntropy' | 'crossEntropyGradient', logits: TensorSpec, labels: TensorSpec, ignoreIndex: number): Encoding {
  const [rows = 0, classes = 1] = logits.shape;
  return { kernel, params: [doubled(logits), rows, classes, ignoreIndex, Number(labels.dtype === 'uint8')] };
}

/** Whether elements are float64, rows, and the width of each. */
function rowsOf(x: TensorSpec, weight: TensorSpec): readonly [isDouble: number, rows: number, width: number] {
  const width = sizeOf(weight.shape);
  return [doubled(x), sizeOf(x.shape.slice(0, x.shape.length - weight.shape.length)), width];
}

function channels(kernel: 'batchNorm' | 'batchNormGradient', x: TensorSpec): Encoding {
  const [batch = 0, count = 0, ...rest] = x.shape;
  const inner = sizeOf(rest);
  const isColumns = inner < 8 || inner < Math.min(shortPlane, 2 * batch);
  const span = isColumns ? mostBlockRows : planeRun;
  const columns = isColumns ? count * inner : count;
  const sums = columns * (isColumns ? Math.ceil(batch / span) : batch * Math.ceil(inner / span));
  return {
    kernel,
    params: [doubled(x), Number(isColumns), batch, count, inner, span, sums],
    workspace: 8 * (2 * sums + 4 * columns),
  };
}

function doubled({ dtype }: TensorSpec): number {
  return Number(dtype === 'float64');
}
