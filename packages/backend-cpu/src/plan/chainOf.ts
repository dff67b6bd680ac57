import type { ChainProgram } from '../encode/chain.ts';
import { type Access, accessOf } from './access.ts';
import { type Group, isConstantBase, outputsOf, readsOf } from './groups.ts';
import type { Source } from './source.ts';

/** A group as one program, with the bases that its operands are. */
export interface BoundChain {
  readonly program: ChainProgram;
  readonly reads: readonly number[];
  readonly writes: readonly number[];
  /** Slots of the run's block, in the order in which the program counts its scalars. */
  readonly scalars: readonly number[];
}

type ChainOp = ChainProgram['ops'][number];

/** Writes down what a group computes: inputs, operations, and the results that somebody reads. */
export function chainOf(source: Source, group: Group): BoundChain {
  return new ChainBuilder(source, group).build();
}

class ChainBuilder {
  private readonly source: Source;
  private readonly group: Group;
  private readonly position: number;
  private readonly inputs: readonly Access[];
  /** By `inputKey`. */
  private readonly inputNumbers: ReadonlyMap<string, number>;
  private readonly resultOf = new Map<number, number>();
  private readonly ops: ChainOp[] = [];
  private readonly scalars: number[] = [];

  constructor(source: Source, group: Group) {
    this.source = source;
    this.group = group;
    this.position = group.members.at(-1) ?? 0;
    const unique = new Map(readsOf(source, group).map((access) => [inputKey(access), access]));
    this.inputs = [...unique.values()];
    this.inputNumbers = new Map([...unique.keys()].map((key, i) => [key, i]));
  }

  build(): BoundChain {
    for (const member of this.group.members) this.addMember(member);
    const writes = [...outputsOf(this.source, this.group.members)].filter((base) => this.isWanted(base));
    return {
      program: {
        shape: this.group.shape,
        inputs: this.inputs.map(({ base, strides }) => ({ dtype: this.source.specOf(base).dtype, strides })),
        ops: this.ops,
        outputs: writes.map((base) => this.resultOf.get(base) as number),
      },
      reads: this.inputs.map(({ base }) => base),
      writes,
      scalars: this.scalars,
    };
  }

  private addMember(member: number): void {
    const { inputs, outputs } = this.source.at(member);
    const operands = inputs.map((value) => this.operandOf(value));
    this.resultOf.set(outputs[0] as number, this.addOp(member, operands));
  }

  private operandOf(value: number): number {
    const access = accessOf(this.source, value, this.group.shape, this.position);
    const known = this.resultOf.get(access.base) ?? this.inputNumbers.get(inputKey(access));
    if (known !== undefined || !isConstantBase(this.source, access.base)) return known as number;
    const constant = this.addOp(this.source.writers.get(access.base) as number, []);
    this.resultOf.set(access.base, constant);
    return constant;
  }

  private addOp(position: number, operands: readonly number[]): number {
    const { primitive, params, outputs, scalars } = this.source.at(position);
    const first = this.scalars.push(...scalars) - scalars.length;
    const op = {
      primitive: primitive as ChainOp['primitive'],
      params,
      operands,
      dtype: this.source.specOf(outputs[0] as number).dtype,
      scalars: scalars.map((_, i) => first + i),
    };
    return this.inputs.length + this.ops.push(op) - 1;
  }

  private isWanted(base: number): boolean {
    return this.source.isKept(base) || this.source.readersOf(base).some((reader) => !this.group.members.includes(reader));
  }
}

function inputKey({ base, strides }: Access): string {
  return `${base}:${strides.join()}`;
}
