import { Embedding, functional, Linear, Module, type Parameter } from '@dl/nn';
import { cat, type Tensor, zeros } from '@dl/tensor';
import { apply } from '@dl/tensor/internal';
import { integers, type Network } from './network.ts';
import { uniform } from './uniform.ts';

const hiddenSize = 128;

/** One direction of an LSTM over `[T, B, E]`, to its last hidden state. */
class Direction extends Module {
  readonly reverse: boolean;
  readonly weightIh: Parameter;
  readonly weightHh: Parameter;
  readonly biasIh: Parameter;
  readonly biasHh: Parameter;

  constructor(inputSize: number, reverse: boolean) {
    super();
    const bound = 1 / Math.sqrt(hiddenSize);
    this.reverse = reverse;
    this.weightIh = uniform([4 * hiddenSize, inputSize], bound);
    this.weightHh = uniform([4 * hiddenSize, hiddenSize], bound);
    this.biasIh = uniform([4 * hiddenSize], bound);
    this.biasHh = uniform([4 * hiddenSize], bound);
  }

  override forward(x: Tensor): Tensor {
    const start = zeros([x.size(1), hiddenSize]);
    const gates = functional.linear(x, this.weightIh, this.biasIh.add(this.biasHh));
    const [output] = apply('lstm', [gates, start, start, this.weightHh], { reverse: this.reverse }, []);
    return output.select(0, this.reverse ? 0 : -1);
  }
}

/** Tokens, an embedding, an LSTM in both directions, and a classifier of their last states. */
class SequenceClassifier extends Module {
  readonly embedding = new Embedding(5000, 64);
  readonly forwards = new Direction(64, false);
  readonly backwards = new Direction(64, true);
  readonly classifier = new Linear(2 * hiddenSize, 4);

  override forward(tokens: Tensor): Tensor {
    const x = this.embedding(tokens).transpose(0, 1);
    return this.classifier(cat([this.forwards(x), this.backwards(x)], { dim: 1 }));
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
