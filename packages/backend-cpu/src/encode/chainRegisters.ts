import type { ChainCode, Step } from './chainCode.ts';
import type { ChainLoop } from './chainLoop.ts';

/** Where the values of a chain lie while a block is computed: inputs, outputs and registers are numbered in this order. */
export interface Registers {
  /** Bytes of each register for an element of a block. */
  readonly widths: readonly number[];
  /** The number of each value. */
  readonly slots: readonly number[];
  /** The number of the register of each input, -1 for one that is read where it lies. */
  readonly gathers: readonly number[];
  /** The number of the register in place of each output that the chain itself reads, should nobody else; -1 for the others. */
  readonly standIns: readonly number[];
}

/** Rows of a block's length in the register of an input that is gathered as a panel, as kernels/chainGather.h has it. */
export const panelRows = 16;

/** Gives each value a register from where it is made to where it is last read. Those that outlast a block have one to themselves. */
export function allocateRegisters(code: ChainCode, loop: ChainLoop): Registers {
  return new Allocation(code, loop).run();
}

class Allocation {
  private readonly code: ChainCode;
  private readonly loop: ChainLoop;
  private readonly lastReads: ReadonlyMap<number, number>;
  private readonly widths: number[] = [];
  /** Registers that are free again, by width. */
  private readonly free = new Map<number, number[]>();
  private readonly registerOf = new Map<number, number>();

  constructor(code: ChainCode, loop: ChainLoop) {
    this.code = code;
    this.loop = loop;
    this.lastReads = new Map(code.steps.flatMap(({ operands }, i) => operands.map((value) => [value, i] as const)));
  }

  run(): Registers {
    const { code, loop } = this;
    for (const { result } of code.starting) this.take(result);
    loop.inputs.forEach(({ kind }, i) => {
      if (kind !== 'linear') this.take(i);
    });
    code.steps.forEach((step, i) => {
      this.addStep(step, i);
    });
    const gathers = loop.inputs.map((_, i) => this.numberOf(i));
    const standIns = code.outputs.map((value) => this.numberOf(value));
    const slots = code.widths.map((_, value) => (value < loop.inputs.length ? value : this.slotOf(value)));
    return { widths: this.widths, slots, gathers, standIns };
  }

  private addStep({ operands, result }: Step, position: number): void {
    for (const value of new Set(operands)) if (this.lastReads.get(value) === position && !this.outlasts(value)) this.release(value);
    if (!this.code.outputs.includes(result) || this.lastReads.has(result)) this.take(result);
  }

  /** Whether a value's register keeps it for the next block. */
  private outlasts(value: number): boolean {
    const kind = this.loop.inputs[value]?.kind;
    return kind === undefined ? this.code.starting.some(({ result }) => result === value) : kind !== 'gathered';
  }

  private take(value: number): void {
    const width = (this.code.widths[value] as number) * (this.loop.inputs[value]?.kind === 'panel' ? panelRows : 1);
    this.registerOf.set(value, this.free.get(width)?.pop() ?? this.widths.push(width) - 1);
  }

  private release(value: number): void {
    const register = this.registerOf.get(value);
    if (register === undefined) return;
    const width = this.code.widths[value] as number;
    this.free.set(width, [...(this.free.get(width) ?? []), register]);
  }

  private numberOf(value: number): number {
    const register = this.registerOf.get(value);
    return register === undefined ? -1 : this.loop.inputs.length + this.code.outputs.length + register;
  }

  private slotOf(value: number): number {
    const output = this.code.outputs.indexOf(value);
    return output === -1 ? this.numberOf(value) : this.loop.inputs.length + output;
  }
}
