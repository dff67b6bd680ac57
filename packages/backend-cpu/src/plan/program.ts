import { bytesOf, type Graph, internalError, type Lifetime, layOut, sizeOf } from '@dl/tensor/internal';
import type { Source } from './source.ts';
import type { Step } from './steps.ts';

/** What the interpreter runs; the layout of its words stands in kernels/interpreter.h. */
export interface Program {
  readonly words: Int32Array;
  readonly scratchBytes: number;
}

const places = { input: 0, output: 1, scratch: 2 } as const;
const unit = 64;

/** Gives every value and workspace its place, and writes the steps down. `kernels` are the interpreter's names, by number. */
export function programOf(source: Source, steps: readonly Step[], kernels: readonly string[]): Program {
  const memory = new ScratchPlan(source, steps);
  const values = new Map<number, number>();
  const valueWords: number[] = [];
  const numberOf = (base: number): number => {
    const known = values.get(base);
    if (known !== undefined) return known;
    valueWords.push(...placeOf(source.graph, base, memory));
    values.set(base, values.size);
    return values.size - 1;
  };
  const instructionWords = steps.flatMap((step, index) => [
    kernelNumber(kernels, step.kernel),
    step.operands.length,
    step.scalars.length,
    step.params.length,
    memory.workspaceOf(index),
    ...step.operands.map(({ base }) => (memory.isNowhere(base) ? -1 : numberOf(base))),
    ...step.scalars,
    ...step.params,
  ]);
  return { words: Int32Array.from([values.size, steps.length, ...valueWords, ...instructionWords]), scratchBytes: memory.bytes };
}

function kernelNumber(kernels: readonly string[], name: string): number {
  const number = kernels.indexOf(name);
  if (number === -1) throw internalError(`cpu: the kernels are older than the plan: there is no ${name}; build them again`);
  return number;
}

function placeOf({ values }: Graph, base: number, memory: ScratchPlan): readonly [number, number] {
  const location = values[base]?.location;
  if (location === undefined) throw internalError(`cpu: the graph has no value ${base}`);
  if (location.kind === 'scratch') return [places.scratch, memory.offsetOf(base)];
  return [places[location.kind], location.index];
}

interface Block {
  readonly key: string;
  bytes: number;
  birth: number;
  death: number;
}

/** Where scratch values and workspaces lie in the arena, in units of 64 bytes. */
class ScratchPlan {
  readonly bytes: number;
  private readonly source: Source;
  private readonly offsets: ReadonlyMap<string, number>;
  private readonly read: ReadonlySet<number>;

  constructor(source: Source, steps: readonly Step[]) {
    this.source = source;
    this.read = new Set(steps.flatMap(({ operands }) => operands.flatMap(({ base, writes }) => (writes ? [] : [base]))));
    const blocks = this.blocksOf(steps);
    const layout = layOut(blocks satisfies readonly Lifetime[]);
    this.bytes = layout.bytes;
    this.offsets = new Map(blocks.map(({ key }, i) => [key, (layout.offsets[i] as number) / unit]));
  }

  offsetOf(base: number): number {
    return this.offsets.get(`value ${base}`) ?? 0;
  }

  workspaceOf(index: number): number {
    return this.offsets.get(`workspace ${index}`) ?? -1;
  }

  /** Whether nobody reads a value, in this run or later. */
  isNowhere(base: number): boolean {
    return this.isScratch(base) && !this.read.has(base);
  }

  private isScratch(base: number): boolean {
    return this.source.graph.values[base]?.location.kind === 'scratch';
  }

  private blocksOf(steps: readonly Step[]): readonly Block[] {
    const blocks = new Map<string, Block>();
    const touch = (key: string, bytes: number, time: number): void => {
      const block = blocks.get(key);
      if (block === undefined) blocks.set(key, { key, bytes, birth: time, death: time });
      else block.death = time;
    };
    steps.forEach(({ operands, workspace }, time) => {
      for (const { base } of operands) if (this.isScratch(base) && this.read.has(base)) touch(`value ${base}`, this.bytesAt(base), time);
      if (workspace !== undefined && workspace > 0) touch(`workspace ${time}`, workspace, time);
    });
    return [...blocks.values()];
  }

  private bytesAt(base: number): number {
    const { shape, dtype } = this.source.specOf(base);
    return sizeOf(shape) * bytesOf[dtype];
  }
}
