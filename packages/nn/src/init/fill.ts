import { ArgumentError, eye as eyeMatrix, full, Generator, ShapeError, type Tensor, tensor } from '@dl/tensor';
import { checkFinite, checkOneOf, formatShape } from '@dl/tensor/internal';
import { fansOf } from './fans.ts';
import { filled } from './filled.ts';
import { calculateGain, type Nonlinearity } from './gain.ts';
import { orthonormalRows, truncatedNormals } from './host.ts';
import { normalAround, uniformBetween } from './recipes.ts';

/** What `uniform` takes. */
export interface UniformOptions {
  /** The least value; default 0. */
  readonly a?: number;
  /** The bound above; default 1. */
  readonly b?: number;
}

/** What `normal` takes. */
export interface NormalOptions {
  /** Default 0. */
  readonly mean?: number;
  /** The standard deviation; default 1. */
  readonly std?: number;
}

/** What `truncNormal` takes. */
export interface TruncNormalOptions extends NormalOptions {
  /** The least value; default -2. */
  readonly a?: number;
  /** The greatest value; default 2. */
  readonly b?: number;
}

/** What `xavierUniform`, `xavierNormal` and `orthogonal` take. */
export interface GainOptions {
  /** Scales the result; see `calculateGain`. Default 1. */
  readonly gain?: number;
}

/** What `kaimingUniform` and `kaimingNormal` take. */
export interface KaimingOptions {
  /** The slope below zero, for `'leakyRelu'`; default 0. */
  readonly a?: number;
  /** Keep the variance of activations (`'fanIn'`, the default) or that of gradients. */
  readonly mode?: 'fanIn' | 'fanOut';
  /** Default `'leakyRelu'`. */
  readonly nonlinearity?: Nonlinearity;
}

/**
 * Uniform in `[a, b)`. PyTorch: `torch.nn.init.uniform_`.
 *
 * @throws ArgumentError if a is above b.
 * @example init.uniform(layer.weight, { a: -0.1, b: 0.1 })
 */
export function uniform<T extends Tensor>(target: T, options: UniformOptions = {}): T {
  const { a = 0, b = 1 } = options;
  checkBounds('uniform', a, b);
  return filled('uniform', target, ({ shape, dtype }) => uniformBetween(shape, dtype, a, b));
}

/**
 * Normal with a mean and a standard deviation. PyTorch: `torch.nn.init.normal_`.
 *
 * @throws ArgumentError if the deviation is negative.
 * @example init.normal(layer.weight, { std: 0.02 })
 */
export function normal<T extends Tensor>(target: T, options: NormalOptions = {}): T {
  const { mean = 0, std = 1 } = options;
  checkMoments('normal', mean, std);
  return filled('normal', target, ({ shape, dtype }) => normalAround(shape, dtype, mean, std));
}

/**
 * Normal, but never outside `[a, b]`. Drawn on the host. PyTorch: `torch.nn.init.trunc_normal_`.
 *
 * @throws ArgumentError if the deviation is not above 0, or a not below b.
 * @example init.truncNormal(layer.weight, { std: 0.02 })
 */
export function truncNormal<T extends Tensor>(target: T, options: TruncNormalOptions = {}): T {
  const { mean = 0, std = 1, a = -2, b = 2 } = options;
  checkMoments('truncNormal', mean, std);
  checkBounds('truncNormal', a, b);
  if (std === 0 || a === b) throw new ArgumentError(`truncNormal: std must be above 0 and a below b; got std ${std}, a ${a}, b ${b}`);
  return filled('truncNormal', target, ({ shape, dtype }) => {
    const draws = truncatedNormals(new Generator(), target.numel(), (a - mean) / std, (b - mean) / std);
    return tensor(
      draws.map((z) => Math.min(b, Math.max(a, mean + std * z))),
      { shape, dtype },
    );
  });
}

/** One number everywhere. PyTorch: `torch.nn.init.constant_`. @example init.constant(layer.bias, 0.1) */
export function constant<T extends Tensor>(target: T, value: number): T {
  checkFinite('constant', 'value', value);
  return filled('constant', target, ({ shape, dtype }) => full(shape, value, { dtype }));
}

/** Ones. PyTorch: `torch.nn.init.ones_`. @example init.ones(norm.weight) */
export function ones<T extends Tensor>(target: T): T {
  return filled('ones', target, ({ shape, dtype }) => full(shape, 1, { dtype }));
}

/** Zeros. PyTorch: `torch.nn.init.zeros_`. @example init.zeros(layer.bias) */
export function zeros<T extends Tensor>(target: T): T {
  return filled('zeros', target, ({ shape, dtype }) => full(shape, 0, { dtype }));
}

/**
 * Ones on the diagonal of a matrix, zeros elsewhere. PyTorch: `torch.nn.init.eye_`.
 *
 * @throws ShapeError unless it has 2 dims.
 * @example init.eye(layer.weight)
 */
