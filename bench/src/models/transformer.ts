import { Linear, Module, TransformerEncoder, TransformerEncoderLayer } from '@dl/nn';
import { randn, type Tensor } from '@dl/tensor';
import { integers, type Network } from './network.ts';

const [width, heads, feedForward, length] = [256, 4, 1024, 128];
const options = { dimFeedforward: feedForward, activation: 'gelu', batchFirst: true, normFirst: true } as const;

class Encoder extends Module {
  readonly layers = new TransformerEncoder(new TransformerEncoderLayer(width, heads, options), 2);
  readonly head = new Linear(width, 10);

  override forward(x: Tensor): Tensor {
    return this.head(this.layers(x).mean({ dim: 1 }));
  }
}

/** Two encoder layers over 128 vectors of 256, four heads; their mean is classified. */
export const transformer: Network = {
  build: () => new Encoder(),
  batchSize: 16,
  batch: (size) => [randn([size, length, width]), integers(10, [size])],
  macs: 2 * length * (4 * width * width + 2 * width * feedForward + 2 * length * width) + width * 10,
  unwantedMacs: 0,
};
