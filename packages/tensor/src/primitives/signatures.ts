/**
 * The catalogue of primitives: types only. What each one means stands in tables keyed by its name
 * (shapes, reference kernels, gradients, …), each total over these names, so the compiler lists what a new one lacks.
 *
 * A primitive has `inputs` (tensors, by name), `params` (what shapes the result: part of a plan's key), `scalars`
 * (numbers written anew for each run: operands, rates, offsets, seeds; never part of the key) and `outputs`.
 */
import type { DType } from '../dtype.ts';
import type { Shape } from '../shape.ts';

export interface Signature<
  Inputs extends readonly string[],
  Params extends object = Record<never, never>,
  Scalars extends readonly string[] = [],
  Outputs extends readonly string[] = ['output'],
> {
  inputs: Inputs;
  params: Params;
  scalars: Scalars;
  outputs: Outputs;
}

type Unary = Signature<['x']>;
type Binary = Signature<['a', 'b']>;
type Reduction = Signature<['x'], { readonly dims: readonly number[]; readonly keepDim: boolean }>;
type AlongDim = { readonly dim: number };
/** Philox key (low, high) and counter (stream, offset), each an unsigned 32-bit number. */
type RandomScalars = ['seedLow', 'seedHigh', 'stream', 'offset'];

export interface CreationPrimitives {
  /** Every element is the scalar `value`. */
  full: Signature<[], { readonly shape: Shape; readonly dtype: DType }, ['value']>;
  /** `start + i * step`, one dimension. */
  iota: Signature<[], { readonly length: number; readonly dtype: DType }, ['start', 'step']>;
}

export interface RandomPrimitives {
  /** Uniform in [0, 1): 24 random bits for float32, 53 for float64; element i takes Philox words of counter (i, stream, offset). */
  randomUniform: Signature<[], { readonly shape: Shape; readonly dtype: 'float32' | 'float64' }, RandomScalars>;
}

/**
 * Unary ones keep the shape; binary ones take inputs of one dtype that broadcast. Functions see to it that only
 * `sign cast isnan logicalNot maximum minimum where`, comparisons and logic meet bools, and only floats what makes fractions.
 */
export interface ElementwisePrimitives {
  neg: Unary;
  abs: Unary;
  sign: Unary;
  floor: Unary;
  ceil: Unary;
  round: Unary;
  trunc: Unary;
  exp: Unary;
  log: Unary;
  log1p: Unary;
  expm1: Unary;
  sqrt: Unary;
  rsqrt: Unary;
  sin: Unary;
  cos: Unary;
  tan: Unary;
  asin: Unary;
  acos: Unary;
  atan: Unary;
  sinh: Unary;
  cosh: Unary;
  asinh: Unary;
  acosh: Unary;
  atanh: Unary;
  tanh: Unary;
  sigmoid: Unary;
  erf: Unary;
  erfc: Unary;
  relu: Unary;
  isnan: Unary;
  logicalNot: Unary;
  cast: Signature<['x'], { readonly dtype: DType }>;
  add: Binary;
  sub: Binary;
  mul: Binary;
  div: Binary;
  floorDivide: Binary;
  remainder: Binary;
  fmod: Binary;
  pow: Binary;
  atan2: Binary;
  maximum: Binary;
  minimum: Binary;
  eq: Binary;
  ne: Binary;
  lt: Binary;
  le: Binary;
  gt: Binary;
  ge: Binary;
  logicalAnd: Binary;
  logicalOr: Binary;
  logicalXor: Binary;
  /** `condition ? a : b`, element by element; the condition is bool. */
  where: Signature<['condition', 'a', 'b']>;
}

export interface ReductionPrimitives {
  sum: Reduction;
  prod: Reduction;
  amax: Reduction;
  amin: Reduction;
  argmax: Signature<['x'], { readonly dim: number; readonly keepDim: boolean }>;
  argmin: Signature<['x'], { readonly dim: number; readonly keepDim: boolean }>;
  cumsum: Signature<['x'], AlongDim>;
}

