/** Layers and losses as functions without state. PyTorch: `torch.nn.functional`. */
export {
  celu,
  dropout,
  elu,
  gelu,
  hardshrink,
  hardsigmoid,
  hardswish,
  hardtanh,
  leakyRelu,
  logSoftmax,
  logsigmoid,
  mish,
  oneHot,
  prelu,
  relu,
  relu6,
  selu,
  sigmoid,
  silu,
  softmax,
  softplus,
  softshrink,
  softsign,
  tanh,
  tanhshrink,
} from '@dl/tensor';
export { type GluOptions, glu, softmin, threshold } from './functional/activations.ts';
export { type BatchNormOptions, batchNorm } from './functional/batchNorm.ts';
export { bilinear } from './functional/bilinear.ts';
export {
  type BCELossOptions,
  type BCEWithLogitsLossOptions,
  binaryCrossEntropy,
  binaryCrossEntropyWithLogits,
  multilabelSoftMarginLoss,
  softMarginLoss,
} from './functional/binary.ts';
export { type CrossEntropyOptions, crossEntropy, type NLLLossOptions, nllLoss } from './functional/crossEntropy.ts';
export {
  type CosineSimilarityOptions,
  cosineSimilarity,
  type NormalizeOptions,
  normalize,
  type PairwiseDistanceOptions,
  pairwiseDistance,
} from './functional/distance.ts';
export { type EmbeddingOptions, embedding } from './functional/embedding.ts';
export { type LayerNormOptions, layerNorm } from './functional/layerNorm.ts';
export {
  type GaussianNLLLossOptions,
  gaussianNllLoss,
  type KLDivOptions,
  klDiv,
  type PoissonNLLLossOptions,
  poissonNllLoss,
} from './functional/likelihood.ts';
export { linear } from './functional/linear.ts';
export {
  cosineEmbeddingLoss,
  hingeEmbeddingLoss,
  type MarginOptions,
  type MultiMarginLossOptions,
  marginRankingLoss,
  multiMarginLoss,
  type TripletMarginLossOptions,
  tripletMarginLoss,
} from './functional/margins.ts';
export type { Reduction, ReductionOptions } from './functional/reduction.ts';
export { type HuberLossOptions, huberLoss, l1Loss, mseLoss, type SmoothL1LossOptions, smoothL1Loss } from './functional/regression.ts';
