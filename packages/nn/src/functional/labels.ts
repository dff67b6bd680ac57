import { DTypeError, ShapeError, type Tensor, where } from '@dl/tensor';
import { apply, checkFloating, checkInteger, checkTensor, formatShape, sameShape } from '@dl/tensor/internal';
import { checkSize } from './checks.ts';

/** Scores and class indices as rows: a score for each class in `[n, C]`, a label in `[n]`. */
export interface Labelled {
  readonly scores: Tensor;
  readonly labels: Tensor;
  /** Labels with class 0 where they are to be ignored. */
  readonly safe: Tensor;
  /** The losses, one a row, in the shape of the target: 0 where the label is to be ignored. */
  restore(losses: Tensor): Tensor;
}

/** Whether a target holds probabilities rather than class indices. */
export function holdsProbabilities(input: Tensor, target: Tensor): boolean {
  return sameShape(input.shape, target.shape) && target.dtype.startsWith('float');
}

/**
 * Input and target as rows.
 *
 * @throws DTypeError, ShapeError naming both, unless the input is `[C]`, `[N, C]` or `[N, C, d1, …]` and the target is that without C.
 */
export function labelled(caller: string, input: Tensor, target: Tensor, ignoreIndex: number): Labelled {
  checkLabels(caller, input, target);
  checkInteger(caller, 'ignoreIndex', ignoreIndex, -(2 ** 31), 2 ** 31 - 1);
  const scores = classesLast(input);
  const labels = target.int().reshape([target.numel()]);
  return {
    scores,
    labels,
    get safe() {
      return where(labels.eq(ignoreIndex), 0, labels);
    },
    restore: (losses) => where(labels.eq(ignoreIndex), 0, losses).reshape(target.shape),
  };
}

/** The scores of all classes as rows `[n, C]`, from `[C]`, `[N, C]` or `[N, C, d1, …]`. */
export function classesLast(input: Tensor): Tensor {
  const classes = input.size(classDim(input));
  if (input.ndim <= 2) return input.reshape([-1, classes].map((size) => (size === -1 ? input.numel() / classes : size)));
  return input.permute([0, ...input.shape.slice(2).map((_, i) => i + 2), 1]).reshape([input.numel() / classes, classes]);
}

/** The dim of the classes. */
export function classDim(input: Tensor): number {
  return input.ndim === 1 ? 0 : 1;
}

/** The weight of each label's class, 0 for ignored labels; one a row. */
export function labelWeights({ labels, safe }: Labelled, weight: Tensor, ignoreIndex: number): Tensor {
  return where(labels.eq(ignoreIndex), 0, apply('indexSelect', [weight, safe], { dim: 0 }, []));
}

/** Refuses class weights that are not one floating number a class, of the input's dtype. */
export function checkClassWeight(caller: string, weight: Tensor | null, input: Tensor): void {
  if (weight === null) return;
  checkTensor(caller, 'weight', weight);
  if (weight.dtype !== input.dtype)
    throw new DTypeError(`${caller}: weight and input must have one dtype; got ${weight.dtype} and ${input.dtype}`);
  checkSize(caller, 'weight', weight, [input.size(classDim(input))]);
}

function checkLabels(caller: string, input: Tensor, target: Tensor): void {
  checkTensor(caller, 'input', input);
  checkFloating(caller, 'input', input);
  checkTensor(caller, 'target', target);
  const expected = input.shape.filter((_, dim) => dim !== classDim(input));
  const got = `got input ${formatShape(input.shape)} and target ${formatShape(target.shape)} of ${target.dtype}`;
  if (input.ndim === 0 || !sameShape(target.shape, expected)) {
    throw new ShapeError(`${caller}: the input must be [N, C, …] or [C], and the target that without C; ${got}`);
  }
  if (target.dtype !== 'int32' && target.dtype !== 'uint8') {
    throw new DTypeError(`${caller}: class indices must be int32 or uint8; ${got}. Cast them: target.int()`);
  }
}