export interface MovementPrimitives {
  reshape: Signature<['x'], { readonly shape: Shape }>;
  permute: Signature<['x'], { readonly dims: readonly number[] }>;
  expand: Signature<['x'], { readonly shape: Shape }>;
  /** Element i of a dim is element `start + i * step` of the input's; one start for each dim, steps may be negative. */
  slice: Signature<['x'], { readonly shape: Shape; readonly steps: readonly number[] }, readonly string[]>;
  /** The transpose of `slice`: zeros of `shape`, with the input's elements at `start + i * step`. */
  pad: Signature<['x'], { readonly shape: Shape; readonly steps: readonly number[] }, readonly string[]>;
  cat: Signature<readonly string[], AlongDim>;
  /** The same value, where gradients stop. */
  detach: Unary;
}

export interface IndexingPrimitives {
  /** `out[i][j] = x[index[i][j]][j]` for dim 0 (PyTorch's `gather`). */
  gather: Signature<['x', 'index'], AlongDim>;
  /** `x` with `x[index[i][j]][j] = source[i][j]` for dim 0; the last write of several wins. */
  scatter: Signature<['x', 'index', 'source'], AlongDim>;
  /** `x` with `x[index[i][j]][j] += source[i][j]` for dim 0. */
  scatterAdd: Signature<['x', 'index', 'source'], AlongDim>;
  /** The rows of `x` along a dim that a one-dimensional index names. */
  indexSelect: Signature<['x', 'index'], AlongDim>;
  /** `x` with `x[index[i]] += source[i]` for dim 0. */
  indexAdd: Signature<['x', 'index', 'source'], AlongDim>;
  /** Stable; NaN counts as the greatest. */
  sort: Signature<['x'], { readonly dim: number; readonly descending: boolean }, [], ['values', 'indices']>;
}

export interface MatrixPrimitives {
  /** `a @ b` over the last two dims, leading ones broadcast; a flag means that operand is stored transposed. */
  matmul: Signature<['a', 'b'], { readonly transposeA: boolean; readonly transposeB: boolean }>;
}

/** How a window of any number of spatial dims moves over its input: one number for each of them. */
interface Window {
  readonly stride: readonly number[];
  /** Zeros on both sides. */
  readonly padding: readonly number[];
}
interface DilatedWindow extends Window {
  readonly dilation: readonly number[];
}
interface ConvolutionParams extends DilatedWindow {
  readonly groups: number;
}
interface AvgPoolParams extends Window {
  readonly kernelSize: readonly number[];
  readonly ceilMode: boolean;
  readonly countIncludePad: boolean;
  readonly divisorOverride: number | null;
}

/** Three bilinear maps, each the other two's derivative. `x` is `[N, C, ...spatial]`, `weight` `[O, C / groups, ...kernel]`. */
export interface ConvolutionPrimitives {
  /** Cross-correlation without bias. */
  convolution: Signature<['x', 'weight'], ConvolutionParams>;
  /** `[N, C, ...inputSize]` from `[N, O, ...output]`: the transposed convolution. */
  convolutionInputGradient: Signature<['gradient', 'weight'], ConvolutionParams & { readonly inputSize: readonly number[] }>;
  /** `[O, C / groups, ...kernelSize]`. */
  convolutionWeightGradient: Signature<['gradient', 'x'], ConvolutionParams & { readonly kernelSize: readonly number[] }>;
}

/** Windows over the spatial dims of `[N, C, ...spatial]`; a gradient is the transpose of its map. */
export interface PoolingPrimitives {
  /** The greatest of each window (the first of equals; NaN wins, the last one), and its int32 position among the input's elements of that channel. */
  maxPool: Signature<
    ['x'],
    DilatedWindow & { readonly kernelSize: readonly number[]; readonly ceilMode: boolean },
    [],
    ['output', 'indices']
  >;
  /** Zeros `[N, C, ...inputSize]`, with each element of the gradient added where `indices` says. */
  maxPoolGradient: Signature<['gradient', 'indices'], { readonly inputSize: readonly number[] }>;
  avgPool: Signature<['x'], AvgPoolParams>;
  avgPoolGradient: Signature<['gradient'], AvgPoolParams & { readonly inputSize: readonly number[] }>;
}

