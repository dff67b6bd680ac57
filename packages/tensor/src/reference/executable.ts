import type { Backend, Buffer, Executable, ScalarBlock } from '../backend.ts';
import { type TypedArray, viewOf } from '../dtype.ts';
import type { Graph, GraphValue, Instruction } from '../graph/graph.ts';
import type { Operand } from '../primitives/tables.ts';
import { sizeOf, type TensorSpec } from '../shape.ts';
import type { Arena } from './arena.ts';
import { elementsOf, ReferenceBuffer } from './buffer.ts';
import { referenceKernels } from './index.ts';
import type { Pool } from './pool.ts';

type MutableOperand = { -readonly [K in keyof Operand]: Operand[K] };

/** An instruction with its operands bound: their `data` changes from run to run, their shapes do not. */
interface BoundInstruction {
  readonly kernel: (outputs: readonly Operand[], inputs: readonly Operand[], params: object, scalars: readonly number[]) => void;
  readonly outputs: readonly Operand[];
  readonly inputs: readonly Operand[];
  readonly params: object;
  readonly slots: readonly number[];
  readonly scalars: number[];
}

const done = Promise.resolve();

/** Runs a graph's instructions one after the other. */
export class ReferenceExecutable implements Executable {
  private readonly graph: Graph;
  private readonly backend: Backend;
  private readonly arena: Arena;
  private readonly pool: Pool;
  private readonly operands: readonly MutableOperand[];
  /** Values that an instruction reads or writes: others, left over from passes, have no place. */
  private readonly used: readonly number[];
  private readonly instructions: readonly BoundInstruction[];
  private boundTo: ArrayBuffer | null = null;

  constructor(graph: Graph, backend: Backend, arena: Arena, pool: Pool) {
    this.graph = graph;
    this.backend = backend;
    this.arena = arena;
    this.pool = pool;
    const nowhere = viewOf('uint8', new ArrayBuffer(0), 0, 0);
    this.operands = graph.values.map(({ spec }) => ({ data: nowhere, shape: spec.shape }));
    this.used = [...new Set(graph.instructions.flatMap(({ inputs, outputs }) => [...inputs, ...outputs]))];
    this.instructions = graph.instructions.map((instruction) => this.bind(instruction));
  }

  run(inputs: readonly Buffer[], scalars: ScalarBlock): { outputs: readonly Buffer[]; done: Promise<void> } {
    this.bindScratch();
    const inputArrays = inputs.map(elementsOf);
    const outputArrays = this.graph.outputs.map(({ spec, donated }) =>
      donated === null ? this.pool.take(spec) : (inputArrays[donated] as TypedArray),
    );
    this.bindEnds(inputArrays, outputArrays);
    for (const instruction of this.instructions) execute(instruction, scalars);
    const outputs = this.graph.outputs.map(({ spec, donated }, i) =>
      this.output(spec, donated === null ? null : inputs[donated], outputArrays[i] as TypedArray),
    );
    return { outputs, done };
  }

  release(): void {
    this.boundTo = null;
  }

  private output(spec: TensorSpec, donor: Buffer | null | undefined, data: TypedArray): Buffer {
    return donor ?? new ReferenceBuffer(this.backend, spec, data);
  }

  private bind({ primitive, params, inputs, outputs, scalars }: Instruction): BoundInstruction {
    const operandsOf = (values: readonly number[]) => values.map((value) => this.operands[value] as Operand);
    return {
      // The kernel is of this very primitive, so operands, params and scalars fit; the compiler cannot follow the correlation.
      kernel: referenceKernels[primitive] as BoundInstruction['kernel'],
      outputs: operandsOf(outputs),
      inputs: operandsOf(inputs),
      params,
      slots: scalars,
      scalars: scalars.map(() => 0),
    };
  }

  /** Scratch operands point into the arena until it grows. */
  private bindScratch(): void {
    this.arena.reserve(this.graph.scratchBytes);
    const { buffer } = this.arena;
    if (this.boundTo === buffer) return;
    this.boundTo = buffer;
    this.forEachValue((operand, { spec, location }) => {
      if (location.kind === 'scratch') operand.data = viewOf(spec.dtype, buffer, location.offset, sizeOf(spec.shape));
    });
  }

  private bindEnds(inputs: readonly TypedArray[], outputs: readonly TypedArray[]): void {
    this.forEachValue((operand, { location }) => {
      if (location.kind === 'input') operand.data = inputs[location.index] as TypedArray;
      else if (location.kind === 'output') operand.data = outputs[location.index] as TypedArray;
    });
  }

  private forEachValue(visit: (operand: MutableOperand, value: GraphValue) => void): void {
    for (const i of this.used) visit(this.operands[i] as MutableOperand, this.graph.values[i] as GraphValue);
  }
}

function execute({ kernel, outputs, inputs, params, slots, scalars }: BoundInstruction, block: ScalarBlock): void {
  for (let i = 0; i < slots.length; i++) scalars[i] = block[slots[i] as number] as number;
  kernel(outputs, inputs, params, scalars);
}
