import { ArgumentError, ones, type Tensor, zeros } from '@dl/tensor';
import { apply, formatShape } from '@dl/tensor/internal';

/** What `normalizedRows` takes. */
interface RowsOptions {
  readonly eps: number;
  /** `[rows]`. */
  readonly weight?: Tensor | null;
  /** `[rows]`. */
  readonly bias?: Tensor | null;
}

/**
 * Cuts x into `rows` runs of neighbours and brings each to mean 0 and variance 1: one pass of the kernel for batches, which sees each run as
 * a channel. Gives x's shape, and the mean and the biased variance of each run.
 */
export function normalizedRows(
  x: Tensor,
  rows: number,
  { weight = null, bias = null, eps }: RowsOptions,
): readonly [output: Tensor, mean: Tensor, variance: Tensor] {
  const { dtype, shape } = x;
  const runs = x.reshape([1, rows, rows === 0 ? 0 : x.numel() / rows]);
  const inputs = [runs, weight ?? ones([rows], { dtype }), bias ?? zeros([rows], { dtype })] as const;
  const [output, mean, variance] = apply('batchNorm', inputs, {}, [eps]);
  return [output.reshape(shape), mean, variance];
}

/** Refuses to normalise single values: they would all become 0. */
export function checkCount(caller: string, what: string, count: number, x: Tensor): void {
  if (count <= 1) throw new ArgumentError(`${caller}: needs more than one value per ${what}; got x ${formatShape(x.shape)}`);
}

/** One number a channel, in a shape that meets x, whose channels are dim 1. */
export function perChannel(x: Tensor, values: Tensor): Tensor {
  return values.reshape([x.size(1), ...new Array<number>(x.ndim - 2).fill(1)]);
}
