import type { TypedArray } from '../dtype.ts';
import type { ElementwisePrimitives } from '../primitives/signatures.ts';
import type { Operand, ReferenceTable } from '../primitives/tables.ts';
import { add, binary, div, eq, ge, gt, maximum, minimum, mul, sub, swapped } from './binary.ts';
import { cast } from './cast.ts';
import { erf, erfc } from './erf.ts';
import { forEachRow } from './rows.ts';
import { exp, logicalNot, neg, relu, sqrt, unary } from './unary.ts';

export const elementwiseKernels: ReferenceTable<keyof ElementwisePrimitives> = {
  neg,
  abs: unary(Math.abs),
  sign: unary((x) => Number(x > 0) - Number(x < 0)),
  floor: unary(Math.floor),
  ceil: unary(Math.ceil),
  round: unary(roundHalfToEven),
  trunc: unary(Math.trunc),
  exp,
  log: unary(Math.log),
  log1p: unary(Math.log1p),
  expm1: unary(Math.expm1),
  sqrt,
  rsqrt: unary((x) => 1 / Math.sqrt(x)),
  sin: unary(Math.sin),
  cos: unary(Math.cos),
  tan: unary(Math.tan),
  asin: unary(Math.asin),
  acos: unary(Math.acos),
  atan: unary(Math.atan),
  sinh: unary(Math.sinh),
  cosh: unary(Math.cosh),
  asinh: unary(Math.asinh),
  acosh: unary(Math.acosh),
  atanh: unary(Math.atanh),
  tanh: unary(Math.tanh),
  sigmoid: unary((x) => 1 / (1 + Math.exp(-x))),
  erf: unary(erf),
  erfc: unary(erfc),
  relu,
  isnan: unary((x) => Number(Number.isNaN(x))),
  logicalNot,
  cast,
  add,
  sub,
  mul,
  div,
  floorDivide: binary(floorDivide),
  remainder: binary(remainder),
  fmod: binary((a, b) => a % b),
  pow: (outputs, inputs) =>
    (outputs[0].data instanceof Float32Array || outputs[0].data instanceof Float64Array ? floatPow : integerPow)(outputs, inputs),
  atan2: binary(Math.atan2),
  maximum,
  minimum,
  eq,
  ne: binary((a, b) => Number(a !== b)),
  lt: swapped(gt),
  le: swapped(ge),
  gt,
  ge,
  logicalAnd: binary((a, b) => Number(a !== 0 && b !== 0)),
  logicalOr: binary((a, b) => Number(a !== 0 || b !== 0)),
  logicalXor: binary((a, b) => Number((a !== 0) !== (b !== 0))),
  where: ([out], [condition, a, b]) => chooseByRow(out, condition, a, b),
};

function chooseByRow(out: Operand, condition: Operand, a: Operand, b: Operand): void {
  forEachRow(out, [condition, a, b], (start, length, [c, i, j], [stepC, stepA, stepB]) => {
    const from = { condition: condition.data, c: c as number, stepC: stepC as number };
    chooseRow(out.data, start, length, from, a.data, i as number, stepA as number, b.data, j as number, stepB as number);
  });
}

interface Mask {
  readonly condition: TypedArray;
  readonly c: number;
  readonly stepC: number;
}

function chooseRow(
  out: TypedArray,
  start: number,
  length: number,
  { condition, c, stepC }: Mask,
  a: TypedArray,
  i: number,
  stepA: number,
  b: TypedArray,
  j: number,
  stepB: number,
): void {
  for (let k = 0; k < length; k++) {
    out[start + k] = (condition[c + k * stepC] === 0 ? b[j + k * stepB] : a[i + k * stepA]) as number;
  }
}

function roundHalfToEven(x: number): number {
  return Math.abs(x % 1) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x);
}

/** Python's `//`: the exact quotient rounded down. An integer array stores 0 for what division by zero gives. */
function floorDivide(a: number, b: number): number {
  if (b === 0) return a / b;
  const rest = a % b;
  const quotient = (a - rest) / b - (rest !== 0 && rest < 0 !== b < 0 ? 1 : 0);
  if (quotient === 0) return Math.sign(a / b) < 0 ? -0 : 0;
  const whole = Math.floor(quotient);
  return quotient - whole > 0.5 ? whole + 1 : whole;
}

/** With the sign of the divisor. */
function remainder(a: number, b: number): number {
  const rest = a % b;
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
}

/** C's `pow`: 1 to any power is 1, and so is -1 to an infinite one. */
const floatPow = binary((a, b) => (a === 1 || (a === -1 && Math.abs(b) === Number.POSITIVE_INFINITY) ? 1 : a ** b));

/** By squaring, modulo 2^32. A negative exponent leaves something only of 1 and -1. */
const integerPow = binary((base, exponent) => {
  if (exponent < 0) return base === 1 ? 1 : base === -1 ? 1 - 2 * (exponent & 1) : 0;
  let result = 1;
  let square = base;
  for (let e = exponent; e > 0; e >>>= 1) {
    if (e & 1) result = Math.imul(result, square);
    square = Math.imul(square, square);
  }
  return result;
});
