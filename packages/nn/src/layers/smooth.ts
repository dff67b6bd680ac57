import {
  ArgumentError,
  celu,
  type EluOptions,
  elu,
  type GeluOptions,
  gelu,
  logsigmoid,
  mish,
  type SoftplusOptions,
  selu,
  sigmoid,
  silu,
  softplus,
  softsign,
  type Tensor,
  tanh,
} from '@dl/tensor';
import { checkFinite, checkInteger, checkNumber, checkOneOf } from '@dl/tensor/internal';
import { type GluOptions, glu } from '../functional/activations.ts';
import { Module } from '../module.ts';
import { float } from '../repr.ts';

/**
 * `1 / (1 + e^-x)`. PyTorch: `torch.nn.Sigmoid`.
 *
 * @example new Sigmoid()(x)
 */
export class Sigmoid extends Module {
  override forward(x: Tensor): Tensor {
    return sigmoid(x);
  }
}

/**
 * `log(1 / (1 + e^-x))`, without overflow. PyTorch: `torch.nn.LogSigmoid`.
 *
 * @example new LogSigmoid()(x)
 */
export class LogSigmoid extends Module {
  override forward(x: Tensor): Tensor {
    return logsigmoid(x);
  }
}

/**
 * The hyperbolic tangent. PyTorch: `torch.nn.Tanh`.
 *
 * @example new Tanh()(x)
 */
export class Tanh extends Module {
  override forward(x: Tensor): Tensor {
    return tanh(x);
  }
}

/**
 * `x / (1 + |x|)`. PyTorch: `torch.nn.Softsign`.
 *
 * @example new Softsign()(x)
 */
export class Softsign extends Module {
  override forward(x: Tensor): Tensor {
    return softsign(x);
  }
}

/**
 * `x sigmoid(x)`, also called swish (Elfwing et al. 2018). PyTorch: `torch.nn.SiLU`.
 *
 * @example new SiLU()(x)
 */
export class SiLU extends Module {
  override forward(x: Tensor): Tensor {
    return silu(x);
  }
}

/**
 * `x tanh(softplus(x))` (Misra 2019). PyTorch: `torch.nn.Mish`.
 *
 * @example new Mish()(x)
 */
export class Mish extends Module {
  override forward(x: Tensor): Tensor {
    return mish(x);
  }
}

/**
 * `scale elu(x, alpha)` with the numbers that keep mean 0 and variance 1 (Klambauer et al. 2017). PyTorch: `torch.nn.SELU`.
 *
 * @example new SELU()(x)
 */
export class SELU extends Module {
  override forward(x: Tensor): Tensor {
    return selu(x);
  }
}

/**
 * `x` above zero, `alpha (e^x - 1)` below (Clevert et al. 2016). PyTorch: `torch.nn.ELU`.
 *
 * @throws ArgumentError if alpha is not a finite number.
 * @example new ELU({ alpha: 0.5 })(x)
 */
export class ELU extends Module {
  readonly alpha: number;

  constructor(options: EluOptions = {}) {
    super();
    this.alpha = options.alpha ?? 1;
    checkFinite('ELU', 'alpha', this.alpha);
  }

  override forward(x: Tensor): Tensor {
    return elu(x, { alpha: this.alpha });
  }

  override extraRepr(): string {
    return `alpha=${float(this.alpha)}`;
  }
}

/**
 * `x` above zero, `alpha (e^(x / alpha) - 1)` below (Barron 2017). PyTorch: `torch.nn.CELU`.
 *
 * @throws ArgumentError if alpha is not a finite number other than 0.
 * @example new CELU({ alpha: 0.5 })(x)
 */
export class CELU extends Module {
  readonly alpha: number;

  constructor(options: EluOptions = {}) {
    super();
    this.alpha = options.alpha ?? 1;
    checkFinite('CELU', 'alpha', this.alpha);
    if (this.alpha === 0) throw new ArgumentError('CELU: alpha must not be 0; got 0');
  }

  override forward(x: Tensor): Tensor {
    return celu(x, { alpha: this.alpha });
  }

  override extraRepr(): string {
    return `alpha=${float(this.alpha)}`;
  }
}

/**
 * `x Φ(x)` with the normal distribution's Φ, or its approximation with tanh (Hendrycks and Gimpel 2016). PyTorch: `torch.nn.GELU`.
 *
 * @throws ArgumentError if `approximate` is neither 'none' nor 'tanh'.
 * @example new GELU({ approximate: 'tanh' })(x)
 */
export class GELU extends Module {
  readonly approximate: 'none' | 'tanh';

  constructor(options: GeluOptions = {}) {
    super();
    this.approximate = options.approximate ?? 'none';
    checkOneOf('GELU', 'approximate', this.approximate, ['none', 'tanh']);
  }

  override forward(x: Tensor): Tensor {
    return gelu(x, { approximate: this.approximate });
  }

  override extraRepr(): string {
    return `approximate='${this.approximate}'`;
  }
}

/**
 * `log(1 + e^(beta x)) / beta`, and `x` where `beta x` is above the threshold. PyTorch: `torch.nn.Softplus`.
 *
 * @throws ArgumentError if beta is 0, or beta or threshold is no number.
 * @example new Softplus({ beta: 2 })(x)
 */
export class Softplus extends Module {
  readonly beta: number;
  readonly threshold: number;

  constructor(options: SoftplusOptions = {}) {
    super();
    this.beta = options.beta ?? 1;
    this.threshold = options.threshold ?? 20;
    checkFinite('Softplus', 'beta', this.beta);
    checkNumber('Softplus', 'threshold', this.threshold);
    if (this.beta === 0) throw new ArgumentError('Softplus: beta must not be 0; got 0');
  }

  override forward(x: Tensor): Tensor {
    return softplus(x, { beta: this.beta, threshold: this.threshold });
  }

  override extraRepr(): string {
    return `beta=${float(this.beta)}, threshold=${float(this.threshold)}`;
  }
}

/**
 * `a sigmoid(b)` with the two halves a, b of x along a dim (Dauphin et al. 2017). PyTorch: `torch.nn.GLU`.
 *
 * @throws ArgumentError if the dim is not a whole number.
 * @example new GLU()(x)
 */
export class GLU extends Module {
  readonly dim: number;

  constructor(options: GluOptions = {}) {
    super();
    this.dim = options.dim ?? -1;
    checkInteger('GLU', 'dim', this.dim);
  }

  override forward(x: Tensor): Tensor {
    return glu(x, { dim: this.dim });
  }

  override extraRepr(): string {
    return `dim=${this.dim}`;
  }
}
