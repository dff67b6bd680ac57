export { cloneModule } from './cloneModule.ts';
export { ModuleDict } from './containers/moduleDict.ts';
export { ModuleList } from './containers/moduleList.ts';
export { ParameterDict } from './containers/parameterDict.ts';
export { ParameterList } from './containers/parameterList.ts';
export { Sequential } from './containers/sequential.ts';
export type { Reduction, ReductionOptions } from './functional/reduction.ts';
export * as functional from './functional.ts';
export * as init from './init.ts';
export {
  AdaptiveAvgPool1d,
  AdaptiveAvgPool2d,
  AdaptiveAvgPool3d,
  AdaptiveMaxPool1d,
  AdaptiveMaxPool2d,
  AdaptiveMaxPool3d,
  type AdaptiveMaxPoolOptions,
} from './layers/adaptivePooling.ts';
export { BatchNorm1d, BatchNorm2d, BatchNorm3d, type BatchNormModuleOptions } from './layers/batchNorm.ts';
export { Conv1d, Conv2d, Conv3d, type ConvModuleOptions } from './layers/convolution.ts';
export type { PaddingMode } from './layers/convolutionBase.ts';
export { AlphaDropout, Dropout, Dropout1d, Dropout2d, Dropout3d, FeatureAlphaDropout } from './layers/dropout.ts';
export { Embedding, type EmbeddingModuleOptions, type PretrainedEmbeddingOptions } from './layers/embedding.ts';
export { EmbeddingBag, type EmbeddingBagModuleOptions, type PretrainedEmbeddingBagOptions } from './layers/embeddingBag.ts';
export { Flatten, type FlattenOptions, Unflatten } from './layers/flatten.ts';
export { Fold, Unfold } from './layers/folding.ts';
export { GroupNorm, type GroupNormModuleOptions } from './layers/groupNorm.ts';
export { Identity } from './layers/identity.ts';
export { InstanceNorm1d, InstanceNorm2d, InstanceNorm3d, type InstanceNormModuleOptions } from './layers/instanceNorm.ts';
export { type CachedKeys, KeyValueCache } from './layers/keyValueCache.ts';
export { LayerNorm, type LayerNormModuleOptions } from './layers/layerNorm.ts';
export { Bilinear, Linear, type LinearOptions } from './layers/linear.ts';
export { LocalResponseNorm } from './layers/localResponseNorm.ts';
export {
  type AttentionCallOptions,
  type AttentionResult,
  MultiheadAttention,
  type MultiheadAttentionOptions,
} from './layers/multiheadAttention.ts';
export {
  CircularPad1d,
  CircularPad2d,
  CircularPad3d,
  ConstantPad1d,
  ConstantPad2d,
  ConstantPad3d,
  ReflectionPad1d,
  ReflectionPad2d,
  ReflectionPad3d,
  ReplicationPad1d,
  ReplicationPad2d,
  ReplicationPad3d,
  ZeroPad1d,
  ZeroPad2d,
  ZeroPad3d,
} from './layers/padding.ts';
export { ChannelShuffle, PixelShuffle, PixelUnshuffle } from './layers/pixelShuffle.ts';
export {
  AvgPool1d,
  type AvgPool1dModuleOptions,
  AvgPool2d,
  AvgPool3d,
  type AvgPoolModuleOptions,
  LPPool1d,
  LPPool2d,
  LPPool3d,
  MaxPool1d,
  MaxPool2d,
  MaxPool3d,
  type MaxPoolModuleOptions,
  type MaxPoolOutput,
} from './layers/pooling.ts';
export { FractionalMaxPool2d, FractionalMaxPool3d, type FractionalMaxPoolModuleOptions } from './layers/poolingFractional.ts';
export { MaxUnpool1d, MaxUnpool2d, MaxUnpool3d, type MaxUnpoolModuleOptions } from './layers/poolingInverse.ts';
export {
  type OffsetOptions,
  RotaryEmbedding,
  SinusoidalPositionalEncoding,
  type SinusoidalPositionalEncodingOptions,
} from './layers/positionalEncoding.ts';
export { Hardsigmoid, Hardswish, Hardtanh, LeakyReLU, PReLU, type PReLUOptions, ReLU, ReLU6, Threshold } from './layers/rectifiers.ts';
export { GRU, LSTM, type LSTMOptions, type LSTMState, RNN, type RNNOptions } from './layers/recurrent.ts';
export type { RecurrentOptions } from './layers/recurrentBase.ts';
export { type CellOptions, GRUCell, LSTMCell, RNNCell, type RNNCellOptions } from './layers/recurrentCells.ts';
export { RMSNorm, type RMSNormModuleOptions } from './layers/rmsNorm.ts';
export { RReLU } from './layers/rrelu.ts';
export { Hardshrink, Softshrink, Tanhshrink } from './layers/shrinks.ts';
export { CELU, ELU, GELU, GLU, LogSigmoid, Mish, SELU, Sigmoid, SiLU, Softplus, Softsign, Tanh } from './layers/smooth.ts';
export { LogSoftmax, Softmax, Softmax2d, Softmin } from './layers/softmax.ts';
export { Transformer, type TransformerCallOptions, type TransformerOptions } from './layers/transformer.ts';
export {
  type DecoderCallOptions,
  type DecoderLayerCallOptions,
  TransformerDecoder,
  TransformerDecoderLayer,
} from './layers/transformerDecoder.ts';
export {
  type EncoderCallOptions,
  type EncoderLayerCallOptions,
  TransformerEncoder,
  TransformerEncoderLayer,
} from './layers/transformerEncoder.ts';
export type { Activation, TransformerLayerOptions } from './layers/transformerOptions.ts';
export type { TransformerStackOptions } from './layers/transformerStack.ts';
export {
  ConvTranspose1d,
  ConvTranspose2d,
  ConvTranspose3d,
  type ConvTransposeModuleOptions,
  type OutputSizeOptions,
} from './layers/transposedConvolution.ts';
export { Upsample, UpsamplingBilinear2d, UpsamplingNearest2d, type UpsamplingOptions } from './layers/upsampling.ts';
export {
  type AdaptiveLogSoftmaxOptions,
  type AdaptiveLogSoftmaxOutput,
  AdaptiveLogSoftmaxWithLoss,
} from './losses/adaptiveLogSoftmax.ts';
export { BCELoss, BCEWithLogitsLoss, MultiLabelSoftMarginLoss, SoftMarginLoss } from './losses/binary.ts';
export { CrossEntropyLoss, NLLLoss } from './losses/crossEntropy.ts';
export { CTCLoss } from './losses/ctc.ts';
export { CosineSimilarity, PairwiseDistance } from './losses/distance.ts';
export { FocalLoss } from './losses/focal.ts';
export { GaussianNLLLoss, KLDivLoss, PoissonNLLLoss } from './losses/likelihood.ts';
export { LinearCrossEntropyLoss, type LinearCrossEntropyLossOptions } from './losses/linearCrossEntropy.ts';
export { CosineEmbeddingLoss, HingeEmbeddingLoss, MarginRankingLoss, MultiMarginLoss, TripletMarginLoss } from './losses/margins.ts';
export { MultiLabelMarginLoss, TripletMarginWithDistanceLoss } from './losses/marginVariants.ts';
export { HuberLoss, L1Loss, MSELoss, SmoothL1Loss } from './losses/regression.ts';
export { type Layer, Module, type RecurseOptions, type RemovableHandle, type UnaryModule } from './module.ts';
export { Buffer, Parameter } from './parameter.ts';
export type { LoadReport, StateDict } from './stateDict.ts';
export { type Summary, type SummaryOptions, type SummaryRow, summary } from './summary.ts';
export * as utils from './utils.ts';
export type { Named } from './walk.ts';
