import type { TensorSpec } from '@dl/tensor';
import {
  type Graph,
  type IndexCheck,
  type Instruction,
  indexCheckOf,
  internalError,
  type PrimitiveName,
  sizeOf,
  views,
} from '@dl/tensor/internal';
import type { Elements } from './gpujs.ts';
import { fillLaunch } from './kernels/creation.ts';
import { kernels } from './kernels/index.ts';
import { invalidIndices } from './kernels/indexing.ts';
import type { FillLaunch, HostLaunch, KernelLaunch, KernelRule, Launch, Place, RunNumber, SameLaunch, SiteInput } from './kernels/table.ts';

/** A number that a step takes, out of the run's block. */
export type BlockNumber = number | ((block: Float64Array) => number);

/** A kernel call between slots. */
export interface KernelStep {
  readonly kind: 'kernel';
  readonly launch: KernelLaunch;
  readonly arrays: readonly number[];
  readonly numbers: readonly BlockNumber[];
  readonly target: number;
}

/** Elements from the host. */
interface HostStep {
  readonly kind: 'host';
  readonly elements: (block: Float64Array) => Elements;
  readonly target: number;
}

/** Indices that the device has computed, or whose range nobody knows: counted where they are out of range. */
export interface CheckStep {
  readonly kind: 'check';
  readonly primitive: PrimitiveName;
  readonly check: IndexCheck;
  readonly launch: KernelLaunch;
  readonly indices: number;
  /** The run's input of which all indices are elements; its range may settle the matter. */
  readonly source: number | null;
}

/** Nothing before it may fail after it: updates follow. */
interface VerifyStep {
  readonly kind: 'verify';
}

export type Step = KernelStep | HostStep | CheckStep | VerifyStep;

/** Steps over slots. The first slots are the run's inputs; every other slot is written once. */
export interface Plan {
  readonly steps: readonly Step[];
  /** For each step, the slots that nobody reads after it. */
  readonly dead: readonly (readonly number[])[];
  readonly slotCount: number;
  /** Inputs that some step reads, or that are handed back. */
  readonly usedInputs: readonly number[];
  /** The slot of each output. */
  readonly outputs: readonly number[];
}

/** Turns a graph into launches. */
export function planOf(graph: Graph): Plan {
  const planner = new Planner(graph);
  for (const instruction of graph.instructions) planner.add(instruction);
  return planner.finish();
}

/** Every element of the output is one of the first input's: a range that holds for this one holds for that one too. */
const carriesElements: ReadonlySet<PrimitiveName> = new Set<PrimitiveName>([...views, 'expand', 'permute', 'slice']);

/** Up to here an upload is cheaper than a kernel. */
const uploadedFill = 1024;

class Planner {
  private readonly graph: Graph;
  private steps: Step[] = [];
  private slotCount: number;
  private readonly slotOfValue: number[] = [];
  /** Slots that hold one number everywhere. */
  private readonly constants = new Map<number, BlockNumber>();
  /** Slots whose elements all are elements of a run's input. */
  private readonly sources = new Map<number, number>();

  constructor(graph: Graph) {
    this.graph = graph;
    this.slotCount = graph.inputs.length;
    graph.values.forEach(({ location }, value) => {
      if (location.kind === 'input') this.slotOfValue[value] = location.index;
    });
    graph.inputs.forEach((_, i) => {
      this.sources.set(i, i);
    });
  }

  add(instruction: Instruction): void {
    const { primitive, inputs, outputs } = instruction;
    const first = inputs[0] === undefined ? undefined : this.slotOfValue[inputs[0]];
    if (views.has(primitive) && first !== undefined) {
      this.slotOfValue[outputs[0] as number] = first;
      return;
    }
    this.addCheck(instruction);
    const launches = this.launchesOf(instruction);
    for (const output of outputs) this.slotOfValue[output] = this.slotCount++;
    const binding = this.bindingOf(instruction);
    for (const launch of launches) {
      if ('same' in launch) this.slotOfValue[outputs[launch.target.index] as number] = binding.slotOf(launch.same);
      else this.addLaunch(launch, binding);
    }
    const source = first === undefined ? undefined : this.sources.get(first);
    if (carriesElements.has(primitive) && source !== undefined) this.sources.set(this.slotOfValue[outputs[0] as number] as number, source);
  }

  finish(): Plan {
    const outputs = this.graph.outputs.map((_, i) => this.slotOfOutput(i));
    this.dropUnread(outputs);
    this.insertVerification(outputs);
    const { dead, used } = lifetimes(this.steps, outputs);
    const usedInputs = this.graph.inputs.map((_, i) => i).filter((i) => used.has(i));
    return { steps: this.steps, dead, slotCount: this.slotCount, usedInputs, outputs };
  }

  private launchesOf({ primitive, params, inputs, outputs }: Instruction): readonly Launch[] {
    const rule = kernels[primitive];
    if (rule === 'decomposed') throw internalError(`gpu: ${primitive} should have been decomposed`);
    const site = {
      inputs: inputs.map(
        (value): SiteInput => ({ ...this.specOf(value), constant: this.constants.has(this.slotOfValue[value] as number) }),
      ),
      outputs: outputs.map((value) => this.specOf(value)),
      params,
    };
    // The rule is of this very primitive, so the site fits; the compiler cannot follow the correlation.
    return (rule as KernelRule<PrimitiveName>)(site as never);
  }

