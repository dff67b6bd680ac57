import { type Instruction, sizeOf, views } from '@dl/tensor/internal';
import { encodeChain } from '../encode/chain.ts';
import type { Encoding } from '../encode/encoding.ts';
import { encode, takesChain } from '../encode/index.ts';
import { reductionEncoding } from '../encode/reduction.ts';
import { accessOf, isLinear } from './access.ts';
import { type BoundChain, chainOf } from './chainOf.ts';
import { isFallible } from './fallible.ts';
import { type Group, groupElementwise } from './groups.ts';
import { type ReductionUse, reductionOf } from './reductionOf.ts';
import type { Source } from './source.ts';

/** A base that a step reads or writes. */
interface Operand {
  readonly base: number;
  readonly writes: boolean;
}

/** One call of a kernel. */
export interface Step extends Encoding {
  /** The instruction that errors and profiles name it by. */
  readonly position: number;
  /** All instructions that it runs. */
  readonly members: readonly number[];
  readonly operands: readonly Operand[];
  /** Slots of the run's block. */
  readonly scalars: readonly number[];
}

/** The calls that run a graph: elementwise instructions in groups, behind the matrix product that feeds them or before the reduction that they feed. */
export function stepsOf(source: Source): readonly Step[] {
  const groups = groupElementwise(source).map((group) => withPartner(source, group));
  const runAt = new Map(groups.map((group) => [group.position, group]));
  const elsewhere = new Set(groups.flatMap(({ group, main }) => [...group.members, ...(main === null ? [] : [main])]));
  const steps = source.graph.instructions.flatMap((instruction, position): Step[] => {
    const found = runAt.get(position);
    if (found !== undefined) return groupSteps(source, found);
    if (elsewhere.has(position) || views.has(instruction.primitive)) return [];
    return [plainStep(source, instruction, position)];
  });
  return withoutUnread(source, steps);
}

/** A group with the instruction whose kernel runs it, if one does, and the position at which all of it runs. */
interface PlacedGroup {
  readonly group: Group;
  readonly position: number;
  /** What makes an input of the group, and runs the group behind it. */
  readonly main: number | null;
  /** What reads the group's only result, and runs the group before it. */
  readonly reduction: ReductionUse | null;
}

function withPartner(source: Source, group: Group): PlacedGroup {
  const position = group.members.at(-1) as number;
  const main = mainOf(source, group, position);
  const reduction = main === null ? reductionOf(source, group) : null;
  return { group, position: reduction?.position ?? position, main, reduction };
}

/** The instruction in whose kernel a group can run: it makes an input of the group, and can wait until the group runs. */
function mainOf(source: Source, group: Group, position: number): number | null {
  const members = new Set(group.members);
  for (const value of group.members.flatMap((member) => source.at(member).inputs)) {
    const access = accessOf(source, value, group.shape, position);
    const writer = source.writers.get(access.base);
    if (writer === undefined || members.has(writer) || !canCarry(source, writer, group, position)) continue;
    if (isLinear(access, group.shape) && allReadsAre(source, group, access.base, position)) return writer;
  }
  return null;
}

function canCarry(source: Source, writer: number, group: Group, position: number): boolean {
  const { primitive, inputs, outputs } = source.at(writer);
  const [output] = outputs;
  if (
    output === undefined ||
    !takesChain.has(primitive) ||
    isFallible(source, writer) ||
    source.donationOf(position) !== null ||
    source.donationOf(writer) !== null
  )
    return false;
  const { shape, dtype } = source.specOf(output);
  const waits = source.readersOf(output).every((reader) => group.members.includes(reader) || reader > position);
  const stands = inputs.every((input) => source.standsAt(source.baseOf(input), position));
  return dtype === 'float32' && sizeOf(shape) === sizeOf(group.shape) && waits && stands;
}

