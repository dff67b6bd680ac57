import { broadcastShapes, type TensorSpec } from '../../shape.ts';
import type { ElementwisePrimitives, PrimitiveName } from '../signatures.ts';
import type { ShapeTable } from '../tables.ts';

type Pair = readonly [TensorSpec, TensorSpec];

const same = ([x]: readonly [TensorSpec]): TensorSpec => x;
const unaryTest = ([x]: readonly [TensorSpec]): TensorSpec => ({ shape: x.shape, dtype: 'bool' });

/** Inputs of one dtype, which the output has too. */
const binary =
  (name: PrimitiveName) =>
  ([a, b]: Pair): TensorSpec => ({ shape: broadcastShapes(name, a.shape, b.shape), dtype: a.dtype });

const comparison =
  (name: PrimitiveName) =>
  ([a, b]: Pair): TensorSpec => ({ shape: broadcastShapes(name, a.shape, b.shape), dtype: 'bool' });

export const elementwiseShapes: ShapeTable<keyof ElementwisePrimitives> = {
  neg: same,
  abs: same,
  sign: same,
  floor: same,
  ceil: same,
  round: same,
  trunc: same,
  exp: same,
  log: same,
  log1p: same,
  expm1: same,
  sqrt: same,
  rsqrt: same,
  sin: same,
  cos: same,
  tan: same,
  asin: same,
  acos: same,
  atan: same,
  sinh: same,
  cosh: same,
  asinh: same,
  acosh: same,
  atanh: same,
  tanh: same,
  sigmoid: same,
  erf: same,
  erfc: same,
  relu: same,
  isnan: unaryTest,
  logicalNot: unaryTest,
  cast: ([x], { dtype }) => ({ shape: x.shape, dtype }),
  add: binary('add'),
  sub: binary('sub'),
  mul: binary('mul'),
  div: binary('div'),
  floorDivide: binary('floorDivide'),
  remainder: binary('remainder'),
  fmod: binary('fmod'),
  pow: binary('pow'),
  atan2: binary('atan2'),
  maximum: binary('maximum'),
  minimum: binary('minimum'),
  eq: comparison('eq'),
  ne: comparison('ne'),
  lt: comparison('lt'),
  le: comparison('le'),
  gt: comparison('gt'),
  ge: comparison('ge'),
  logicalAnd: comparison('logicalAnd'),
  logicalOr: comparison('logicalOr'),
  logicalXor: comparison('logicalXor'),
  where: ([condition, a, b]) => {
    const shape = broadcastShapes('where', a.shape, b.shape);
    return { shape: broadcastShapes('where', condition.shape, shape), dtype: a.dtype };
  },
};
