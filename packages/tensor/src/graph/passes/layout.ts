/** How long a block of memory is in use: from the step `birth` to the step `death`, both included. */
export interface Lifetime {
  readonly bytes: number;
  readonly birth: number;
  readonly death: number;
}

/** Where each block lies in one arena, and how large that must be. */
export interface Layout {
  /** In bytes, in the order of the lifetimes. */
  readonly offsets: readonly number[];
  readonly bytes: number;
}

interface Block {
  readonly bytes: number;
  readonly death: number;
  offset: number;
}

/** Every block starts on a cache line. */
const alignment = 64;

/** Gives each block the lowest offset that is free while it is in use. Lifetimes come in the order of their births. */
export function layOut(lifetimes: readonly Lifetime[]): Layout {
  let active: Block[] = [];
  let bytes = 0;
  const offsets = lifetimes.map(({ bytes: size, birth, death }) => {
    const block: Block = { bytes: Math.ceil(size / alignment) * alignment, death, offset: 0 };
    active = active.filter((other) => other.death >= birth);
    active.splice(firstFit(active, block), 0, block);
    bytes = Math.max(bytes, block.offset + block.bytes);
    return block.offset;
  });
  return { offsets, bytes };
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
