import type { Shape } from '@dl/tensor';
import { type Instruction, sameShape, views } from '@dl/tensor/internal';
import { isChainPrimitive } from '../encode/chain.ts';
import { type Access, accessOf, isLinear, isReadThrough } from './access.ts';
import type { Source } from './source.ts';

/** Elementwise instructions that run as one loop, at the position of the last of them. */
export interface Group {
  readonly shape: Shape;
  /** Positions, ascending. */
  readonly members: readonly number[];
}

/** More would not fit the registers of a chain. */
const mostMembers = 24;
const mostInputs = 12;

/**
 * Which elementwise instructions run together. An instruction joins the groups that make its inputs, if nobody else reads what
 * they make before it, and what they read still stands when it runs. Constants join whoever reads them.
 */
export function groupElementwise(source: Source): readonly Group[] {
  return new Grouping(source).groups();
}

/** Whether an instruction only says a number: each chain that reads it has it as an operand. */
function isConstant(instruction: Instruction): boolean {
  return instruction.inputs.length === 0 && instruction.scalars.length === 1;
}

/** What a group reads from memory: inputs of its members that none of them makes. Constants are no reads. */
export function readsOf(source: Source, { shape, members }: Group): Access[] {
  const position = members.at(-1) ?? 0;
  const made = outputsOf(source, members);
  return members.flatMap((member) =>
    source.at(member).inputs.flatMap((value) => {
      const access = accessOf(source, value, shape, position);
      return made.has(access.base) || isConstantBase(source, access.base) ? [] : [access];
    }),
  );
}

/** The outputs of some instructions. */
export function outputsOf(source: Source, members: readonly number[]): ReadonlySet<number> {
  return new Set(members.flatMap((member) => source.at(member).outputs));
}

/** Whether a base is made by a constant. */
export function isConstantBase(source: Source, base: number): boolean {
  const writer = source.writers.get(base);
  return writer !== undefined && isConstant(source.at(writer));
}

class Grouping {
  private readonly source: Source;
  /** The group of each member; all members of a group share one object. */
  private readonly groupOf = new Map<number, Group>();

  constructor(source: Source) {
    this.source = source;
  }

  groups(): readonly Group[] {
    this.source.graph.instructions.forEach((instruction, position) => {
      if (!isElementwise(instruction)) return;
      this.place({ shape: this.shapeOf(position), members: [position] });
      if (this.source.donationOf(position) === null) this.joinProducers(position);
    });
    return [...new Set(this.groupOf.values())];
  }

  private joinProducers(position: number): void {
    for (const value of this.source.at(position).inputs) {
      const own = this.groupOf.get(position) as Group;
      const producer = this.groupOf.get(this.source.writers.get(this.source.baseOf(value)) ?? -1);
      if (producer === undefined || producer === own) continue;
      const joined: Group = { shape: own.shape, members: [...producer.members, ...own.members].sort((a, b) => a - b) };
      if (sameShape(producer.shape, own.shape) && this.mayRun(joined, position)) this.place(joined);
    }
  }

  /** Whether all members may wait for the last one. */
  private mayRun(group: Group, position: number): boolean {
    const { source } = this;
    if (group.members.length > mostMembers || group.members.some((member) => source.donationOf(member) !== null)) return false;
    const members = new Set(group.members);
    const made = outputsOf(source, group.members);
    const unread = [...made].every((base) => source.readersOf(base).every((reader) => members.has(reader) || reader > position));
    return unread && this.readsStand(group, made, position) && this.inputCount(group) <= mostInputs;
  }

  private readsStand(group: Group, made: ReadonlySet<number>, position: number): boolean {
    return group.members.every((member) =>
      this.source.at(member).inputs.every((value) => {
        const access = accessOf(this.source, value, group.shape, position);
        return made.has(access.base) ? isLinear(access, group.shape) : this.source.standsAt(access.base, position);
      }),
    );
  }

  private inputCount(group: Group): number {
    return new Set(readsOf(this.source, group).map(({ base, strides }) => `${base}:${strides}`)).size;
  }

  private shapeOf(position: number): Shape {
    return this.source.specOf(this.source.at(position).outputs[0] as number).shape;
  }

  private place(group: Group): void {
    for (const member of group.members) this.groupOf.set(member, group);
  }
}

function isElementwise(instruction: Instruction): boolean {
  const { primitive } = instruction;
  return isChainPrimitive(primitive) && !views.has(primitive) && !isReadThrough(instruction) && !isConstant(instruction);
}
