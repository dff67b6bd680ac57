import { DTypeError, ShapeError, scatterAdd, type Tensor, where, zeros } from '@dl/tensor';
import { apply, checkFloating, checkTensor, formatShape } from '@dl/tensor/internal';
import { checkSameShape } from './checks.ts';
import { type ReductionOptions, reduced } from './reduction.ts';

/**
 * `Σⱼ Σᵢ max(0, 1 - (input[target[j]] - input[i])) / C` over the labels j of an example and the classes i that are none of them; input
 * `[N, C]` or `[C]`, target the same shape of class indices, of which those before the first -1 count.
 * PyTorch: `torch.nn.functional.multilabel_margin_loss`.
 *
 * @throws ShapeError, DTypeError naming input and target if they do not fit; IndexError, when it is computed, for a label that is no class.
 * @example multilabelMarginLoss(scores, tensor([[3, 0, -1, -1]], { dtype: 'int32' }))
 */
export function multilabelMarginLoss(input: Tensor, target: Tensor, options: ReductionOptions = {}): Tensor {
  checkTensor('multilabelMarginLoss', 'input', input);
  checkFloating('multilabelMarginLoss', 'input', input);
  checkTensor('multilabelMarginLoss', 'target', target);
  checkSameShape('multilabelMarginLoss', 'input', input, 'target', target);
  if (input.ndim !== 1 && input.ndim !== 2)
    throw new ShapeError(`multilabelMarginLoss: input must be [N, C] or [C]; got ${formatShape(input.shape)}`);
  if (target.dtype !== 'int32')
    throw new DTypeError(`multilabelMarginLoss: target must be int32; got ${target.dtype}. Cast it: target.int()`);
  const { dtype } = input;
  const classes = input.size(-1);
  const scores = input.reshape([input.ndim === 1 ? 1 : input.size(0), classes]);
  const labels = target.reshape(scores.shape);
  const counts = labels.eq(-1).int().cumsum({ dim: 1 }).eq(0);
  const safe = where(counts, labels, 0).int();
  const isLabel = scatterAdd(zeros(scores.shape, { dtype }), 1, safe, counts.to(dtype)).gt(0);
  const own = apply('gather', [scores, safe], { dim: 1 }, []);
  const gaps = scores.unsqueeze(1).sub(own.unsqueeze(2)).add(1).clamp({ min: 0 });
  const met = counts.unsqueeze(2).logicalAnd(isLabel.logicalNot().unsqueeze(1));
  const losses = where(met, gaps, 0)
    .sum({ dim: [1, 2] })
    .div(classes);
  return reduced('multilabelMarginLoss', losses.reshape(input.shape.slice(0, -1)), options);
}
