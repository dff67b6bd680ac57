/** How parameters start: each function gives its first argument a new value, a recipe, and returns it. PyTorch: `torch.nn.init`. */
export { calculateFanInAndFanOut, type Fans } from './init/fans.ts';
export {
  constant,
  eye,
  type GainOptions,
  type KaimingOptions,
  kaimingNormal,
  kaimingUniform,
  type NormalOptions,
  normal,
  ones,
  orthogonal,
  type TruncNormalOptions,
  truncNormal,
  type UniformOptions,
  uniform,
  xavierNormal,
  xavierUniform,
  zeros,
} from './init/fill.ts';
export { calculateGain, type Nonlinearity } from './init/gain.ts';
export { type DiracOptions, dirac, type SparseOptions, sparse } from './init/structured.ts';
