import type { Layer, Module } from '@dl/nn';
import { adopt, Generator, randn, type Tensor } from '@dl/tensor';

export type Model = Module & Layer;

/** A network of the guide, what it is fed with, and how much work it is. */
export interface Network {
  readonly build: () => Model;
  readonly batchSize: number;
  /** A batch of made-up samples with their labels. */
  readonly batch: (size: number) => readonly [x: Tensor, labels: Tensor];
  /** Multiply-adds of one sample forward. Backward takes twice as many, less those for the gradient of the input, if nobody wants it. */
  readonly macs: number;
  /** Multiply-adds for the gradient of the input that are left out. */
  readonly unwantedMacs: number;
}

/** Made-up digits. */
export function digits(size: number): readonly [x: Tensor, labels: Tensor] {
  return [randn([size, 1, 28, 28]), integers(10, [size])];
}

/** Random numbers below a limit that come from the host, as labels and tokens do: they are checked once, there. */
export function integers(limit: number, shape: readonly number[]): Tensor {
  const generator = new Generator();
  const length = shape.reduce((product, size) => product * size, 1);
  return adopt(
    Int32Array.from({ length }, () => generator.integer(limit)),
    shape,
  );
}
