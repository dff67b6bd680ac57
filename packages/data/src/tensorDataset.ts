import { ArgumentError, adopt, evaluate, indexSelect, ShapeError, select, type Tensor } from '@dl/tensor';
import { checkTensor, formatShape } from '@dl/tensor/internal';
import type { Collated } from './collate.ts';
import { checkIndex, Dataset } from './dataset.ts';

/** One `Tensor` for each of a list of them. */
type Rows<Tensors extends readonly Tensor[]> = { -readonly [I in keyof Tensors]: Tensor };

/**
 * The rows of tensors with the same first size: sample i is row i of each. A batch is one gather of each tensor.
 * PyTorch: `torch.utils.data.TensorDataset`.
 *
 * @throws ArgumentError without tensors; ShapeError if one is a scalar or the first sizes differ.
 * @example new DataLoader(new TensorDataset(x, y), { batchSize: 32, shuffle: true });
 */
export class TensorDataset<Tensors extends readonly Tensor[]> extends Dataset<Rows<Tensors>> {
  readonly tensors: Tensors;
  readonly length: number;

  constructor(...tensors: Tensors) {
    super();
    this.tensors = tensors;
    this.length = checkTensors(tensors);
  }

  get(index: number): Rows<Tensors> {
    checkIndex('TensorDataset', index, this.length);
    return this.#rows((tensor) => select(tensor, 0, index));
  }

  override async getBatch(indices: readonly number[]): Promise<Collated<Rows<Tensors>>> {
    for (const index of indices) checkIndex('TensorDataset', index, this.length);
    // Recipes are computed once, not in every batch.
    await evaluate(...this.tensors);
    const rows: unknown = this.#rows((tensor) => indexSelect(tensor, 0, adopt(Int32Array.from(indices))));
    // A tuple of tensors collates to a tuple of tensors; the compiler sees a conditional type.
    return rows as Collated<Rows<Tensors>>;
  }

  #rows(rowsOf: (tensor: Tensor) => Tensor): Rows<Tensors> {
    return this.tensors.map(rowsOf) as Rows<Tensors>;
  }
}

function checkTensors(tensors: readonly Tensor[]): number {
  const [first] = tensors;
  if (first === undefined) throw new ArgumentError('TensorDataset: needs at least one tensor; got none');
  for (const [i, tensor] of tensors.entries()) {
    checkTensor('TensorDataset', `tensor ${i}`, tensor);
    if (tensor.ndim === 0) throw new ShapeError(`TensorDataset: tensors must have rows; got a scalar as tensor ${i}`);
    if (tensor.size(0) !== first.size(0)) {
      throw new ShapeError(
        `TensorDataset: first sizes must agree; got ${formatShape(first.shape)} and, as tensor ${i}, ${formatShape(tensor.shape)}`,
      );
    }
  }
  return first.size(0);
}
