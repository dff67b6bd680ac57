import { BackendError } from '@dl/tensor';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Heap } from './heap.ts';

const page = 65536;

/** A memory of WebAssembly as far as a heap needs one. */
function memoryOf(pages: number, maximum: number) {
  const memory = {
    buffer: new ArrayBuffer(pages * page),
    grow(more: number) {
      const before = memory.buffer.byteLength / page;
      if (before + more > maximum) throw new RangeError('maximum');
      memory.buffer = new ArrayBuffer((before + more) * page);
      return before;
    },
  };
  return memory;
}

describe('Heap', () => {
  it('gives aligned blocks that never overlap, and takes everything back as one gap', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(50_000), fc.nat())), (steps) => {
        const memory = memoryOf(2, 1000);
        const heap = new Heap(memory, 1000);
        const blocks: { start: number; end: number }[] = [];
        for (const [bytes, choice] of steps) {
          if (choice % 3 === 0 && blocks.length > 0) heap.free(blocks.splice(choice % blocks.length, 1)[0]?.start ?? -1);
          const start = heap.allocate(bytes);
          const end = start + bytes;
          expect(start % 64).toBe(0);
          expect(start).toBeGreaterThanOrEqual(1000);
          expect(end).toBeLessThanOrEqual(memory.buffer.byteLength);
          expect(blocks.some((block) => start < block.end && block.start < end)).toBe(false);
          blocks.push({ start, end });
        }
        for (const { start } of blocks) heap.free(start);
        expect(heap.used).toBe(0);
        const { byteLength } = memory.buffer;
        expect(heap.allocate(byteLength - 1024)).toBe(1024);
        expect(memory.buffer.byteLength).toBe(byteLength);
      }),
    );
  });

  it('takes a block back only once', () => {
    const heap = new Heap(memoryOf(1, 1), 0);
    const block = heap.allocate(100);
    heap.free(block);
    heap.free(block);
    expect(heap.used).toBe(0);
    expect(heap.allocate(page)).toBe(0);
  });

  it('says what is missing when the memory cannot grow', () => {
    const heap = new Heap(memoryOf(1, 3), 0);
    heap.allocate(2 * page);
    expect(() => heap.allocate(2 * page)).toThrow(BackendError);
    expect(() => heap.allocate(2 * page)).toThrow(/out of memory: WebAssembly has \d+ bytes and cannot have \d+ more/);
  });
});
