import type { DType, Shape } from '@dl/tensor';
import { bytesOf, internalError, type PrimitiveName } from '@dl/tensor/internal';
import { type ChainCode, chainCode, type Step } from './chainCode.ts';
import { type ChainPrimitive, costs, streamingCost } from './chainCosts.ts';
import { type ChainLoop, chainLoop, inputKinds, shortRow } from './chainLoop.ts';
import { allocateRegisters, panelRows, type Registers } from './chainRegisters.ts';
import { stepNumber, streamingStep } from './chainSteps.ts';

/** One primitive of a chain. */
export interface ChainOp {
  readonly primitive: ChainPrimitive;
  readonly params: object;
  /** The chain's inputs count first, then the results of its ops. */
  readonly operands: readonly number[];
  /** Of the result. */
  readonly dtype: DType;
  /** Which of the chain's scalars are the primitive's. */
  readonly scalars: readonly number[];
}

/** Elementwise operations over one loop: what kernels/chain.h runs. Its operands are the inputs and then the outputs. */
export interface ChainProgram {
  /** Of the loop, and of every output. */
  readonly shape: Shape;
  /** `strides` says how many elements of memory each dim of the loop moves by; 0 repeats one. */
  readonly inputs: readonly { readonly dtype: DType; readonly strides: readonly number[] }[];
  readonly ops: readonly ChainOp[];
  /** Inputs or results, numbered as operands are. */
  readonly outputs: readonly number[];
}

/** As kernels/chain.h has it. */
const limits = { operands: 64, slots: 192, block: 1024, registerBytes: 32768 } as const;

/** What blocks are, in the order of kernels/chain.c: parts of a row, taken in order; whole rows; parts of a row, taken in order of tiles. */
const blockShapes = ['parts', 'wholeRows', 'tiles'] as const;

interface Blocks {
  readonly shape: (typeof blockShapes)[number];
  /** Elements of a block. */
  readonly length: number;
  /** Elements that are best taken together. */
  readonly unit: number;
}

/** What encoding assumes of the machine. */
export interface ChainOptions {
  /** Results go past the caches where operands have more bytes than this; default 2^26. */
  readonly cacheBytes?: number;
}

/** Whether chains can compute a primitive. */
export function isChainPrimitive(primitive: PrimitiveName): primitive is ChainPrimitive {
  return Object.hasOwn(costs, primitive);
}

/**
 * The params of a chain.
 *
 * @throws an internal error if its intermediate results do not fit the registers (there are 128 at most, 64 of float64).
 */
export function encodeChain(program: ChainProgram, { cacheBytes = 2 ** 26 }: ChainOptions = {}): readonly number[] {
  const loop = chainLoop(program);
  const written = chainCode(program, loop);
  const code = operandBytes(program, loop, written) > cacheBytes ? streamed(written) : written;
  const registers = allocateRegisters(code, loop);
  const capacity = capacityOf(program, registers);
  const blocks = blocksOf(loop, capacity);
  const words = [
    loop.elements,
    loop.inner,
    blocks.length,
    blockShapes.indexOf(blocks.shape),
    pieceOf(program, loop, blocks),
    loop.outer.length,
    program.inputs.length,
    program.outputs.length,
    registers.widths.length,
    code.starting.length,
    code.steps.length,
    ...loop.outer,
    ...inputWords(program, loop, registers),
    ...code.outputs.flatMap((value, i) => [code.widths[value] as number, registers.standIns[i] as number]),
    ...startsOf(registers.widths, capacity),
    ...stepWords(code, registers),
  ];
  return [words.length + 1, ...words];
}

/** How many elements each register holds. */
function capacityOf({ inputs, outputs }: ChainProgram, { widths }: Registers): number {
  const bytes = widths.reduce((sum, width) => sum + width, 0);
  const capacity = Math.min(limits.block, Math.floor(limits.registerBytes / Math.max(1, bytes) / 64) * 64);
  const operands = inputs.length + outputs.length;
  if (capacity === 0 || operands > limits.operands || operands + widths.length > limits.slots) {
    throw internalError(`cpu: a chain of ${operands} operands and ${widths.length} registers is too large`);
  }
  return capacity;
}

function blocksOf({ inner, outer, inputs, elements }: ChainLoop, capacity: number): Blocks {
  if (outer.length === 0) return { shape: 'parts', length: Math.min(capacity, elements), unit: inner };
  if (inner < shortRow && 2 * inner <= capacity) {
    const length = Math.floor(capacity / inner) * inner;
    return { shape: 'wholeRows', length, unit: length };
  }
  const even = Math.ceil(inner / Math.ceil(inner / capacity) / 16) * 16;
  const isTiled = inputs.some(({ kind }) => kind === 'panel');
  return { shape: isTiled ? 'tiles' : 'parts', length: Math.min(even, capacity), unit: isTiled ? panelRows * inner : inner };
}

/** Elements that a thread takes at a time: some 20 µs of work, a whole number of units if it is not less than one. */
function pieceOf({ inputs, outputs, ops }: ChainProgram, { elements }: ChainLoop, { shape, unit }: Blocks): number {
  const cost = ops.reduce((sum, { primitive }) => sum + costs[primitive], (inputs.length + outputs.length) * streamingCost);
  const wanted = Math.min(32768, Math.max(512, 20_000 / cost));
  const least = shape === 'tiles' ? unit : Math.ceil(wanted / 64) * 64;
  const piece = unit > wanted ? least : Math.floor(wanted / unit) * unit;
  return Math.max(1, Math.min(piece, elements));
}

function operandBytes({ inputs }: ChainProgram, loop: ChainLoop, { outputs, widths }: ChainCode): number {
  const linear = inputs.flatMap(({ dtype }, i) => (loop.inputs[i]?.kind === 'linear' ? [bytesOf[dtype]] : []));
  return loop.elements * [...linear, ...outputs.map((value) => widths[value] ?? 0)].reduce((sum, width) => sum + width, 0);
}

/** The same with results that go past the caches, which they would only wash out. */
function streamed(code: ChainCode): ChainCode {
  const read = new Set(code.steps.flatMap(({ operands }) => operands));
  const isFinal = ({ result }: Step) => code.outputs.includes(result) && !read.has(result);
  return { ...code, steps: code.steps.map((step) => (isFinal(step) ? { ...step, name: streamingStep(step.name) } : step)) };
}

function inputWords({ inputs }: ChainProgram, loop: ChainLoop, registers: Registers): number[] {
  return inputs.flatMap(({ dtype }, i) => {
    const { kind, stride, outerStrides } = loop.inputs[i] as ChainLoop['inputs'][number];
    return [bytesOf[dtype], inputKinds.indexOf(kind), registers.gathers[i] as number, stride, ...outerStrides];
  });
}

/** Where registers begin, in units of 64 bytes. */
function startsOf(widths: readonly number[], capacity: number): number[] {
  let end = 0;
  return widths.map((width) => {
    const start = end;
    end += (width * capacity) / 64;
    return start;
  });
}

function stepWords({ starting, steps }: ChainCode, { slots }: Registers): number[] {
  const scalars: number[] = [];
  const words = [...starting, ...steps].flatMap((step: Step) => {
    const [a = 0, b = 0, c = 0, fourth = 0] = step.operands.map((value) => slots[value] as number);
    const first = scalars.push(...step.scalars) - step.scalars.length;
    return [stepNumber(step.name), slots[step.result] as number, a, b, c, fourth, first];
  });
  return [...words, ...scalars];
}
