import { Dropout, Flatten, Linear, Module, type Parameter, ReLU, Sequential } from '@dl/nn';
import { conv2d, maxPool2d, type Tensor } from '@dl/tensor';
import { digits, type Network } from './network.ts';
import { uniform } from './uniform.ts';

/** A convolution of 3 x 3 that keeps height and width. */
class Convolution extends Module {
  readonly weight: Parameter;
  readonly bias: Parameter;

  constructor(inChannels: number, outChannels: number) {
    super();
    const bound = 1 / Math.sqrt(inChannels * 9);
    this.weight = uniform([outChannels, inChannels, 3, 3], bound);
    this.bias = uniform([outChannels], bound);
  }

  override forward(x: Tensor): Tensor {
    return conv2d(x, this.weight, { bias: this.bias, padding: 1 });
  }
}

class MaxPool extends Module {
  override forward(x: Tensor): Tensor {
    return maxPool2d(x, 2);
  }
}

/** The guide's convolutional network for digits. */
export const cnn: Network = {
  build: () =>
    new Sequential(
      new Convolution(1, 32),
      new ReLU(),
      new MaxPool(),
      new Convolution(32, 64),
      new ReLU(),
      new MaxPool(),
      new Flatten(),
      new Linear(64 * 7 * 7, 128),
      new ReLU(),
      new Dropout(0.5),
      new Linear(128, 10),
    ),
  batchSize: 64,
  batch: digits,
  macs: 28 * 28 * 32 * 9 + 14 * 14 * 64 * 32 * 9 + 64 * 49 * 128 + 128 * 10,
  unwantedMacs: 28 * 28 * 32 * 9,
};
