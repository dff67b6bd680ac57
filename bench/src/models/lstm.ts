import { Embedding, Linear, LSTM, Module } from '@dl/nn';
import { cat, type Tensor } from '@dl/tensor';
import { integers, type Network } from './network.ts';

const hiddenSize = 128;

/** Tokens, an embedding, an LSTM in both directions, and a classifier of their last states. */
class SequenceClassifier extends Module {
  readonly embedding = new Embedding(5000, 64);
  readonly lstm = new LSTM(64, hiddenSize, { batchFirst: true, bidirectional: true });
  readonly classifier = new Linear(2 * hiddenSize, 4);

  override forward(tokens: Tensor): Tensor {
    const [, [hidden]] = this.lstm(this.embedding(tokens));
    return this.classifier(cat([hidden.select(0, 0), hidden.select(0, 1)], { dim: 1 }));
  }
}

/** The guide's classifier of texts: 100 of 5,000 tokens, four classes. */
export const lstm: Network = {
  build: () => new SequenceClassifier(),
  batchSize: 64,
  batch: (size) => [integers(5000, [size, 100]), integers(4, [size])],
  macs: 100 * 2 * (64 + hiddenSize) * 4 * hiddenSize + 2 * hiddenSize * 4,
  unwantedMacs: 0,
};
