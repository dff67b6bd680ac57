import { ArgumentError, ShapeError, type Tensor } from '@dl/tensor';
import { formatShape, sizeOf } from '@dl/tensor/internal';
import { checkInputs, checkSize } from './checks.ts';
import { type CrossEntropyOptions, crossEntropyAs } from './crossEntropy.ts';
import { holdsProbabilities } from './labels.ts';

/** What `linearCrossEntropy` takes. */
export interface LinearCrossEntropyOptions extends Omit<CrossEntropyOptions, 'ignoreIndex'> {
  /** Added to the scores: `[C]`, or `[C, d1, …]` as the weight's; default none. */
  readonly linearBias?: Tensor | null;
  /** A label that counts for nothing, for targets of labels; `null`, the default, is -100. */
  readonly ignoreIndex?: number | null;
}

/**
 * The cross entropy of scores that a linear map gives: input `[N, in]` or `[in]`, weight `[C, in]`, or `[C, d1, …, in]` for several losses an
 * example, target of class indices, `[N, d1, …]`, or of probabilities, `[N, C, d1, …]`. The same as `crossEntropy(linear(input, weight), target)`.
 * PyTorch: `torch.nn.functional.linear_cross_entropy`, without its `options`, which cut the work of its own implementation.
 *
 * @throws ShapeError, DTypeError if the tensors do not fit; ArgumentError for an `ignoreIndex` with probabilities; IndexError, when it is
 *   computed, for a label that is no class.
 * @example linearCrossEntropy(hidden, embedding.weight, tokens)
 */
export function linearCrossEntropy(input: Tensor, linearWeight: Tensor, target: Tensor, options: LinearCrossEntropyOptions = {}): Tensor {
  const { linearBias = null, ignoreIndex = null, ...rest } = options;
  const logits = scores(input, linearWeight, linearBias);
  if (ignoreIndex !== null && holdsProbabilities(logits, target))
    throw new ArgumentError(`linearCrossEntropy: ignoreIndex is for targets of labels; got ${ignoreIndex} and probabilities`);
  return crossEntropyAs('linearCrossEntropy', logits, target, { ...rest, ignoreIndex: ignoreIndex ?? -100 });
}

/** `[N, C, d1, …]` or `[C]`. */
function scores(input: Tensor, weight: Tensor, bias: Tensor | null): Tensor {
  checkInputs('linearCrossEntropy', { input, linearWeight: weight, linearBias: bias });
  const inner = weight.shape.at(-1);
  const got = `got input ${formatShape(input.shape)} and linearWeight ${formatShape(weight.shape)}`;
  const several = weight.ndim > 2;
  if (weight.ndim < 2 || (input.ndim !== 2 && (input.ndim !== 1 || several)) || input.size(-1) !== inner) {
    throw new ShapeError(
      `linearCrossEntropy: input must be [N, in] or [in] and linearWeight [C, in], or [N, in] and [C, d1, …, in]; ${got}`,
    );
  }
  const outer = weight.shape.slice(0, -1);
  if (bias !== null) checkSize('linearCrossEntropy', 'linearBias', bias, outer);
  const flat = input.matmul(weight.reshape([sizeOf(outer), inner]).t());
  const logits = flat.reshape([...input.shape.slice(0, -1), ...outer]);
  return bias === null ? logits : logits.add(bias);
}
