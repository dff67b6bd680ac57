import {
  ArgumentError,
  full,
  type HardtanhOptions,
  hardsigmoid,
  hardswish,
  hardtanh,
  type LeakyReluOptions,
  leakyRelu,
  prelu,
  relu,
  relu6,
  type Tensor,
} from '@dl/tensor';
import { checkFinite, checkInteger, checkNumber } from '@dl/tensor/internal';
import { threshold } from '../functional/activations.ts';
import { Module } from '../module.ts';
import { Parameter } from '../parameter.ts';
import { float } from '../repr.ts';
import type { FloatingOptions } from './options.ts';

/** What `PReLU` takes. */
export interface PReLUOptions extends FloatingOptions {
  /** 1 weight for all, or one for each index of dim 1; default 1. */
  readonly numParameters?: number;
  /** The weights at first; default 0.25. */
  readonly init?: number;
}

/**
 * `max(x, 0)`. PyTorch: `torch.nn.ReLU`.
 *
 * @example new ReLU()(x)
 */
export class ReLU extends Module {
  override forward(x: Tensor): Tensor {
    return relu(x);
  }
}

/**
 * `min(max(x, 0), 6)`. PyTorch: `torch.nn.ReLU6`.
 *
 * @example new ReLU6()(x)
 */
export class ReLU6 extends Module {
  override forward(x: Tensor): Tensor {
    return relu6(x);
  }
}

/**
 * `x` above zero, `negativeSlope x` below. PyTorch: `torch.nn.LeakyReLU`.
 *
 * @throws ArgumentError if the slope is not a finite number.
 * @example new LeakyReLU({ negativeSlope: 0.2 })(x)
 */
export class LeakyReLU extends Module {
  readonly negativeSlope: number;

  constructor(options: LeakyReluOptions = {}) {
    super();
    this.negativeSlope = options.negativeSlope ?? 0.01;
    checkFinite('LeakyReLU', 'negativeSlope', this.negativeSlope);
  }

  override forward(x: Tensor): Tensor {
    return leakyRelu(x, { negativeSlope: this.negativeSlope });
  }

  override extraRepr(): string {
    return `negative_slope=${float(this.negativeSlope)}`;
  }
}

/**
 * `x` above zero, `weight x` below, with learned weights (He et al. 2015). PyTorch: `torch.nn.PReLU`.
 *
 * @throws ArgumentError if the number of weights is not a whole number from 1 up.
 * @example new PReLU({ numParameters: 64 })(x)
 */
export class PReLU extends Module {
  readonly numParameters: number;
  readonly weight: Parameter;

  constructor(options: PReLUOptions = {}) {
    super();
    const { numParameters = 1, init = 0.25, dtype = 'float32' } = options;
    checkInteger('PReLU', 'numParameters', numParameters, 1);
    checkFinite('PReLU', 'init', init);
    this.numParameters = numParameters;
    this.weight = new Parameter(full([numParameters], init, { dtype }));
  }

  override forward(x: Tensor): Tensor {
    return prelu(x, this.weight);
  }

  override extraRepr(): string {
    return `num_parameters=${this.numParameters}`;
  }
}

/**
 * `min(max(x, minVal), maxVal)`. PyTorch: `torch.nn.Hardtanh`.
 *
 * @throws ArgumentError if `minVal` is not below `maxVal`.
 * @example new Hardtanh({ minVal: 0, maxVal: 6 })(x)
 */
export class Hardtanh extends Module {
  readonly minVal: number;
  readonly maxVal: number;

  constructor(options: HardtanhOptions = {}) {
    super();
    this.minVal = options.minVal ?? -1;
    this.maxVal = options.maxVal ?? 1;
    checkNumber('Hardtanh', 'minVal', this.minVal);
    checkNumber('Hardtanh', 'maxVal', this.maxVal);
    if (this.minVal >= this.maxVal) throw new ArgumentError(`Hardtanh: minVal must be below maxVal; got ${this.minVal} and ${this.maxVal}`);
  }

  override forward(x: Tensor): Tensor {
    return hardtanh(x, { minVal: this.minVal, maxVal: this.maxVal });
  }

  override extraRepr(): string {
    return `min_val=${float(this.minVal)}, max_val=${float(this.maxVal)}`;
  }
}

/**
 * `min(max(x + 3, 0), 6) / 6`. PyTorch: `torch.nn.Hardsigmoid`.
 *
 * @example new Hardsigmoid()(x)
 */
export class Hardsigmoid extends Module {
  override forward(x: Tensor): Tensor {
    return hardsigmoid(x);
  }
}

/**
 * `x min(max(x + 3, 0), 6) / 6` (Howard et al. 2019). PyTorch: `torch.nn.Hardswish`.
 *
 * @example new Hardswish()(x)
 */
export class Hardswish extends Module {
  override forward(x: Tensor): Tensor {
    return hardswish(x);
  }
}

/**
 * `x` above the threshold, else `value`. PyTorch: `torch.nn.Threshold`.
 *
 * @throws ArgumentError if threshold or value is no number.
 * @example new Threshold(0.1, 0)(x)
 */
export class Threshold extends Module {
  readonly threshold: number;
  readonly value: number;

  constructor(threshold: number, value: number) {
    super();
    checkNumber('Threshold', 'threshold', threshold);
    checkNumber('Threshold', 'value', value);
    this.threshold = threshold;
    this.value = value;
  }

  override forward(x: Tensor): Tensor {
    return threshold(x, this.threshold, this.value);
  }

  override extraRepr(): string {
    return `threshold=${float(this.threshold)}, value=${float(this.value)}`;
  }
}
