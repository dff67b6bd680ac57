import { rand, type Tensor, zerosLike } from '@dl/tensor';
import { checkFloating, checkTensor, normalizeDim } from '@dl/tensor/internal';
import { checkPositive } from './checks.ts';

/** What `gumbelSoftmax` takes. */
export interface GumbelSoftmaxOptions {
  /** The temperature, above 0: the lower, the nearer to one-hot. Default 1. */
  readonly tau?: number;
  /** Whether the result is one-hot, with the gradient of the soft one. Default `false`. */
  readonly hard?: boolean;
  /** The dim of the classes; default -1. */
  readonly dim?: number;
}

/**
 * A sample from the Gumbel-softmax distribution, `softmax((logits + g) / tau)` with `g = -log(-log u)` drawn anew for each element: a random
 * class that gradients flow through (Jang et al. 2017, Maddison et al. 2017). PyTorch: `torch.nn.functional.gumbel_softmax`.
 *
 * @throws ArgumentError unless tau is above 0, or if there is no such dim; DTypeError unless logits are floating.
 * @example gumbelSoftmax(randn([20, 32]), { tau: 0.5, hard: true })
 */
export function gumbelSoftmax(logits: Tensor, options: GumbelSoftmaxOptions = {}): Tensor {
  const { tau = 1, hard = false, dim = -1 } = options;
  checkTensor('gumbelSoftmax', 'logits', logits);
  checkFloating('gumbelSoftmax', 'logits', logits);
  checkPositive('gumbelSoftmax', 'tau', tau);
  const classes = normalizeDim('gumbelSoftmax', dim, logits.ndim);
  const uniform = rand(logits.shape, { dtype: logits.dtype }).clamp({ min: leastDraw });
  const soft = logits.sub(uniform.log().neg().log()).div(tau).softmax(classes);
  if (!hard) return soft;
  const chosen = soft.argmax({ dim: classes, keepDim: true });
  return zerosLike(soft).scatter(classes, chosen, 1).add(soft.sub(soft.detach()));
}

/** Half of what lies between two draws: the logarithm of 0 would make a class impossible. */
const leastDraw = 2 ** -25;