  private specOf(value: number): TensorSpec {
    const found = this.graph.values[value];
    if (found === undefined) throw internalError(`gpu: the graph has no value ${value}`);
    return found.spec;
  }

  /** How the launches of an instruction name slots and numbers. */
  private bindingOf({ inputs, outputs, scalars }: Instruction): Binding {
    const temporaries = new Map<number, number>();
    const slotOf = ({ kind, index }: Place): number => {
      if (kind !== 'temporary') return this.slotOfValue[(kind === 'input' ? inputs : outputs)[index] as number] as number;
      const slot = temporaries.get(index) ?? this.slotCount++;
      temporaries.set(index, slot);
      return slot;
    };
    const read = (block: Float64Array) => scalars.map((slot) => block[slot] as number);
    const numberOf = (number: RunNumber): BlockNumber => {
      if (typeof number === 'number') return number;
      if (typeof number === 'function') return (block) => number(read(block));
      return this.constants.get(slotOf({ kind: 'input', index: number.constantInput })) as BlockNumber;
    };
    return { slotOf, numberOf, read };
  }

  private addLaunch(launch: Exclude<Launch, SameLaunch>, binding: Binding): void {
    const target = binding.slotOf(launch.target);
    if (launch.size === 0) this.steps.push({ kind: 'host', elements: () => new Float32Array(0), target });
    else if ('fill' in launch) this.addFill(launch, target, binding);
    else if ('host' in launch) this.steps.push(hostStep(launch, target, binding));
    else this.steps.push(kernelStep(launch, target, binding));
  }

  private addFill({ fill, size }: FillLaunch, target: number, { numberOf }: Binding): void {
    const value = numberOf(fill);
    this.constants.set(target, value);
    if (size > uploadedFill) this.steps.push({ kind: 'kernel', launch: fillLaunch(size), arrays: [], numbers: [value], target });
    else this.steps.push({ kind: 'host', elements: (block) => new Float32Array(size).fill(numberIn(value, block)), target });
  }

  private addCheck({ primitive, params, inputs }: Instruction): void {
    const check = indexCheckOf(
      primitive,
      inputs.map((value) => this.specOf(value)),
      params,
    );
    if (check === null) return;
    const value = inputs[check.input] as number;
    const size = sizeOf(this.specOf(value).shape);
    if (size === 0) return;
    const indices = this.slotOfValue[value] as number;
    this.steps.push({
      kind: 'check',
      primitive,
      check,
      launch: invalidIndices(size, check),
      indices,
      source: this.sources.get(indices) ?? null,
    });
  }

  private slotOfOutput(output: number): number {
    const value = this.graph.values.findIndex(({ location }) => location.kind === 'output' && location.index === output);
    const slot = this.slotOfValue[value];
    if (slot === undefined) throw internalError(`gpu: nothing writes output ${output}`);
    return slot;
  }

  /** Constants that went into kernels as numbers, and other steps whose result nobody reads. */
  private dropUnread(outputs: readonly number[]): void {
    const needed = new Set(outputs);
    this.steps = this.steps
      .toReversed()
      .filter((step) => {
        const kept = !('target' in step) || needed.has(step.target);
        if (kept) for (const slot of readsOf(step)) needed.add(slot);
        return kept;
      })
      .reverse();
  }

  /** Before the first step that replaces a donated input. */
  private insertVerification(outputs: readonly number[]): void {
    const donated = new Set(outputs.filter((_, i) => this.graph.outputs[i]?.donated !== null));
    const first = this.steps.findIndex((step) => 'target' in step && donated.has(step.target));
    this.steps.splice(first === -1 ? this.steps.length : first, 0, { kind: 'verify' });
  }
}

interface Binding {
  readonly slotOf: (place: Place) => number;
  readonly numberOf: (number: RunNumber) => BlockNumber;
  readonly read: (block: Float64Array) => number[];
}

/** The value of a number in a run. */
export function numberIn(number: BlockNumber, block: Float64Array): number {
  return typeof number === 'number' ? number : number(block);
}

function kernelStep(launch: KernelLaunch, target: number, { slotOf, numberOf }: Binding): KernelStep {
  return { kind: 'kernel', launch, arrays: launch.arrays.map(slotOf), numbers: launch.numbers.map(numberOf), target };
}

function hostStep({ host }: HostLaunch, target: number, { read }: Binding): HostStep {
  return { kind: 'host', elements: (block) => host(read(block)), target };
}

function readsOf(step: Step): readonly number[] {
  if (step.kind === 'kernel') return step.arrays;
  return step.kind === 'check' ? [step.indices] : [];
}

/** For each step the slots that die with it; and all slots that live at all. */
function lifetimes(
  steps: readonly Step[],
  outputs: readonly number[],
): { readonly dead: readonly (readonly number[])[]; readonly used: ReadonlySet<number> } {
  const kept = new Set(outputs);
  const met = new Set(outputs);
  const dead = steps.map(() => [] as number[]);
  for (let i = steps.length - 1; i >= 0; i--) {
    const step = steps[i] as Step;
    for (const slot of readsOf(step)) {
      if (!met.has(slot) && !kept.has(slot)) dead[i]?.push(slot);
      met.add(slot);
    }
  }
  return { dead, used: met };
}
