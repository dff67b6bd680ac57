/** Layers and losses as functions without state. PyTorch: `torch.nn.functional`. */
export {
  avgPool1d,
  avgPool2d,
  avgPool3d,
  celu,
  conv1d,
  conv2d,
  conv3d,
  convTranspose1d,
  convTranspose2d,
  convTranspose3d,
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
  maxPool1d,
  maxPool1dWithIndices,
  maxPool2d,
  maxPool2dWithIndices,
  maxPool3d,
  maxPool3dWithIndices,
  mish,
  oneHot,
  pad,
  prelu,
  relu,
  relu6,
  scaledDotProductAttention,
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
export {
  adaptiveAvgPool1d,
  adaptiveAvgPool2d,
  adaptiveAvgPool3d,
  adaptiveMaxPool1d,
  adaptiveMaxPool1dWithIndices,
  adaptiveMaxPool2d,
  adaptiveMaxPool2dWithIndices,
  adaptiveMaxPool3d,
  adaptiveMaxPool3dWithIndices,
  type OutputSize,
} from './functional/adaptivePooling.ts';
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
export { convTbc } from './functional/convTbc.ts';
export { type CrossEntropyOptions, crossEntropy, type NLLLossOptions, nllLoss } from './functional/crossEntropy.ts';
export { type CTCLossOptions, ctcLoss, type Lengths } from './functional/ctcLoss.ts';
export {
  type CosineSimilarityOptions,
  cosineSimilarity,
  type NormalizeOptions,
  normalize,
  type PairwiseDistanceOptions,
  type PdistOptions,
  pairwiseDistance,
  pdist,
} from './functional/distance.ts';
export {
  type AlphaDropoutOptions,
  alphaDropout,
  type ChannelDropoutOptions,
  dropout1d,
  dropout2d,
  dropout3d,
  featureAlphaDropout,
} from './functional/dropouts.ts';
export { type EmbeddingOptions, embedding } from './functional/embedding.ts';
export { type EmbeddingBagMode, type EmbeddingBagOptions, embeddingBag } from './functional/embeddingBag.ts';
export { type FocalLossOptions, sigmoidFocalLoss } from './functional/focal.ts';
export { type FoldOptions, fold, unfold } from './functional/folding.ts';
export { type AffineGridOptions, affineGrid, type GridSampleOptions, gridSample } from './functional/gridSample.ts';
export type { GridSampleMode, GridSamplePaddingMode } from './functional/gridTaps.ts';
export { groupNorm } from './functional/groupNorm.ts';
export { type GumbelSoftmaxOptions, gumbelSoftmax } from './functional/gumbelSoftmax.ts';
export { type InstanceNormOptions, instanceNorm } from './functional/instanceNorm.ts';
export { type InterpolateMode, type InterpolateOptions, interpolate } from './functional/interpolate.ts';
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
export { type LinearCrossEntropyOptions, linearCrossEntropy } from './functional/linearCrossEntropy.ts';
export { type LocalResponseNormOptions, localResponseNorm } from './functional/localResponseNorm.ts';
export {
  cosineEmbeddingLoss,
  type DistanceFunction,
  hingeEmbeddingLoss,
  type MarginOptions,
  type MultiMarginLossOptions,
  marginRankingLoss,
  multiMarginLoss,
  type TripletMarginLossOptions,
  type TripletMarginWithDistanceLossOptions,
  tripletMarginLoss,
  tripletMarginWithDistanceLoss,
} from './functional/margins.ts';
export { multilabelMarginLoss } from './functional/multilabelMargin.ts';
export { channelShuffle, pixelShuffle, pixelUnshuffle } from './functional/pixelShuffle.ts';
export {
  type LPPoolOptions,
  lpPool1d,
  lpPool2d,
  lpPool3d,
  type MaxUnpoolOptions,
  maxUnpool1d,
  maxUnpool2d,
  maxUnpool3d,
} from './functional/pooling.ts';
export {
  type FractionalMaxPoolOptions,
  fractionalMaxPool2d,
  fractionalMaxPool2dWithIndices,
  fractionalMaxPool3d,
  fractionalMaxPool3dWithIndices,
} from './functional/poolingFractional.ts';
export type { Reduction, ReductionOptions } from './functional/reduction.ts';
export { type HuberLossOptions, huberLoss, l1Loss, mseLoss, type SmoothL1LossOptions, smoothL1Loss } from './functional/regression.ts';
export { type RMSNormOptions, rmsNorm } from './functional/rmsNorm.ts';
export { applyRotaryEmbedding, type RotaryEmbeddingOptions, type RotaryOptions } from './functional/rotary.ts';
export { type RReluOptions, rrelu } from './functional/rrelu.ts';