/** Each has a decomposition into the primitives above: a backend may give a kernel, or say `'decomposed'`. */
export interface FusedPrimitives {
  /** `x @ weightᵀ + bias`, weight `[out, in]`. */
  linear: Signature<['x', 'weight', 'bias']>;
  softmax: Signature<['x'], AlongDim>;
  logSoftmax: Signature<['x'], AlongDim>;
  /** `-logSoftmax(logits)[label]` for each row of `[N, C]`; 0 where the label is `ignoreIndex`. */
  crossEntropy: Signature<['logits', 'labels'], { readonly ignoreIndex: number }>;
  /** Normalises over the last `dims` dims; `mean` and `rstd` keep them with size 1. */
  layerNorm: Signature<['x', 'weight', 'bias'], { readonly dims: number }, ['eps'], ['output', 'mean', 'rstd']>;
  /** Normalises over all dims but 1 with the batch's statistics (biased variance); `mean` and `variance` are `[C]`. */
  batchNorm: Signature<['x', 'weight', 'bias'], Record<never, never>, ['eps'], ['output', 'mean', 'variance']>;
  /** Zeroes an element with probability p and scales the rest by 1 / (1 - p); element i draws as `randomUniform` does. */
  dropout: Signature<['x'], Record<never, never>, ['p', ...RandomScalars]>;
  gelu: Signature<['x'], { readonly approximate: 'none' | 'tanh' }>;
  silu: Unary;
  /** `log(1 + exp(beta x)) / beta`, and `x` itself where `beta x > threshold`. */
  softplus: Signature<['x'], Record<never, never>, ['beta', 'threshold']>;
  /** The value of its first input; its gradient is the pullback that its node carries. */
  withGradient: Signature<readonly ['output', ...string[]]>;
}

/** Gradients of fused primitives, as primitives of their own so that a backend can do each in one pass. */
export interface FusedGradientPrimitives {
  /** `gradient`, and 0 where `output` is 0 or less. */
  reluGradient: Signature<['gradient', 'output']>;
  /** `output · (gradient - Σ gradient · output)` along `dim`. */
  softmaxGradient: Signature<['gradient', 'output'], AlongDim>;
  /** `gradient - exp(output) · Σ gradient` along `dim`. */
  logSoftmaxGradient: Signature<['gradient', 'output'], AlongDim>;
  /** `(softmax(logits) - oneHot(labels)) · gradient` for each row of `[N, C]`, zeros where the label is `ignoreIndex`. */
  crossEntropyGradient: Signature<['gradient', 'logits', 'labels'], { readonly ignoreIndex: number }>;
  layerNormGradient: Signature<['gradient', 'x', 'weight', 'mean', 'rstd'], { readonly dims: number }, [], ['x', 'weight', 'bias']>;
  batchNormGradient: Signature<['gradient', 'x', 'weight', 'mean', 'variance'], Record<never, never>, ['eps'], ['x', 'weight', 'bias']>;
}

type Sequence = { readonly reverse: boolean };
type RnnParams = Sequence & { readonly nonlinearity: 'tanh' | 'relu' };

/**
 * One layer, one direction, over a whole sequence `[T, B, …]` with T ≥ 1 (from its end where `reverse`). `gates` is what the input
 * and all biases contribute, `x @ weightIhᵀ + bias`; `weight` multiplies the hidden state `[B, H]`. The last state is a slice of the output.
 */
