// The methods join the class here.
import './methods.ts';

export type { Backend, Buffer, Executable, ScalarBlock } from './backend.ts';
export { currentBackend, useBackend } from './currentBackend.ts';
export { type DebugOptions, debug } from './debug.ts';
export { type DType, dtypes, type TypedArray, type TypedArrays } from './dtype.ts';
export * from './errors.ts';
export { data, dataSync, evaluate, item, itemSync, type NestedNumbers, tolist } from './evaluation/evaluate.ts';
export { assign } from './evaluation/state.ts';
export type { PrintOptions } from './format.ts';
export {
  celu,
  type EluOptions,
  elu,
  type HardtanhOptions,
  hardshrink,
  hardsigmoid,
  hardswish,
  hardtanh,
  type LeakyReluOptions,
  leakyRelu,
  logsigmoid,
  mish,
  prelu,
  relu,
  relu6,
  type ShrinkOptions,
  selu,
  sigmoid,
  softshrink,
  softsign,
  tanh,
  tanhshrink,
} from './functions/activation.ts';
export { allclose, equal } from './functions/agreement.ts';
export type { DimOptions, ReductionOptions } from './functions/along.ts';
export {
  type AlphaOptions,
  add,
  addcdiv,
  addcmul,
  type DivOptions,
  div,
  floorDivide,
  fmod,
  lerp,
  maximum,
  minimum,
  mul,
  pow,
  remainder,
  sub,
  type ValueOptions,
} from './functions/arithmetic.ts';
export { type ScaledDotProductAttentionOptions, scaledDotProductAttention } from './functions/attention.ts';
export { cast } from './functions/cast.ts';
export {
  type CloseOptions,
  eq,
  ge,
  gt,
  isclose,
  isfinite,
  isinf,
  isnan,
  le,
  logicalAnd,
  logicalNot,
  logicalOr,
  logicalXor,
  lt,
  ne,
} from './functions/comparison.ts';
export {
  type ConvOptions,
  type ConvTransposeOptions,
  conv1d,
  conv2d,
  conv3d,
  convTranspose1d,
  convTranspose2d,
  convTranspose3d,
} from './functions/convolution.ts';
export {
  type ArangeOptions,
  arange,
  type DiagonalOptions,
  type DTypeOptions,
  type EyeOptions,
  empty,
  emptyLike,
  eye,
  full,
  fullLike,
  type LogspaceOptions,
  linspace,
  logspace,
  ones,
  onesLike,
  tril,
  triu,
  zeros,
  zerosLike,
} from './functions/creation.ts';
export { type BincountOptions, bincount, maskedSelect, nonzero, type Unique, unique } from './functions/dataDependent.ts';
export { type DiagOptions, type DiagonalOfOptions, diag, diagEmbed, diagonal, diagonalOf, trace } from './functions/diagonal.ts';
export { einsum } from './functions/einsum.ts';
export {
  abs,
  type ClampOptions,
  ceil,
  clamp,
  clip,
  erf,
  erfc,
  exp,
  exp2,
  expm1,
  floor,
  frac,
  type LogitOptions,
  log,
  log1p,
  log2,
  log10,
  logit,
  type NanToNumOptions,
  nanToNum,
  neg,
  type RoundOptions,
  reciprocal,
  round,
  rsqrt,
  sign,
  sqrt,
  square,
  trunc,
} from './functions/elementwise.ts';
export { adopt, type NestedData, type OtherTypedArray, type TensorOptions, tensor } from './functions/fromData.ts';
export {
  type DropoutOptions,
  dropout,
  type GeluOptions,
  gelu,
  logSoftmax,
  type SoftmaxOptions,
  type SoftplusOptions,
  silu,
  softmax,
  softplus,
} from './functions/fused.ts';
export {
  gather,
  type IndexAddOptions,
  indexAdd,
  indexCopy,
  indexFill,
  indexSelect,
  type OneHotOptions,
  oneHot,
  scatter,
  scatterAdd,
  type TakeAlongDimOptions,
  take,
  takeAlongDim,
} from './functions/indexing.ts';
export {
  cat,
  hstack,
  type JoinOptions,
  type RepeatInterleaveOptions,
  repeat,
  repeatInterleave,
  stack,
  tile,
  vstack,
} from './functions/joining.ts';
export {
  type AddmmOptions,
  addmm,
  addmv,
  baddbmm,
  bmm,
  dot,
  inner,
  kron,
  matmul,
  matrixPower,
  mm,
  multiDot,
  mv,
  outer,
} from './functions/matrix.ts';
export {
  broadcastTo,
  detach,
  expand,
  expandAs,
  type FlattenOptions,
  flatten,
  movedim,
  mT,
  permute,
  reshape,
  type SqueezeOptions,
  squeeze,
  swapaxes,
  t,
  transpose,
  unflatten,
  unsqueeze,
  view,
} from './functions/movement.ts';
export type { TensorLike } from './functions/operands.ts';
export { type PadOptions, pad } from './functions/padding.ts';
export {
  type AvgPool1dOptions,
  type AvgPoolOptions,
  avgPool1d,
  avgPool2d,
  avgPool3d,
  type MaxPoolOptions,
  maxPool1d,
  maxPool2d,
  maxPool3d,
} from './functions/pooling.ts';
export { maxPool1dWithIndices, maxPool2dWithIndices, maxPool3dWithIndices } from './functions/poolingIndices.ts';
export {
  bernoulli,
  type MultinomialOptions,
  multinomial,
  type NormalOptions,
  normal,
  rand,
  randint,
  randLike,
  randn,
  randnLike,
  randperm,
} from './functions/random.ts';
export {
  all,
  amax,
  amin,
  any,
  argmax,
  argmin,
  type CumulativeOptions,
  countNonzero,
  cumsum,
  max,
  mean,
  min,
  nansum,
  prod,
  sum,
} from './functions/reduction.ts';
export type { Sizes } from './functions/sizes.ts';
export {
  type AlongOptions,
  chunk,
  flip,
  narrow,
  type RollOptions,
  roll,
  type SliceRange,
  select,
  slice,
  split,
  unbind,
} from './functions/slicing.ts';
export {
  argsort,
  isin,
  type KthvalueOptions,
  kthvalue,
  type SearchsortedOptions,
  type SortOptions,
  searchsorted,
  sort,
  type TopkOptions,
  topk,
} from './functions/sorting.ts';
export {
  logsumexp,
  median,
  type NormOptions,
  nanmean,
  norm,
  std,
  stdMean,
  type VarianceOptions,
  variance,
  varMean,
} from './functions/statistics.ts';
export { type IndexEntry, index } from './functions/subscript.ts';
export { type TensordotOptions, tensordot } from './functions/tensordot.ts';
export { to } from './functions/to.ts';
export {
  acos,
  acosh,
  asin,
  asinh,
  atan,
  atan2,
  atanh,
  cos,
  cosh,
  deg2rad,
  hypot,
  rad2deg,
  sin,
  sinh,
  tan,
} from './functions/trigonometry.ts';
export { maskedFill, where } from './functions/where.ts';
export { setPrintOptions } from './printing.ts';
export { Generator, manualSeed } from './random.ts';
export { type ReferenceOptions, reference } from './reference/backend.ts';
export type { Shape, TensorSpec } from './shape.ts';
export { type BackwardOptions, Tensor } from './tensor.ts';
