import {
  Embedding,
  GELU,
  init,
  type KeyValueCache,
  LayerNorm,
  Linear,
  Module,
  ModuleList,
  type Parameter,
  RotaryEmbedding,
  Sequential,
} from '@dl/nn';
import { scaledDotProductAttention, type Tensor } from '@dl/tensor';

/** How large a model is. */
export interface ModelSizes {
  readonly layers: number;
  readonly dim: number;
  readonly heads: number;
}

/** Each character looks at those before it. B texts, T characters, D = dim. */
class CausalSelfAttention extends Module {
  readonly heads: number;
  readonly query: Linear;
  readonly key: Linear;
  readonly value: Linear;
  readonly output: Linear;
  readonly rotary: RotaryEmbedding;

  constructor({ dim, heads }: ModelSizes) {
    super();
    this.heads = heads;
    this.query = new Linear(dim, dim, { bias: false });
    this.key = new Linear(dim, dim, { bias: false });
    this.value = new Linear(dim, dim, { bias: false });
    this.output = new Linear(dim, dim, { bias: false });
    this.rotary = new RotaryEmbedding(dim / heads, { interleaved: false });
  }

  override forward(x: Tensor, cache: KeyValueCache | null): Tensor {
    const place = { offset: cache?.length ?? 0 };
    const query = this.rotary(this.#split(this.query(x)), place);
    const key = this.rotary(this.#split(this.key(x)), place);
    const seen = attend(query, key, this.#split(this.value(x)), cache);
    return this.output(seen.transpose(1, 2).flatten({ startDim: 2 }));
  }

  /** `[B, T, D]` as heads `[B, heads, T, D / heads]`. */
  #split(x: Tensor): Tensor {
    return x.unflatten(-1, [this.heads, -1]).transpose(1, 2);
  }
}

/** With a cache, queries see the keys and values of earlier calls, too. */
function attend(query: Tensor, key: Tensor, value: Tensor, cache: KeyValueCache | null): Tensor {
  if (cache === null) return scaledDotProductAttention(query, key, value, { isCausal: true });
  const { keys, values, mask } = cache.append(key, value);
  return scaledDotProductAttention(query, keys, values, { attnMask: mask });
}

/** Attention, then two products with a GELU between them; each normalises its input and adds what it found. */
class Block extends Module {
  readonly attentionNorm: LayerNorm;
  readonly attention: CausalSelfAttention;
  readonly mlpNorm: LayerNorm;
  readonly mlp: Sequential;

  constructor(sizes: ModelSizes) {
    super();
    const { dim } = sizes;
    this.attentionNorm = new LayerNorm(dim);
    this.attention = new CausalSelfAttention(sizes);
    this.mlpNorm = new LayerNorm(dim);
    this.mlp = new Sequential(new Linear(dim, 4 * dim), new GELU(), new Linear(4 * dim, dim));
  }

  override forward(x: Tensor, cache: KeyValueCache | null): Tensor {
    const y = x.add(this.attention(this.attentionNorm(x), cache));
    return y.add(this.mlp(this.mlpNorm(y)));
  }

  /** The last products begin with zeros, so that at first the block adds nothing. */
  silence(): void {
    for (const product of [this.attention.output, this.mlp.at(-1)]) if (product instanceof Linear) init.zeros(product.weight);
  }
}

/**
 * A transformer that predicts each next character: tokens `[B, T]` give scores (logits) `[B, T, vocabularySize]`. With caches, one a
 * layer, tokens go on from those of earlier calls. Radford et al., "Language models are unsupervised multitask learners" (2019), with the
 * places of characters told by rotary embeddings.
 */
export class CharGPT extends Module {
  readonly embedding: Embedding;
  readonly blocks: ModuleList<Block>;
  readonly norm: LayerNorm;
  readonly output: Linear;
  readonly heads: number;
  /** How wide each head is. */
  readonly headDim: number;

  constructor(vocabularySize: number, sizes: ModelSizes) {
    super();
    const { layers, dim, heads } = sizes;
    this.heads = heads;
    this.headDim = dim / heads;
    this.embedding = new Embedding(vocabularySize, dim);
    this.blocks = new ModuleList(Array.from({ length: layers }, () => new Block(sizes)));
    this.norm = new LayerNorm(dim);
    this.output = new Linear(dim, vocabularySize, { bias: false });
    this.apply(initialise);
    for (const block of this.blocks) block.silence();
  }

  /** The weights of the products inside the blocks, which Muon trains. */
  hiddenMatrices(): Parameter[] {
    return this.blocks.parameters().filter((parameter) => parameter.ndim === 2);
  }

  override forward(tokens: Tensor, caches: readonly KeyValueCache[] = []): Tensor {
    let x = this.embedding(tokens);
    for (const [i, block] of [...this.blocks].entries()) x = block(x, caches[i] ?? null);
    return this.output(this.norm(x));
  }
}

/** Each product keeps the variance of its inputs: with the tiny weights of large models, so small a one learns slowly at first. */
function initialise(module: Module): void {
  if (!(module instanceof Linear)) return;
  init.normal(module.weight, { std: 1 / Math.sqrt(module.inFeatures) });
  if (module.bias !== null) init.zeros(module.bias);
}
