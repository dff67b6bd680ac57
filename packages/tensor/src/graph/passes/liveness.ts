import { bytesOf } from '../../dtype.ts';
import { sizeOf } from '../../shape.ts';
import type { Draft, DraftInstruction } from '../draft.ts';
import type { Placement } from './placement.ts';

/** Offsets of the scratch blocks in the arena, and how large it must be. */
export interface ScratchLayout {
  /** By the block's index in the placement. */
  readonly offsets: readonly number[];
  readonly bytes: number;
}

interface Block {
  readonly index: number;
  readonly bytes: number;
  readonly birth: number;
  death: number;
  offset: number;
}

/** Every block starts on a cache line. */
const alignment = 64;

/** Gives each scratch block the lowest offset that is free from its first write to its last read. */
export function layOutScratch(draft: Draft, order: readonly DraftInstruction[], placement: Placement): ScratchLayout {
  const blocks = lifetimes(draft, order, placement);
  let active: Block[] = [];
  let bytes = 0;
  for (const block of blocks) {
    active = active.filter(({ death }) => death >= block.birth);
    const position = firstFit(active, block);
    active.splice(position, 0, block);
    bytes = Math.max(bytes, block.offset + block.bytes);
  }
  const offsets: number[] = [];
  for (const { index, offset } of blocks) offsets[index] = offset;
  return { offsets, bytes };
}

/** The blocks in the order of their first writes. */
function lifetimes(draft: Draft, order: readonly DraftInstruction[], placement: Placement): Block[] {
  const blocks = new Map<number, Block>();
  const touch = (value: number, time: number): void => {
    const place = placement.places[value];
    if (place?.kind !== 'scratch') return;
    const block = blocks.get(place.index);
    if (block !== undefined) block.death = time;
    else blocks.set(place.index, { index: place.index, bytes: alignedBytes(draft, place.base), birth: time, death: time, offset: 0 });
  };
  order.forEach(({ inputs, outputs }, time) => {
    for (const value of inputs) touch(value, time);
    for (const value of outputs) touch(value, time);
  });
  return [...blocks.values()];
}

function alignedBytes({ specs }: Draft, value: number): number {
  const spec = specs[value];
  if (spec === undefined) return 0;
  return Math.ceil((sizeOf(spec.shape) * bytesOf[spec.dtype]) / alignment) * alignment;
}

/** Sets the block's offset to the first gap between the active ones, which are sorted by offset; returns its place among them. */
function firstFit(active: readonly Block[], block: Block): number {
  let end = 0;
  for (let i = 0; i < active.length; i++) {
    const other = active[i] as Block;
    if (other.offset - end >= block.bytes) {
      block.offset = end;
      return i;
    }
    end = Math.max(end, other.offset + other.bytes);
  }
  block.offset = end;
  return active.length;
}