/** Whether every read of a base by a group goes through its elements in order. */
function allReadsAre(source: Source, group: Group, base: number, position: number): boolean {
  return group.members.every((member) =>
    source.at(member).inputs.every((value) => {
      const access = accessOf(source, value, group.shape, position);
      return access.base !== base || isLinear(access, group.shape);
    }),
  );
}

function groupSteps(source: Source, { group, position, main, reduction }: PlacedGroup): Step[] {
  const chain = chainOf(source, group);
  if (chain.writes.length === 0) return [];
  if (reduction !== null) return [reducedStep(source, group, chain, reduction)];
  if (main !== null) return [carriedStep(source, group, chain, main)];
  return [
    {
      kernel: 'chain',
      params: encodeChain(chain.program),
      position,
      members: group.members,
      operands: [...reading(chain.reads), ...writing(chain.writes)],
      scalars: chain.scalars,
    },
  ];
}

/** A matrix product with a chain behind it. What it makes goes where the chain's first result goes, unless somebody else reads it. */
function carriedStep(source: Source, group: Group, chain: BoundChain, main: number): Step {
  const instruction = source.at(main);
  const own = instruction.outputs[0] as number;
  const isRead = source.isKept(own) || source.readersOf(own).some((reader) => !group.members.includes(reader));
  const place = isRead ? own : (chain.writes.find((base) => source.specOf(base).dtype === 'float32') ?? own);
  const encoding = encodingOf(source, instruction);
  const reads = chain.reads.map((base) => ({ base: base === own ? place : base, writes: false }));
  return {
    ...encoding,
    params: [...encoding.params.slice(0, -1), 1, ...encodeChain(chain.program)],
    position: main,
    members: [main, ...group.members],
    operands: [...readingInputs(source, instruction), { base: place, writes: true }, ...reads, ...writing(chain.writes)],
    scalars: [...instruction.scalars, ...chain.scalars],
  };
}

/** A chain and the reduction of its result, which nobody ever sees. */
function reducedStep(source: Source, group: Group, chain: BoundChain, { name, position }: ReductionUse): Step {
  const { inputs, outputs, params } = source.at(position);
  const dims = 'dims' in params ? (params.dims as readonly number[]) : [];
  const reduced = { inputs: chain.reads.length, params: encodeChain(chain.program) };
  return {
    ...reductionEncoding(name, source.specOf(inputs[0] as number), dims, reduced),
    position,
    members: [...group.members, position],
    operands: [...reading(chain.reads), ...writing(outputs)],
    scalars: chain.scalars,
  };
}

function plainStep(source: Source, instruction: Instruction, position: number): Step {
  return {
    ...encodingOf(source, instruction),
    position,
    members: [position],
    operands: [...readingInputs(source, instruction), ...writing(instruction.outputs)],
    scalars: instruction.scalars,
  };
}

function encodingOf(source: Source, { primitive, params, inputs, outputs }: Instruction): Encoding {
  const specsOf = (values: readonly number[]) => values.map((value) => source.specOf(value));
  return encode(primitive, { inputs: specsOf(inputs), outputs: specsOf(outputs), params });
}

function readingInputs(source: Source, { inputs }: Instruction): Operand[] {
  return reading(inputs.map((value) => source.baseOf(value)));
}

function reading(bases: readonly number[]): Operand[] {
  return bases.map((base) => ({ base, writes: false }));
}

function writing(bases: readonly number[]): Operand[] {
  return bases.map((base) => ({ base, writes: true }));
}

/** Leaves out steps that nobody needs: constants and movements that every reader reads through. */
function withoutUnread(source: Source, steps: readonly Step[]): readonly Step[] {
  const read = new Set<number>();
  return steps
    .toReversed()
    .filter(({ operands }) => {
      const needed = operands.some(({ base, writes }) => writes && (source.isKept(base) || read.has(base)));
      if (needed) for (const { base, writes } of operands) if (!writes) read.add(base);
      return needed;
    })
    .reverse();
}
