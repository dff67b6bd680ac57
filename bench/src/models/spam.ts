import { Dropout, Embedding, Linear, LSTM, Module, utils } from '@dl/nn';
import { cat, type Tensor, tensor } from '@dl/tensor';
import { integers, type Network } from './network.ts';

const [hiddenSize, longest] = [128, 200];

/** Mails of about one length, as `npm run spam` batches them: from 200 tokens down to 161, evenly. */
const lengthsOf = (size: number) => Int32Array.from({ length: size }, (_, i) => longest - Math.floor((40 * i) / size));

/** The network of examples/spam. */
class MailClassifier extends Module {
  readonly embedding = new Embedding(8000, 64);
  readonly lstm = new LSTM(64, hiddenSize, { batchFirst: true, bidirectional: true });
  readonly dropout = new Dropout(0.5);
  readonly classifier = new Linear(2 * hiddenSize, 2);

  constructor() {
    super();
    for (const [name, parameter] of this.lstm.namedParameters()) if (name.startsWith('bias_ih')) parameter.assign(rememberingBias());
  }

  override forward(tokens: Tensor): Tensor {
    const embedded = this.dropout(this.embedding(tokens));
    const lengths = lengthsOf(tokens.size(0));
    const packed = utils.rnn.packPaddedSequence(embedded, lengths, { batchFirst: true, enforceSorted: false });
    const [, [hidden]] = this.lstm(packed);
    return this.classifier(this.dropout(cat([hidden.select(0, 0), hidden.select(0, 1)], { dim: 1 })));
  }
}

/** Forget gates that are nearly open, as training makes them: half open, gradients would be subnormal numbers some 130 tokens from the end. */
function rememberingBias(): Tensor {
  return tensor(Float32Array.from({ length: 4 * hiddenSize }, (_, i) => (i >= hiddenSize && i < 2 * hiddenSize ? 2 : 0)));
}

const batchSize = 32;
const meanLength = lengthsOf(batchSize).reduce((sum, length) => sum + length, 0) / batchSize;

/** E-mails, padded and packed: 8,000 kinds of tokens, two classes. */
export const spam: Network = {
  build: () => new MailClassifier(),
  batchSize,
  batch: (size) => [integers(8000, [size, longest]), integers(2, [size])],
  macs: meanLength * 2 * (64 + hiddenSize) * 4 * hiddenSize + 2 * hiddenSize * 2,
  unwantedMacs: 0,
};