export function eye<T extends Tensor>(target: T): T {
  const [rows = 0, columns = 0] = target.shape;
  if (target.ndim !== 2) throw new ShapeError(`eye: the tensor must be a matrix; got ${formatShape(target.shape)}`);
  return filled('eye', target, ({ dtype }) => eyeMatrix(rows, { m: columns, dtype }));
}

/**
 * Uniform in `±gain √(6 / (fanIn + fanOut))` (Glorot and Bengio 2010). PyTorch: `torch.nn.init.xavier_uniform_`.
 *
 * @throws ShapeError for less than 2 dims.
 * @example init.xavierUniform(layer.weight, { gain: init.calculateGain('tanh') })
 */
export function xavierUniform<T extends Tensor>(target: T, options: GainOptions = {}): T {
  const bound = Math.sqrt(3) * xavierStd('xavierUniform', target, options);
  return filled('xavierUniform', target, ({ shape, dtype }) => uniformBetween(shape, dtype, -bound, bound));
}

/**
 * Normal with the deviation `gain √(2 / (fanIn + fanOut))` (Glorot and Bengio 2010). PyTorch: `torch.nn.init.xavier_normal_`.
 *
 * @throws ShapeError for less than 2 dims.
 * @example init.xavierNormal(layer.weight)
 */
export function xavierNormal<T extends Tensor>(target: T, options: GainOptions = {}): T {
  const std = xavierStd('xavierNormal', target, options);
  return filled('xavierNormal', target, ({ shape, dtype }) => normalAround(shape, dtype, 0, std));
}

/**
 * Uniform in `±gain √(3 / fan)` (He et al. 2015). PyTorch: `torch.nn.init.kaiming_uniform_`.
 *
 * @throws ShapeError for less than 2 dims; ArgumentError for another mode or nonlinearity.
 * @example init.kaimingUniform(layer.weight, { nonlinearity: 'relu' })
 */
export function kaimingUniform<T extends Tensor>(target: T, options: KaimingOptions = {}): T {
  const bound = Math.sqrt(3) * kaimingStd('kaimingUniform', target, options);
  return filled('kaimingUniform', target, ({ shape, dtype }) => uniformBetween(shape, dtype, -bound, bound));
}

/**
 * Normal with the deviation `gain / √fan` (He et al. 2015). PyTorch: `torch.nn.init.kaiming_normal_`.
 *
 * @throws ShapeError for less than 2 dims; ArgumentError for another mode or nonlinearity.
 * @example init.kaimingNormal(layer.weight, { mode: 'fanOut', nonlinearity: 'relu' })
 */
export function kaimingNormal<T extends Tensor>(target: T, options: KaimingOptions = {}): T {
  const std = kaimingStd('kaimingNormal', target, options);
  return filled('kaimingNormal', target, ({ shape, dtype }) => normalAround(shape, dtype, 0, std));
}

/**
 * A random matrix with orthonormal rows, or columns where there are fewer; dims after the first are joined (Saxe et al. 2014). Drawn on
 * the host, in time cubic in the size. PyTorch: `torch.nn.init.orthogonal_`.
 *
 * @throws ShapeError for less than 2 dims.
 * @example init.orthogonal(recurrent.weight)
 */
export function orthogonal<T extends Tensor>(target: T, options: GainOptions = {}): T {
  const { gain = 1 } = options;
  checkFinite('orthogonal', 'gain', gain);
  if (target.ndim < 2) throw new ShapeError(`orthogonal: the tensor must have at least 2 dims; got ${formatShape(target.shape)}`);
  const rows = target.size(0);
  const columns = rows === 0 ? 0 : target.numel() / rows;
  return filled('orthogonal', target, ({ shape, dtype }) => {
    const [few, many] = rows <= columns ? [rows, columns] : [columns, rows];
    const matrix = tensor(orthonormalRows(new Generator(), few, many), { shape: [few, many], dtype });
    return (rows <= columns ? matrix : matrix.t()).mul(gain).reshape(shape);
  });
}

// ---------------------------------------------------------------------------------------------------------------------

function xavierStd(caller: string, { shape }: Tensor, { gain = 1 }: GainOptions): number {
  checkFinite(caller, 'gain', gain);
  const { fanIn, fanOut } = fansOf(caller, shape);
  return gain * Math.sqrt(2 / (fanIn + fanOut));
}

function kaimingStd(caller: string, { shape }: Tensor, { a = 0, mode = 'fanIn', nonlinearity = 'leakyRelu' }: KaimingOptions): number {
  checkOneOf(caller, 'mode', mode, ['fanIn', 'fanOut']);
  return calculateGain(nonlinearity, a) / Math.sqrt(fansOf(caller, shape)[mode]);
}

function checkBounds(caller: string, a: number, b: number): void {
  checkFinite(caller, 'a', a);
  checkFinite(caller, 'b', b);
  if (a > b) throw new ArgumentError(`${caller}: a must not be above b; got ${a} and ${b}`);
}

function checkMoments(caller: string, mean: number, std: number): void {
  checkFinite(caller, 'mean', mean);
  checkFinite(caller, 'std', std);
  if (std < 0) throw new ArgumentError(`${caller}: std must not be negative; got ${std}`);
}
