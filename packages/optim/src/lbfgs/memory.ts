import { type Shape, Tensor } from '@dl/tensor';
import { describe, formatShape, sameShape } from '@dl/tensor/internal';
import { fitError, type StateEntry } from '../stateDict.ts';
import type { History } from './direction.ts';

/** What LBFGS remembers between calls of `step`. */
export interface Memory {
  readonly funcEvals: number;
  readonly nIter: number;
  readonly history: History;
  /** The last direction, or `null` before the first. */
  readonly last: LastMove | null;
}

/** The last direction, how far it was followed, and the gradient and the loss where it began. */
interface LastMove {
  readonly direction: Tensor;
  readonly length: number;
  readonly gradient: Tensor;
  readonly loss: number;
  /** What the estimate of the inverse Hessian starts with. */
  readonly scale: Tensor;
}

/** Before the first step. */
export const emptyMemory: Memory = { funcEvals: 0, nIter: 0, history: { oldDirs: [], oldStps: [], ro: [] }, last: null };

type Entries = Readonly<Record<string, StateEntry>>;

/** The memory as PyTorch lays it out, or `null` before the first step. */
export function takeMemory({ funcEvals, nIter, history, last }: Memory): Entries | null {
  if (funcEvals === 0) return null;
  const counts = { func_evals: funcEvals, n_iter: nIter };
  if (last === null) return counts;
  const { direction, length, gradient, loss, scale } = last;
  return {
    ...counts,
    d: direction.detach(),
    t: length,
    old_dirs: history.oldDirs.map((x) => x.detach()),
    old_stps: history.oldStps.map((x) => x.detach()),
    ro: history.ro.map((x) => x.detach()),
    H_diag: scale.detach(),
    prev_flat_grad: gradient.detach(),
    prev_loss: loss,
  };
}

/** The memory in PyTorch's layout, checked against the parameters. */
export function loadMemory(caller: string, entries: Entries | undefined, parameters: readonly Tensor[]): Memory {
  if (entries === undefined) return emptyMemory;
  const size = parameters.reduce((sum, parameter) => sum + parameter.numel(), 0);
  const reader = new Reader(caller, entries, parameters[0]?.dtype === 'float64' ? 'float64' : 'float32');
  const counts = { funcEvals: reader.number('func_evals'), nIter: reader.number('n_iter') };
  if (entries.d === undefined) return { ...emptyMemory, ...counts };
  const vectors = ['old_dirs', 'old_stps'].map((key) => reader.list(key, [size]));
  const [oldDirs = [], oldStps = [], ro] = [...vectors, reader.list('ro', [])];
  if (oldDirs.length !== oldStps.length || oldDirs.length !== ro?.length)
    throw fitError(caller, ['old_dirs, old_stps and ro of different lengths']);
  const last = {
    direction: reader.tensor('d', [size]),
    length: reader.number('t'),
    gradient: reader.tensor('prev_flat_grad', [size]),
    loss: reader.number('prev_loss'),
    scale: reader.tensor('H_diag', []),
  };
  return { ...counts, history: { oldDirs, oldStps, ro }, last };
}

/** Reads entries of a state dict, each as what it must be. */
class Reader {
  readonly #caller: string;
  readonly #entries: Entries;
  readonly #dtype: 'float32' | 'float64';

  constructor(caller: string, entries: Entries, dtype: 'float32' | 'float64') {
    this.#caller = caller;
    this.#entries = entries;
    this.#dtype = dtype;
  }

  number(key: string): number {
    const value = this.#entries[key];
    if (typeof value !== 'number' || !Number.isFinite(value))
      throw fitError(this.#caller, [`${key} must be a finite number, not ${describe(value)}`]);
    return value;
  }

  tensor(key: string, shape: Shape): Tensor {
    return this.#fitted(key, this.#entries[key], shape);
  }

  list(key: string, shape: Shape): readonly Tensor[] {
    const value: unknown = this.#entries[key];
    if (!Array.isArray(value)) throw fitError(this.#caller, [`${key} must be a list of tensors, not ${describe(value)}`]);
    return value.map((item) => this.#fitted(key, item, shape));
  }

  #fitted(key: string, value: unknown, shape: Shape): Tensor {
    const given = value instanceof Tensor ? formatShape(value.shape) : describe(value);
    if (!(value instanceof Tensor) || !sameShape(value.shape, shape))
      throw fitError(this.#caller, [`${key} must be of shape ${formatShape(shape)}, not ${given}`]);
    return value.detach().to(this.#dtype);
  }
}
