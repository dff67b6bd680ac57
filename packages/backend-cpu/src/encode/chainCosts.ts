import type { CreationPrimitives, ElementwisePrimitives, FusedPrimitives, RandomPrimitives } from '@dl/tensor/internal';

/** What a chain computes element by element: a result needs of the operands only the elements at its own place. */
export type ChainPrimitive =
  | keyof CreationPrimitives
  | keyof RandomPrimitives
  | keyof ElementwisePrimitives
  | keyof Pick<FusedPrimitives, 'dropout' | 'gelu' | 'silu' | 'softplus'>;

/** Nanoseconds to move an element of an operand from or to memory. */
export const streamingCost = 0.3;

/** One instruction, or a few, for a vector of elements. */
const simple = 0.05;
/** A polynomial. */
const vectorised = 0.5;
/** A function of one number after the other. */
const scalar = 15;

/** Nanoseconds to compute an element in float32: guesses, which decide only how work is cut into pieces. */
export const costs: { readonly [N in ChainPrimitive]: number } = {
  full: simple,
  iota: 2 * simple,
  randomUniform: vectorised,
  neg: simple,
  abs: simple,
  sign: simple,
  floor: simple,
  ceil: simple,
  round: simple,
  trunc: simple,
  exp: vectorised,
  log: vectorised,
  log1p: vectorised,
  expm1: vectorised,
  sqrt: 4 * simple,
  rsqrt: 6 * simple,
  sin: vectorised,
  cos: vectorised,
  tan: scalar,
  asin: scalar,
  acos: scalar,
  atan: scalar,
  sinh: scalar,
  cosh: scalar,
  asinh: scalar,
  acosh: scalar,
  atanh: scalar,
  tanh: vectorised,
  sigmoid: vectorised,
  erf: vectorised,
  erfc: vectorised,
  relu: simple,
  isnan: simple,
  logicalNot: simple,
  cast: simple,
  add: simple,
  sub: simple,
  mul: simple,
  div: 4 * simple,
  floorDivide: scalar,
  remainder: scalar,
  fmod: scalar,
  pow: scalar,
  atan2: scalar,
  maximum: simple,
  minimum: simple,
  eq: simple,
  ne: simple,
  lt: simple,
  le: simple,
  gt: simple,
  ge: simple,
  logicalAnd: simple,
  logicalOr: simple,
  logicalXor: simple,
  where: simple,
  dropout: vectorised,
  gelu: vectorised,
  silu: vectorised,
  softplus: 2 * vectorised,
};
