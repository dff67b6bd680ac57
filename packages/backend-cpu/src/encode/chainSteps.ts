import type { DType } from '@dl/tensor';
import { internalError } from '@dl/tensor/internal';
import type { ChainOp } from './chain.ts';
import type { ChainPrimitive } from './chainCosts.ts';

/** What a block of elements is while a chain computes: bytes of memory, of uint8 and bool, are widened to int32. */
type Kind = 'Floats' | 'Doubles' | 'Ints';

const floating = words`
  neg abs sign floor ceil round trunc sqrt rsqrt tan asin acos atan sinh cosh asinh acosh atanh relu logicalNot
  exp log log1p expm1 sin cos tanh sigmoid erf erfc gelu geluTanh silu
  add sub mul div floorDivide remainder fmod pow atan2 maximum minimum eq ne gt ge logicalAnd logicalOr logicalXor
  softplus dropout full iota randomUniform`;

const whole = words`
  neg abs sign relu logicalNot add sub mul floorDivide remainder fmod pow maximum minimum eq ne gt ge logicalAnd logicalOr logicalXor
  full iota`;

/** The operations that C has, in the order of kernels/chainSteps.h. */
export const chainSteps: readonly string[] = [
  ...floating.map((name) => `${name}Floats`),
  ...floating.map((name) => `${name}Doubles`),
  ...whole.map((name) => `${name}Ints`),
  ...words`
    whereWords whereDoubles floatsToInts floatsToDoubles floatsToBools intsToFloats intsToDoubles intsToBools doublesToFloats doublesToInts
    doublesToBools widenBytes narrowBytes wrapBytes copyBytes copyWords copyDoubles
    addAddFloats addSubFloats addSubFromFloats addMulFloats subAddFloats subSubFloats subSubFromFloats subMulFloats
    mulAddFloats mulSubFloats mulSubFromFloats mulMulFloats eqWhereFloats neWhereFloats gtWhereFloats geWhereFloats
    negStream reluStream copyStream addStream subStream mulStream divStream addAddStream addSubStream addSubFromStream addMulStream
    subAddStream subSubStream subSubFromStream subMulStream mulAddStream mulSubStream mulSubFromStream mulMulStream eqWhereStream
    neWhereStream gtWhereStream geWhereStream`,
];

/** The operation that writes past the caches, `name` itself where C has none. */
export function streamingStep(name: string): string {
  const streaming = name === 'copyWords' ? 'copyStream' : name.replace(/Floats$/, 'Stream');
  return chainSteps.includes(streaming) ? streaming : name;
}

/** The number of an operation in kernels/chainSteps.h. */
export function stepNumber(name: string): number {
  const number = chainSteps.indexOf(name);
  if (number === -1) throw internalError(`cpu: a chain has no operation ${name}`);
  return number;
}

/** An operation as the C operations that make it up: the first reads `operands`, each other one the result of the one before. */
export interface Lowered<Operand> {
  readonly names: readonly string[];
  readonly operands: readonly Operand[];
}

/** What a chain operation is in C; no names at all if it is its operand. */
export function lowered<Operand>(op: ChainOp, operands: readonly Operand[], dtypes: readonly DType[]): Lowered<Operand> {
  const { primitive, dtype } = op;
  if (primitive === 'cast') return { names: castNames(dtypes[0] ?? dtype, dtype), operands };
  const { name = primitive, arrange } = exceptions[primitive] ?? {};
  const step = `${name}${suffixOf(op, dtypes)}`;
  const wraps = dtype === 'uint8' && wrapping.has(primitive);
  return { names: wraps ? [step, 'wrapBytes'] : [step], operands: arrange?.(operands) ?? operands };
}

/** Operations that C has under another name, with their operands in another order. */
interface Exception {
  readonly name: string;
  readonly arrange: <Operand>(operands: readonly Operand[]) => readonly Operand[];
}
const exceptions: { readonly [N in ChainPrimitive]?: Exception } = {
  lt: { name: 'gt', arrange: (operands) => operands.toReversed() },
  le: { name: 'ge', arrange: (operands) => operands.toReversed() },
  // What is not equal to itself.
  isnan: { name: 'ne', arrange: ([x]) => (x === undefined ? [] : [x, x]) },
};

/** Those whose results leave [0, 255]. */
const wrapping: ReadonlySet<ChainPrimitive> = new Set<ChainPrimitive>(['neg', 'add', 'sub', 'mul', 'pow', 'full', 'iota']);

function suffixOf({ primitive, dtype, params }: ChainOp, dtypes: readonly DType[]): string {
  if (primitive === 'where') return dtype === 'float64' ? 'Doubles' : 'Words';
  const kind = kindOf(dtypes[0] ?? dtype);
  return 'approximate' in params && params.approximate === 'tanh' ? `Tanh${kind}` : kind;
}

function castNames(from: DType, to: DType): readonly string[] {
  if (from === to) return [];
  const [source, target] = [kindOf(from), kindOf(to)];
  if (to === 'bool') return [`${source.toLowerCase()}ToBools`];
  const converted = source === target ? [] : [`${source.toLowerCase()}To${target}`];
  return to === 'uint8' && from !== 'bool' ? [...converted, 'wrapBytes'] : converted;
}

/** How elements of a dtype are computed with. */
export function kindOf(dtype: DType): Kind {
  if (dtype === 'float32') return 'Floats';
  return dtype === 'float64' ? 'Doubles' : 'Ints';
}

function words(text: TemplateStringsArray): readonly string[] {
  return text.join('').trim().split(/\s+/);
}
