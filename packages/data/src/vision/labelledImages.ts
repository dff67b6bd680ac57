import { adopt, type Tensor, tensor } from '@dl/tensor';
import { type Collated, defaultCollate } from '../collate.ts';
import { checkIndex, Dataset } from '../dataset.ts';
import type { Transform } from '../transform.ts';
import { imageSize, type Pixels } from './collection.ts';

/** What is done to the samples of a data set of images. */
export interface ImageTransforms<Image, Target> {
  /** What makes a sample of an image, uint8 of shape [28, 28]; without it samples hold the image itself. */
  readonly transform?: Transform<Tensor, Image>;
  /** What makes a target of a label. */
  readonly targetTransform?: (label: number) => Target;
}

/**
 * Images and their labels, in host memory as they were in the file: a batch gathers its rows, and only these bytes go to the device,
 * where the transforms run as part of the plan.
 */
export abstract class LabelledImages<Image, Target> extends Dataset<[Image, Target]> {
  abstract readonly classes: readonly string[];
  readonly #images: Uint8Array<ArrayBuffer>;
  readonly #labels: Int32Array<ArrayBuffer>;
  readonly #transform: Transform<Tensor, Image> | null;
  readonly #targetTransform: ((label: number) => Target) | null;

  constructor({ images, labels }: Pixels, { transform, targetTransform }: ImageTransforms<Image, Target>) {
    super();
    this.#images = images;
    this.#labels = labels;
    this.#transform = transform ?? null;
    this.#targetTransform = targetTransform ?? null;
  }

  get length(): number {
    return this.#labels.length;
  }

  /** All images: uint8 [N, 28, 28]. */
  get data(): Tensor {
    return tensor(this.#images, { shape: [this.length, imageSize, imageSize] });
  }

  /** All labels: int32 [N]. */
  get targets(): Tensor {
    return tensor(this.#labels);
  }

  get(index: number): [Image, Target] {
    checkIndex(this.constructor.name, index, this.length);
    const label: unknown = this.#labels[index];
    // Without a transform, Image is Tensor; without a targetTransform, Target is number.
    return [this.#imageAt(index) as Image, this.#targetTransform === null ? (label as Target) : this.#targetTransform(label as number)];
  }

  override getBatch(indices: readonly number[]): Collated<[Image, Target]> {
    for (const index of indices) checkIndex(this.constructor.name, index, this.length);
    const batch: unknown = [this.#imagesAt(indices), this.#targetsAt(indices)];
    return batch as Collated<[Image, Target]>;
  }

  #imageAt(index: number): unknown {
    const image = this.#gather([index]).reshape([imageSize, imageSize]);
    return this.#transform === null ? image : this.#transform(image);
  }

  #imagesAt(indices: readonly number[]): unknown {
    if (this.#transform === null) return this.#gather(indices);
    if (this.#transform.batch !== undefined) return this.#transform.batch(this.#gather(indices));
    return defaultCollate(indices.map((index) => this.#imageAt(index)));
  }

  #targetsAt(indices: readonly number[]): unknown {
    const labels = new Int32Array(indices.length);
    for (let i = 0; i < indices.length; i++) labels[i] = this.#labels[indices[i] as number] as number;
    const transform = this.#targetTransform;
    return transform === null ? adopt(labels) : defaultCollate(Array.from(labels, (label) => transform(label)));
  }

  /** The rows of some images, in a fresh array that belongs to the tensor. */
  #gather(indices: readonly number[]): Tensor {
    const size = imageSize * imageSize;
    const rows = new Uint8Array(indices.length * size);
    let at = 0;
    for (const index of indices) {
      rows.set(this.#images.subarray(index * size, (index + 1) * size), at);
      at += size;
    }
    return adopt(rows, [indices.length, imageSize, imageSize]);
  }
}
