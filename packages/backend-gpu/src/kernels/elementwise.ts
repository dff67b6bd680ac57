import type { DType, TensorSpec } from '@dl/tensor';
import { type ElementwisePrimitives, internalError, isIntegral, sizeOf } from '@dl/tensor/internal';
import { binaryCode } from './binary.ts';
import type { Program } from './program.ts';
import { input, type KernelLaunch, type KernelTable, type Launch, output, type SiteInput } from './table.ts';
import { type Code, unaryCode } from './unary.ts';
import { broadcastStrides, walkCode, walkNames, walkNumbers, walkOf } from './walk.ts';

/**
 * The launch that computes each element from the elements of broadcast operands. `code` is statements over the operands' names;
 * an operand that is constant goes in as a number.
 */
export function elementwiseLaunch(
  key: string,
  names: readonly string[],
  operands: readonly SiteInput[],
  target: TensorSpec,
  code: string,
): KernelLaunch {
  const all = names.map((name, index) => ({ name, index, spec: operands[index] as SiteInput }));
  const arrays = all.filter(({ spec }) => !spec.constant);
  const walk = walkOf(
    target.shape,
    arrays.map(({ spec }) => broadcastStrides(spec.shape, target.shape)),
  );
  const constants = all.filter(({ spec }) => spec.constant);
  return {
    program: elementwiseProgram(
      key,
      arrays.map(({ name }) => name),
      constants.map(({ name }) => name),
      walk.sizes.length,
      code,
    ),
    size: sizeOf(target.shape),
    arrays: arrays.map(({ index }) => input(index)),
    numbers: [...walkNumbers(walk), ...constants.map(({ index }) => ({ constantInput: index }))],
    target: output(0),
  };
}

function elementwiseProgram(key: string, arrays: readonly string[], constants: readonly string[], rank: number, code: string): Program {
  const loads = arrays.map((name) => `const ${name} = ${name}Data[at${name}At];`);
  return {
    key: `${key}/${arrays.join('')}/${constants.join('')}/${rank}`,
    arrays: arrays.map((name) => `${name}Data`),
    integers: walkNames('at', rank, arrays),
    floats: constants,
    body: ['const element = this.thread.x;', walkCode('at', rank, arrays, 'element'), ...loads, code].join('\n'),
  };
}

type AnyOperands = { readonly inputs: readonly SiteInput[]; readonly outputs: readonly [TensorSpec] };

const elementwise =
  (name: string, names: readonly string[], code: Code) =>
  ({ inputs, outputs: [target] }: AnyOperands): readonly Launch[] => {
    const { dtype } = inputs.at(-1) ?? target;
    const variant = variantOf(code, dtype);
    return [elementwiseLaunch(`${name}-${variant}`, names, inputs, target, codeFor(code, variant))];
  };

type Variant = 'float' | 'integer' | 'uint8';

/** Dtypes for which the code is the same share a kernel. */
function variantOf(code: Code, dtype: DType): Variant {
  if (dtype === 'uint8' && code.wraps) return 'uint8';
  return isIntegral(dtype) && code.integer !== undefined ? 'integer' : 'float';
}

/** In uint8 every result is taken modulo 256. */
function codeFor({ float, integer }: Code, variant: Variant): string {
  if (variant === 'float') return float;
  const code = integer ?? float;
  const wrap = variant === 'uint8' ? 'wrapByte' : '';
  const wrapped = code.replace(/\bwrap\(/g, `${wrap}(`);
  return variant === 'uint8' ? wrapped.replace(/return ([^;]+);/g, 'return wrapByte($1);') : wrapped;
}

const unary = (name: keyof typeof unaryCode) => elementwise(name, ['x'], unaryCode[name]);
const binary = (name: keyof typeof binaryCode) => elementwise(name, ['a', 'b'], binaryCode[name]);

/** Everything is kept as float32, so only what rounds or cuts has to be computed. */
const castCode: Readonly<Record<Exclude<DType, 'float64'>, string>> = {
  float32: 'return x;',
  bool: 'if (x === 0.0) { return 0.0; } return 1.0;',
  int32: 'return toInteger(x);',
  uint8: 'if (x >= 2147483648.0) { return 255.0; } return wrapByte(toInteger(x));',
};

const loses = (from: DType, to: DType): boolean =>
  to === 'bool' || !(from === to || from === 'bool' || to === 'float32' || (from === 'uint8' && to === 'int32'));

export const elementwiseKernels: KernelTable<keyof ElementwisePrimitives> = {
  neg: unary('neg'),
  abs: unary('abs'),
  sign: unary('sign'),
  floor: unary('floor'),
  ceil: unary('ceil'),
  round: unary('round'),
  trunc: unary('trunc'),
  exp: unary('exp'),
  log: unary('log'),
  log1p: unary('log1p'),
  expm1: unary('expm1'),
  sqrt: unary('sqrt'),
  rsqrt: unary('rsqrt'),
  sin: unary('sin'),
  cos: unary('cos'),
  tan: unary('tan'),
  asin: unary('asin'),
  acos: unary('acos'),
  atan: unary('atan'),
  sinh: unary('sinh'),
  cosh: unary('cosh'),
  asinh: unary('asinh'),
  acosh: unary('acosh'),
  atanh: unary('atanh'),
  tanh: unary('tanh'),
  sigmoid: unary('sigmoid'),
  erf: unary('erf'),
  erfc: unary('erfc'),
  relu: unary('relu'),
  isnan: unary('isnan'),
  logicalNot: unary('logicalNot'),
  cast: ({ inputs: [x], outputs: [target], params: { dtype } }) => {
    if (!loses(x.dtype, dtype)) return [{ same: input(0), target: output(0) }];
    if (dtype === 'float64') throw internalError('gpu: a cast to float64 passed the check of dtypes');
    return [elementwiseLaunch(`cast-${dtype}`, ['x'], [x], target, castCode[dtype])];
  },
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
  eq: binary('eq'),
  ne: binary('ne'),
  lt: binary('lt'),
  le: binary('le'),
  gt: binary('gt'),
  ge: binary('ge'),
  logicalAnd: binary('logicalAnd'),
  logicalOr: binary('logicalOr'),
  logicalXor: binary('logicalXor'),
  where: ({ inputs, outputs: [target] }) => [
    elementwiseLaunch('where', ['condition', 'a', 'b'], inputs, target, 'if (condition > 0.5) { return a; } return b;'),
  ],
};
