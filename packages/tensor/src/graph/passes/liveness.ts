import { bytesOf } from '../../dtype.ts';
import { sizeOf } from '../../shape.ts';
import type { Draft, DraftInstruction } from '../draft.ts';
import { type Lifetime, layOut } from './layout.ts';
import type { Placement } from './placement.ts';

/** Offsets of the scratch blocks in the arena, and how large it must be. */
export interface ScratchLayout {
  /** By the block's index in the placement. */
  readonly offsets: readonly number[];
  readonly bytes: number;
}

/** Gives each scratch block the lowest offset that is free from its first write to its last read. */
export function layOutScratch(draft: Draft, order: readonly DraftInstruction[], placement: Placement): ScratchLayout {
  const blocks = [...lifetimes(draft, order, placement)];
  const layout = layOut(blocks.map(([, lifetime]) => lifetime));
  const offsets: number[] = [];
  blocks.forEach(([index], i) => {
    offsets[index] = layout.offsets[i] as number;
  });
  return { offsets, bytes: layout.bytes };
}

/** Of each scratch block, in the order of their first writes. */
function lifetimes(draft: Draft, order: readonly DraftInstruction[], placement: Placement): ReadonlyMap<number, Lifetime> {
  const blocks = new Map<number, { bytes: number; birth: number; death: number }>();
  const touch = (value: number, time: number): void => {
    const place = placement.places[value];
    if (place?.kind !== 'scratch') return;
    const block = blocks.get(place.index);
    if (block !== undefined) block.death = time;
    else blocks.set(place.index, { bytes: bytesAt(draft, place.base), birth: time, death: time });
  };
  order.forEach(({ inputs, outputs }, time) => {
    for (const value of inputs) touch(value, time);
    for (const value of outputs) touch(value, time);
  });
  return blocks;
}

function bytesAt({ specs }: Draft, value: number): number {
  const spec = specs[value];
  return spec === undefined ? 0 : sizeOf(spec.shape) * bytesOf[spec.dtype];
}