export interface RecurrentPrimitives {
  /** `h = f(gates + h @ weightᵀ)`. */
  rnn: Signature<['gates', 'hidden', 'weight'], RnnParams>;
  rnnGradient: Signature<['gradient', 'output', 'weight'], RnnParams, [], ['gates', 'hidden']>;
  /** Gates `[T, B, 4H]` in the order i, f, g, o; `cells` `[T, B, H]`, `activations` `[T, B, 4H]`: the gates behind their nonlinearities. */
  lstm: Signature<['gates', 'hidden', 'cell', 'weight'], Sequence, [], ['output', 'cells', 'activations']>;
  /** `cellsGradient` is `[T, B, H]`, or one number `[1, 1, 1]` for all. */
  lstmGradient: Signature<
    ['gradient', 'cellsGradient', 'cell', 'cells', 'activations', 'weight'],
    Sequence,
    [],
    ['gates', 'hidden', 'cell']
  >;
  /**
   * Gates `[T, B, 3H]` in the order r, z, n; `bias` `[H]` is that of the hidden state's share of n, which r multiplies.
   * `activations` `[T, B, 4H]`: r, z, n and that share.
   */
  gru: Signature<['gates', 'hidden', 'weight', 'bias'], Sequence, [], ['output', 'activations']>;
  /** `hiddenGates` `[T, B, 3H]` is the gradient of the hidden state's share of the gates. */
  gruGradient: Signature<['gradient', 'hidden', 'output', 'activations', 'weight'], Sequence, [], ['gates', 'hiddenGates', 'hidden']>;
}

/** Whether weights of attention see the future, and whether they drop out: element `(…, i, j)` of the weights draws as `randomUniform` does. */
type AttentionParams = { readonly causal: boolean; readonly dropout: boolean };

export interface AttentionPrimitives {
  /**
   * `softmax(scale · query @ keyᵀ + mask) @ value` over `[..., T, D]`; leading dims are equal. An optional fourth input is
   * the mask, float and broadcast to `[..., T, S]`; `logSumExp` is `[..., T]`. Causal: query i sees keys up to i.
   * A query that sees no key gives zeros, and its `logSumExp` is minus infinity, as in PyTorch.
   */
  attention: Signature<
    readonly ['query', 'key', 'value', ...string[]],
    AttentionParams,
    ['scale', 'p', ...RandomScalars],
    ['output', 'logSumExp']
  >;
  /** The mask, last if there is one, has no gradient. */
  attentionGradient: Signature<
    readonly ['gradient', 'query', 'key', 'value', 'output', 'logSumExp', ...string[]],
    AttentionParams,
    ['scale', 'p', ...RandomScalars],
    ['query', 'key', 'value']
  >;
}

/** Updates of a parameter and its state, each in one pass; `step()` lets output i overwrite the input of the same name. */
export interface UpdatePrimitives {
  sgd: Signature<['parameter', 'gradient'], Record<never, never>, ['lr', 'weightDecay']>;
  sgdMomentum: Signature<
    ['parameter', 'gradient', 'momentumBuffer'],
    { readonly nesterov: boolean },
    ['lr', 'weightDecay', 'momentum', 'dampening'],
    ['parameter', 'momentumBuffer']
  >;
  adam: Signature<
    ['parameter', 'gradient', 'expAvg', 'expAvgSq'],
    { readonly decoupled: boolean },
    ['lr', 'weightDecay', 'beta1', 'beta2', 'eps', 'biasCorrection1', 'biasCorrection2'],
    ['parameter', 'expAvg', 'expAvgSq']
  >;
  adamAmsgrad: Signature<
    ['parameter', 'gradient', 'expAvg', 'expAvgSq', 'maxExpAvgSq'],
    { readonly decoupled: boolean },
    ['lr', 'weightDecay', 'beta1', 'beta2', 'eps', 'biasCorrection1', 'biasCorrection2'],
    ['parameter', 'expAvg', 'expAvgSq', 'maxExpAvgSq']
  >;
}

/** What every backend must have kernels for. */
export interface CorePrimitives
  extends CreationPrimitives,
    RandomPrimitives,
    ElementwisePrimitives,
    ReductionPrimitives,
    MovementPrimitives,
    IndexingPrimitives,
    MatrixPrimitives,
    ConvolutionPrimitives,
    PoolingPrimitives {}

/** What has a decomposition into core primitives. */
export interface DecomposablePrimitives
  extends FusedPrimitives,
    FusedGradientPrimitives,
    RecurrentPrimitives,
    AttentionPrimitives,
    UpdatePrimitives {}

export interface Primitives extends CorePrimitives, DecomposablePrimitives {}

export type PrimitiveName = keyof Primitives;
export type CorePrimitiveName = keyof CorePrimitives;
export type DecomposableName = keyof DecomposablePrimitives;
