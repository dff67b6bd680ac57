import { requiresGrad } from '@dl/autograd';
import { Tensor } from '@dl/tensor';
import { checkFloating, checkTensor, own } from '@dl/tensor/internal';

/**
 * A tensor that a module learns: as a field it is found by `parameters()`, and gradients flow to it. Its first value is the recipe
 * given; optimizers and `assign` set others. PyTorch: `torch.nn.Parameter`.
 *
 * @throws DTypeError if the data are not float32 or float64.
 * @example
 * class Scale extends Module {
 *   factor = new Parameter(ones([1]));
 *   forward(x: Tensor) {
 *     return x.mul(this.factor);
 *   }
 * }
 */
export class Parameter extends Tensor {
  /** @param options `requiresGrad` (default `true`): whether gradients flow to it. */
  constructor(data: Tensor, options: { readonly requiresGrad?: boolean } = {}) {
    checkTensor('Parameter', 'data', data);
    checkFloating('Parameter', 'data', data);
    super((data.requiresGrad ? data.detach() : data).value);
    requiresGrad(this);
    this.requiresGrad = options.requiresGrad ?? true;
  }
}

/**
 * A tensor that a module keeps but does not learn, as running statistics are: as a field it is found by `buffers()`. In `forward`,
 * change it with `buffer.assign(value)`. PyTorch: `torch.nn.Buffer`.
 *
 * @example
 * class Counter extends Module {
 *   calls = new Buffer(zeros([]));
 *   forward(x: Tensor) {
 *     this.calls.assign(this.calls.add(1));
 *     return x;
 *   }
 * }
 */
export class Buffer extends Tensor {
  /** Whether it is part of the state dict. */
  readonly persistent: boolean;

  /** @param options `persistent` (default `true`): whether it is part of the state dict. */
  constructor(data: Tensor, options: { readonly persistent?: boolean } = {}) {
    checkTensor('Buffer', 'data', data);
    super(data.value);
    own(this, data);
    this.persistent = options.persistent ?? true;
  }
}
