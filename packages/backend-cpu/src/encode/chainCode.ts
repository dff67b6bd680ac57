import type { DType } from '@dl/tensor';
import { bytesOf } from '@dl/tensor/internal';
import type { ChainOp, ChainProgram } from './chain.ts';
import type { ChainLoop } from './chainLoop.ts';
import { pairSteps } from './chainPairs.ts';
import { kindOf, lowered } from './chainSteps.ts';

/** One operation of kernels/chainSteps.h on values: those of the inputs count first, then those that steps make. */
export interface Step {
  readonly name: string;
  readonly operands: readonly number[];
  readonly result: number;
  readonly scalars: readonly number[];
}

/** A chain as C runs it. */
export interface ChainCode {
  /** Bytes of an element, by value. */
  readonly widths: readonly number[];
  /** What is the same everywhere. */
  readonly starting: readonly Step[];
  readonly steps: readonly Step[];
  /** The value of each output: made by a step, and by no other output's. */
  readonly outputs: readonly number[];
}

/** Writes a program down in C's operations. */
export function chainCode(program: ChainProgram, loop: ChainLoop): ChainCode {
  return new CodeWriter(program, loop).write();
}

/** Their results differ from place to place though their operands do not. */
const positional: ReadonlySet<string> = new Set(['iota', 'randomUniform', 'dropout']);

class CodeWriter {
  private readonly program: ChainProgram;
  private readonly loop: ChainLoop;
  private readonly widths: number[];
  /** The value of each input and op as int32, float32 or float64; `undefined` for what nobody needs, or not yet. */
  private readonly computed: (number | undefined)[];
  private readonly starting: Step[] = [];
  private steps: Step[] = [];
  private readonly constant = new Set<number>();

  constructor(program: ChainProgram, loop: ChainLoop) {
    this.program = program;
    this.loop = loop;
    this.widths = program.inputs.map(({ dtype }) => bytesOf[dtype]);
    this.computed = program.inputs.map(({ dtype }, i) => (bytesOf[dtype] === 1 ? undefined : i));
  }

  write(): ChainCode {
    const { inputs, ops, outputs } = this.program;
    const needed = neededOf(this.program);
    ops.forEach((op, i) => {
      this.computed.push(needed.has(inputs.length + i) ? this.addOp(op) : undefined);
    });
    const claimed = new Set<number>();
    const own = outputs.map((number) => {
      const value = this.outputValue(number, claimed);
      claimed.add(value);
      return value;
    });
    this.steps = [...pairSteps(this.steps, claimed)];
    const finals = own.map((value) => (this.mayBeInPlace(value) ? value : this.copyOf(value)));
    return { widths: this.widths, starting: this.starting, steps: this.steps, outputs: finals };
  }

  private addOp(op: ChainOp): number {
    const operands = op.operands.map((number) => this.operand(number));
    const { names, operands: ordered } = lowered(
      op,
      operands,
      op.operands.map((number) => this.dtypeOf(number)),
    );
    const isConstant = !positional.has(op.primitive) && operands.every((value) => this.constant.has(value));
    let values = ordered;
    names.forEach((name, i) => {
      const width = kindOf(op.dtype) === 'Doubles' ? 8 : 4;
      values = [this.add(name, values, width, i === 0 ? op.scalars : [], isConstant)];
    });
    return values[0] as number;
  }

  private add(name: string, operands: readonly number[], width: number, scalars: readonly number[] = [], isConstant = false): number {
    const result = this.widths.push(width) - 1;
    (isConstant ? this.starting : this.steps).push({ name, operands, result, scalars });
    if (isConstant) this.constant.add(result);
    return result;
  }

  /** The value of an input or op to compute with: bytes are widened where they are first needed. */
  private operand(number: number): number {
    const known = this.computed[number];
    if (known !== undefined) return known;
    const wide = this.add('widenBytes', [number], 4);
    this.computed[number] = wide;
    return wide;
  }

  /** A value that can be stored as it is, and only in this place. */
  private outputValue(number: number, claimed: ReadonlySet<number>): number {
    const isInput = number < this.program.inputs.length;
    if (!isInput && bytesOf[this.dtypeOf(number)] === 1) return this.add('narrowBytes', [this.operand(number)], 1);
    const value = isInput ? number : this.operand(number);
    const isOwn = value >= this.program.inputs.length && !this.constant.has(value) && !claimed.has(value);
    return isOwn ? value : this.copyOf(value);
  }

  /** Whether a step may write to memory at once that may be an input's: no later one reads an input of such elements there. */
  private mayBeInPlace(value: number): boolean {
    const made = this.steps.findIndex(({ result }) => result === value);
    const mayBeSame = (operand: number) => this.loop.inputs[operand]?.kind === 'linear' && this.widths[operand] === this.widths[value];
    return !this.steps.slice(made + 1).some(({ operands }) => operands.some(mayBeSame));
  }

  private copyOf(value: number): number {
    const width = this.widths[value] as number;
    return this.add(width === 1 ? 'copyBytes' : width === 4 ? 'copyWords' : 'copyDoubles', [value], width);
  }

  private dtypeOf(number: number): DType {
    const { inputs, ops } = this.program;
    return (inputs[number] ?? ops[number - inputs.length])?.dtype ?? 'float32';
  }
}

/** The inputs and ops that the outputs depend on. */
function neededOf({ inputs, ops, outputs }: ChainProgram): ReadonlySet<number> {
  const needed = new Set(outputs);
  for (let i = ops.length - 1; i >= 0; i--) {
    if (needed.has(inputs.length + i)) for (const operand of ops[i]?.operands ?? []) needed.add(operand);
  }
  return needed;
}
