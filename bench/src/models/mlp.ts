import { Dropout, Flatten, Linear, ReLU, Sequential } from '@dl/nn';
import { digits, type Network } from './network.ts';

/** The guide's first network. */
export const mlp: Network = {
  build: () =>
    new Sequential(
      new Flatten(),
      new Linear(784, 256),
      new ReLU(),
      new Dropout(0.2),
      new Linear(256, 128),
      new ReLU(),
      new Dropout(0.2),
      new Linear(128, 10),
    ),
  batchSize: 64,
  batch: digits,
  macs: 784 * 256 + 256 * 128 + 128 * 10,
  unwantedMacs: 784 * 256,
};
