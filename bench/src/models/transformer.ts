import { Dropout, functional, init, LayerNorm, Linear, Module, Parameter, Sequential } from '@dl/nn';
import { empty, gelu, randn, scaledDotProductAttention, type Tensor, zeros } from '@dl/tensor';
import { integers, type Network } from './network.ts';

const [width, heads, feedForward, length] = [256, 4, 1024, 128];

class SelfAttention extends Module {
  readonly inProjectionWeight = init.xavierUniform(new Parameter(empty([3 * width, width])));
  readonly inProjectionBias = new Parameter(zeros([3 * width]));
  readonly outProjection = new Linear(width, width);

  constructor() {
    super();
    if (this.outProjection.bias !== null) init.zeros(this.outProjection.bias);
  }

  override forward(x: Tensor): Tensor {
    const [query, key, value] = [this.project(x, 0), this.project(x, 1), this.project(x, 2)];
    const attended = scaledDotProductAttention(query, key, value, { dropoutP: this.training ? 0.1 : 0 });
    return this.outProjection(attended.transpose(1, 2).reshape([...x.shape]));
  }

  /** Query, key or value of each head, `[B, heads, T, width / heads]`: cutting the weight costs less than cutting the result. */
  private project(x: Tensor, part: number): Tensor {
    const rows = (packed: Tensor) => packed.narrow(0, part * width, width);
    const projected = functional.linear(x, rows(this.inProjectionWeight), rows(this.inProjectionBias));
    return projected.reshape([x.size(0), x.size(1), heads, width / heads]).transpose(1, 2);
  }
}

/** An encoder layer that normalises first. */
class EncoderLayer extends Module {
  readonly norm1 = new LayerNorm(width);
  readonly attention = new SelfAttention();
  readonly dropout1 = new Dropout(0.1);
  readonly norm2 = new LayerNorm(width);
  readonly linear1 = new Linear(width, feedForward);
  readonly dropout = new Dropout(0.1);
  readonly linear2 = new Linear(feedForward, width);
  readonly dropout2 = new Dropout(0.1);

  override forward(x: Tensor): Tensor {
    const attended = x.add(this.dropout1(this.attention(this.norm1(x))));
    const fed = this.linear2(this.dropout(gelu(this.linear1(this.norm2(attended)))));
    return attended.add(this.dropout2(fed));
  }
}

class Encoder extends Module {
  readonly layers = new Sequential(new EncoderLayer(), new EncoderLayer());
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
