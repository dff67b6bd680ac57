import { ArgumentError, type DType, div, ShapeError, sub, type Tensor, tensor } from '@dl/tensor';
import { checkFinite, checkFloating, checkTensor, describe, formatShape } from '@dl/tensor/internal';
import { CallableTransform } from './callableTransform.ts';

/**
 * Shifts and scales each channel of `[..., C, H, W]`: `(x - mean[c]) / std[c]`. One mean or one deviation serves all channels.
 * PyTorch: `torchvision.transforms.Normalize`.
 *
 * @throws ArgumentError if a mean is not finite or a deviation is not finite or is 0; when called, DTypeError for images that are not
 *   floating, ShapeError if they have fewer than three dims or other channels than the statistics.
 * @example new Normalize([0.1307], [0.3081])
 */
export class Normalize extends CallableTransform<Tensor, Tensor> {
  readonly mean: readonly number[];
  readonly std: readonly number[];
  /** The same for a batch. */
  readonly batch = (images: Tensor): Tensor => this.transform(images);
  readonly #constants = new Map<DType, readonly [mean: Tensor | number, std: Tensor | number]>();

  constructor(mean: readonly number[], std: readonly number[]) {
    super();
    this.mean = checkStatistics('mean', mean);
    this.std = checkStatistics('std', std);
    if (std.includes(0)) throw new ArgumentError(`Normalize: std must not be 0, by which one cannot divide; got ${describe(std)}`);
  }

  protected transform(images: Tensor): Tensor {
    checkTensor('Normalize', 'images', images);
    checkFloating('Normalize', 'images', images);
    this.#checkChannels(images);
    const [mean, std] = this.#constantsFor(images.dtype);
    return div(sub(images, mean), std);
  }

  override toString(): string {
    return `Normalize(mean=[${this.mean.join(', ')}], std=[${this.std.join(', ')}])`;
  }

  #checkChannels(images: Tensor): void {
    if (images.ndim < 3) throw new ShapeError(`Normalize: images must be [..., C, H, W]; got ${formatShape(images.shape)}`);
    for (const [name, { length }] of [
      ['mean', this.mean],
      ['std', this.std],
    ] as const) {
      if (length === 1 || length === images.size(-3)) continue;
      throw new ShapeError(
        `Normalize: ${name} must have one number, or one for each of the ${images.size(-3)} channels of ${formatShape(images.shape)}; got ${length}`,
      );
    }
  }

  /** Uploaded once a dtype, not once a batch. */
  #constantsFor(dtype: DType): readonly [Tensor | number, Tensor | number] {
    const known = this.#constants.get(dtype);
    if (known !== undefined) return known;
    const constants = [channels(this.mean, dtype), channels(this.std, dtype)] as const;
    this.#constants.set(dtype, constants);
    return constants;
  }
}

function checkStatistics(name: string, values: readonly number[]): readonly number[] {
  if (!Array.isArray(values) || values.length === 0)
    throw new ArgumentError(`Normalize: ${name} must be an array of one number or more; got ${describe(values)}`);
  for (const value of values) checkFinite('Normalize', `each ${name}`, value);
  return [...values];
}

/** One number stays a number: it costs the plan nothing. */
function channels(values: readonly number[], dtype: DType): Tensor | number {
  const [first = 0] = values;
  return values.length === 1 ? first : tensor([...values], { dtype }).reshape([values.length, 1, 1]);
}
