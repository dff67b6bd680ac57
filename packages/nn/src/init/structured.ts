import { ArgumentError, Generator, ShapeError, type Tensor, tensor } from '@dl/tensor';
import { checkFinite, checkInteger, formatShape } from '@dl/tensor/internal';
import { checkProbability } from '../functional/checks.ts';
import { filled } from './filled.ts';
import { randomZeros } from './host.ts';
import { normalAround } from './recipes.ts';

/** What `dirac` takes. */
export interface DiracOptions {
  /** The groups of the convolution; default 1. */
  readonly groups?: number;
}

/** What `sparse` takes. */
export interface SparseOptions {
  /** The standard deviation of what is not zero; default 0.01. */
  readonly std?: number;
}

/**
 * A convolution's weight `[out, in / groups, …kernel]` that leaves its inputs as they are: 1 in the middle of the kernel from channel i of each
 * group to channel i, zeros elsewhere. PyTorch: `torch.nn.init.dirac_`.
 *
 * @throws ShapeError unless it has 3 to 5 dims; ArgumentError unless the groups divide its first dim.
 * @example init.dirac(new Conv2d(8, 8, 3, { padding: 1 }).weight)
 */
export function dirac<T extends Tensor>(target: T, options: DiracOptions = {}): T {
  const { groups = 1 } = options;
  return filled('dirac', target, ({ shape, dtype }) => {
    const [out = 0, inner = 0, ...kernel] = shape;
    checkInteger('dirac', 'groups', groups, 1);
    if (kernel.length < 1 || kernel.length > 3) throw new ShapeError(`dirac: the tensor must have 3 to 5 dims; got ${formatShape(shape)}`);
    if (out % groups !== 0) throw new ArgumentError(`dirac: groups must divide the first dim; got ${groups} and ${formatShape(shape)}`);
    const perGroup = out / groups;
    const field = kernel.reduce((size, width) => size * width, 1);
    const middle = kernel.reduce((place, width) => place * width + Math.floor(width / 2), 0);
    const values = new Float64Array(target.numel());
    for (let row = 0; row < out; row++) {
      const channel = row % perGroup;
      if (channel < inner) values[(row * inner + channel) * field + middle] = 1;
    }
    return tensor(values, { shape, dtype });
  });
}

/**
 * A matrix of normal numbers with mean 0, of which a share in each column, drawn at random and rounded up, is zero (Martens 2010). The
 * tensor is an ordinary one. PyTorch: `torch.nn.init.sparse_`.
 *
 * @throws ShapeError unless it has 2 dims; ArgumentError unless the sparsity is in [0, 1] and std not negative.
 * @example init.sparse(layer.weight, 0.9)
 */
export function sparse<T extends Tensor>(target: T, sparsity: number, options: SparseOptions = {}): T {
  const { std = 0.01 } = options;
  return filled('sparse', target, ({ shape, dtype }) => {
    checkProbability('sparse', 'sparsity', sparsity);
    checkFinite('sparse', 'std', std);
    const [rows = 0, columns = 0] = shape;
    if (std < 0) throw new ArgumentError(`sparse: std must not be negative; got ${std}`);
    if (shape.length !== 2) throw new ShapeError(`sparse: the tensor must be a matrix; got ${formatShape(shape)}`);
    const mask = randomZeros(new Generator(), rows, columns, Math.ceil(sparsity * rows));
    return normalAround(shape, dtype, 0, std).mul(tensor(mask, { shape, dtype }));
  });
}
