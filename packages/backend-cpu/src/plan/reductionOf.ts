import type { PrimitiveName } from '@dl/tensor/internal';
import type { FoldName } from '../encode/reduction.ts';
import { accessOf } from './access.ts';
import { type Group, outputsOf } from './groups.ts';
import type { Source } from './source.ts';

/** A reduction that takes a chain in the place of its input. */
export interface ReductionUse {
  readonly name: FoldName;
  readonly position: number;
}

const folds: readonly FoldName[] = ['sum', 'prod', 'amax', 'amin'];

/** The reduction that is the only reader of a group's only result, if the group can wait for it. */
export function reductionOf(source: Source, group: Group): ReductionUse | null {
  const members = new Set(group.members);
  const results = [...outputsOf(source, group.members)].flatMap((base) => {
    const readers = source.readersOf(base).filter((reader) => !members.has(reader));
    return readers.length > 0 || source.isKept(base) ? [{ base, readers }] : [];
  });
  const [result] = results;
  const [position] = result?.readers ?? [];
  if (results.length !== 1 || result?.readers.length !== 1 || position === undefined || source.isKept(result.base)) return null;
  const name = foldName(source.at(position).primitive);
  return name !== null && canWait(source, group, position) ? { name, position } : null;
}

function canWait(source: Source, group: Group, position: number): boolean {
  const made = outputsOf(source, group.members);
  return group.members.every(
    (member) =>
      source.donationOf(member) === null &&
      source.at(member).inputs.every((value) => {
        const { base } = accessOf(source, value, group.shape, position);
        return made.has(base) || source.standsAt(base, position);
      }),
  );
}

function foldName(primitive: PrimitiveName): FoldName | null {
  return folds.find((name) => name === primitive) ?? null;
}
