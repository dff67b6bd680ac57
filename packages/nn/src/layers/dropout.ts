import { dropout, type Tensor } from '@dl/tensor';
import { checkProbability } from '../functional/checks.ts';
import { alphaDropout, dropout1d, dropout2d, dropout3d, featureAlphaDropout } from '../functional/dropouts.ts';
import { Module } from '../module.ts';
import { float } from '../repr.ts';

/** What all kinds of dropout share. */
abstract class ProbabilisticDropout extends Module {
  /** May be set at any time. */
  p: number;

  constructor(p = 0.5) {
    super();
    checkProbability(new.target.name, 'p', p);
    this.p = p;
  }

  abstract override forward(x: Tensor): Tensor;

  override extraRepr(): string {
    return `p=${float(this.p)}, inplace=False`;
  }
}

/**
 * In training, zeroes each element with probability p and scales the rest by `1 / (1 - p)`; in evaluation, nothing (Srivastava et al. 2014).
 * PyTorch: `torch.nn.Dropout`.
 *
 * @throws ArgumentError if p is not in [0, 1].
 * @example new Dropout(0.2)(h)
 */
export class Dropout extends ProbabilisticDropout {
  override forward(x: Tensor): Tensor {
    return dropout(x, { p: this.p, training: this.training });
  }
}

/**
 * In training, zeroes whole channels of `[N, C, L]` or `[C, L]` with probability p and scales the rest by `1 / (1 - p)`
 * (Tompson et al. 2015). PyTorch: `torch.nn.Dropout1d`.
 *
 * @throws ArgumentError if p is not in [0, 1]; at the call ShapeError for another rank.
 * @example new Dropout1d(0.2)(h)
 */
export class Dropout1d extends ProbabilisticDropout {
  override forward(x: Tensor): Tensor {
    return dropout1d(x, { p: this.p, training: this.training });
  }
}

/**
 * The same of `[N, C, H, W]`; three dims are taken as `[N, C, L]`, as PyTorch does. PyTorch: `torch.nn.Dropout2d`.
 *
 * @throws as `Dropout1d`.
 * @example new Dropout2d(0.2)(features)
 */
export class Dropout2d extends ProbabilisticDropout {
  override forward(x: Tensor): Tensor {
    return dropout2d(x, { p: this.p, training: this.training });
  }
}

/**
 * The same of `[N, C, D, H, W]` or `[C, D, H, W]`. PyTorch: `torch.nn.Dropout3d`.
 *
 * @throws as `Dropout1d`.
 * @example new Dropout3d(0.2)(volumes)
 */
export class Dropout3d extends ProbabilisticDropout {
  override forward(x: Tensor): Tensor {
    return dropout3d(x, { p: this.p, training: this.training });
  }
}

/**
 * Dropout behind `SELU`, which keeps mean 0 and variance 1 (Klambauer et al. 2017). PyTorch: `torch.nn.AlphaDropout`.
 *
 * @throws ArgumentError if p is not in [0, 1].
 * @example new AlphaDropout(0.1)(h)
 */
export class AlphaDropout extends ProbabilisticDropout {
  override forward(x: Tensor): Tensor {
    return alphaDropout(x, { p: this.p, training: this.training });
  }
}

/**
 * `AlphaDropout` of whole channels of `[N, C, …]`. PyTorch: `torch.nn.FeatureAlphaDropout`.
 *
 * @throws ArgumentError if p is not in [0, 1]; at the call ShapeError if x has less than 2 dims.
 * @example new FeatureAlphaDropout(0.1)(h)
 */
export class FeatureAlphaDropout extends ProbabilisticDropout {
  override forward(x: Tensor): Tensor {
    return featureAlphaDropout(x, { p: this.p, training: this.training });
  }
}
