import { ArgumentError, stack, Tensor, zeros } from '@dl/tensor';
import { checkFloating, checkNumber, checkTensor, describe, withGradMode } from '@dl/tensor/internal';

/** What `getTotalNorm` and `clipGradNorm` take. */
export interface TotalNormOptions {
  /** The exponent of the norm, above 0; `Infinity` for the greatest absolute value. Default 2. */
  readonly normType?: number;
}

/**
 * The norm of tensors taken as one long vector; 0 of none. Nothing is computed yet. PyTorch: `torch.nn.utils.get_total_norm`.
 *
 * @throws ArgumentError if `normType` is not above 0, or for what is no tensor; DTypeError for integers.
 * @example getTotalNorm(model.parameters().flatMap(({ grad }) => (grad === null ? [] : [grad])))
 */
export function getTotalNorm(tensors: Tensor | Iterable<Tensor>, options: TotalNormOptions = {}): Tensor {
  return totalNorm('getTotalNorm', tensors, options);
}

/** The same in the name of a caller. */
export function totalNorm(caller: string, tensors: Tensor | Iterable<Tensor>, { normType = 2 }: TotalNormOptions): Tensor {
  checkNumber(caller, 'normType', normType);
  if (normType <= 0) throw new ArgumentError(`${caller}: normType must be above 0; got ${normType}`);
  const list = listed(caller, tensors);
  if (list.length === 0) return zeros([]);
  return withGradMode(caller, false, () => normOf(stack(list.map((x) => normOf(x, normType))), normType));
}

function listed(caller: string, given: Tensor | Iterable<Tensor>): readonly Tensor[] {
  const value: unknown = given;
  if (!(value instanceof Tensor) && !(typeof value === 'object' && value !== null && Symbol.iterator in value))
    throw new ArgumentError(`${caller}: tensors must be a tensor or a list of them; got ${describe(value)}`);
  const list = given instanceof Tensor ? [given] : [...given];
  list.forEach((x, i) => {
    checkTensor(caller, `tensor ${i}`, x);
    checkFloating(caller, `tensor ${i}`, x);
  });
  return list;
}

function normOf(x: Tensor, p: number): Tensor {
  if (p === Number.POSITIVE_INFINITY) return x.abs().max();
  return p === 2
    ? x.square().sum().sqrt()
    : x
        .abs()
        .pow(p)
        .sum()
        .pow(1 / p);
}
