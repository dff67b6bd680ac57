import type { TensorSpec } from '@dl/tensor';
import { type Graph, type Instruction, internalError, type OutputBuffer, views } from '@dl/tensor/internal';

/**
 * A graph as planning needs it. Instructions are named by their positions in the running order, values by their bases:
 * a view has the elements of another value, and no place of its own.
 */
export class Source {
  readonly graph: Graph;
  /** For each value the one whose elements it has. */
  readonly bases: readonly number[];
  /** For each value the position of the instruction that makes it; absent for inputs. */
  readonly writers: ReadonlyMap<number, number>;
  private readonly readerLists: ReadonlyMap<number, readonly number[]>;
  private readonly overwritten: ReadonlyMap<number, number>;

  constructor(graph: Graph) {
    this.graph = graph;
    this.bases = basesOf(graph);
    this.writers = new Map(graph.instructions.flatMap(({ outputs }, position) => outputs.map((output) => [output, position])));
    this.readerLists = readersOf(graph, this.bases);
    this.overwritten = overwritesOf(graph, this.writers);
  }

  at(position: number): Instruction {
    const instruction = this.graph.instructions[position];
    if (instruction === undefined) throw internalError(`cpu: the graph has no instruction ${position}`);
    return instruction;
  }

  specOf(value: number): TensorSpec {
    const found = this.graph.values[value];
    if (found === undefined) throw internalError(`cpu: the graph has no value ${value}`);
    return found.spec;
  }

  baseOf(value: number): number {
    return this.bases[value] ?? value;
  }

  /** Positions of the instructions that read a base's elements, ascending. Views read nothing. */
  readersOf(base: number): readonly number[] {
    return this.readerLists.get(base) ?? none;
  }

  /** Whether a base's elements outlive the run. */
  isKept(base: number): boolean {
    return this.graph.values[base]?.location.kind === 'output';
  }

  /** The output buffer that an instruction fills in the memory of one of the run's inputs. */
  donationOf(position: number): OutputBuffer | null {
    for (const output of this.at(position).outputs) {
      const location = this.graph.values[output]?.location;
      const buffer = location?.kind === 'output' ? this.graph.outputs[location.index] : undefined;
      if (buffer !== undefined && buffer.donated !== null) return buffer;
    }
    return null;
  }

  /** Whether a base still has its elements when position `position` runs: an update may have overwritten them. */
  standsAt(base: number, position: number): boolean {
    const location = this.graph.values[base]?.location;
    return location?.kind !== 'input' || (this.overwritten.get(location.index) ?? Number.POSITIVE_INFINITY) > position;
  }
}

const none: readonly never[] = [];

function basesOf({ values, instructions }: Graph): number[] {
  const bases = values.map((_, value) => value);
  for (const { primitive, inputs, outputs } of instructions) {
    if (views.has(primitive)) bases[outputs[0] as number] = bases[inputs[0] as number] as number;
  }
  return bases;
}

function readersOf({ instructions }: Graph, bases: readonly number[]): ReadonlyMap<number, readonly number[]> {
  const readers = new Map<number, number[]>();
  instructions.forEach(({ primitive, inputs }, position) => {
    if (views.has(primitive)) return;
    for (const base of new Set(inputs.map((input) => bases[input] as number))) {
      const list = readers.get(base);
      if (list === undefined) readers.set(base, [position]);
      else list.push(position);
    }
  });
  return readers;
}

/** Input of the run → position of the instruction that overwrites it. */
function overwritesOf({ values, outputs, instructions }: Graph, writers: ReadonlyMap<number, number>): ReadonlyMap<number, number> {
  const overwritten = new Map<number, number>();
  values.forEach(({ location }, value) => {
    const donated = location.kind === 'output' ? outputs[location.index]?.donated : null;
    const writer = writers.get(value);
    const writes = writer !== undefined && !views.has((instructions[writer] as Instruction).primitive);
    if (donated !== null && donated !== undefined && writes) overwritten.set(donated, writer);
  });
  return overwritten;
}
