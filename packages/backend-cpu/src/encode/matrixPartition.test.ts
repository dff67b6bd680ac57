import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { partitionFewRows } from './fewRowsPartition.ts';
import { type MatrixWork, partitionMatrix } from './matrixPartition.ts';

function work(rows: number, depth: number, columns: number, more: Partial<MatrixWork> = {}): MatrixWork {
  return { rows, columns, depth, batch: 1, transposeA: false, transposeB: false, ...more };
}

describe('the cut of a matrix product', () => {
  it('leaves small work in one piece', () => {
    expect(partitionMatrix(work(64, 128, 10))).toEqual({ rowBlocks: 1, columnBlocks: 1, splits: 1, group: 1 });
  });

  it('puts many small products of a batch into one piece', () => {
    expect(partitionMatrix(work(8, 8, 8, { batch: 1000 })).group).toBeGreaterThan(1);
  });

  it.each([
    ['the first layer', work(64, 784, 256, { transposeB: true })],
    ['its weight gradient', work(256, 64, 784, { transposeA: true })],
    ['a square of 512', work(512, 512, 512)],
    ['a square of 2048', work(2048, 2048, 2048)],
    ['a deep one with few elements', work(16, 20_000, 24)],
  ])('shares %s evenly between two and four threads', (_, given) => {
    const { rowBlocks, columnBlocks, splits } = partitionMatrix(given);
    expect((rowBlocks * columnBlocks * splits) % 4).toBe(0);
  });

  it('splits the depth only where there are few elements', () => {
    expect(partitionMatrix(work(16, 20_000, 24)).splits).toBeGreaterThan(1);
    expect(partitionMatrix(work(1024, 1024, 1024)).splits).toBe(1);
  });

  it('keeps rows of large results wide', () => {
    const { columnBlocks } = partitionMatrix(work(2048, 256, 1024, { transposeB: true }));
    expect(1024 / columnBlocks).toBeGreaterThanOrEqual(256);
  });

  it('is some pieces of some work, whatever the sizes', () => {
    const size = fc.oneof(fc.nat(5), fc.nat(5000));
    fc.assert(
      fc.property(size, size, size, fc.nat(100), fc.boolean(), fc.boolean(), (rows, depth, columns, batch, transposeA, transposeB) => {
        const given = work(rows, depth, columns, { batch, transposeA, transposeB });
        for (const cut of [partitionMatrix(given), partitionFewRows({ ...given, rows: 1 })]) {
          expect(Object.values(cut).every((count) => Number.isInteger(count) && count >= 1)).toBe(true);
          expect(cut.rowBlocks).toBeLessThanOrEqual(Math.max(1, Math.ceil(rows / 8)));
          expect(cut.columnBlocks).toBeLessThanOrEqual(Math.max(1, Math.ceil(columns / 16)));
          expect(cut.splits).toBeLessThanOrEqual(Math.max(1, depth / 256));
          expect(cut.group).toBeLessThanOrEqual(Math.max(1, batch));
        }
      }),
    );
  });
});

describe('the cut of a product of few rows and a matrix', () => {
  it('gives each piece whole rows where the matrix is transposed', () => {
    expect(partitionFewRows(work(1, 4096, 4096, { transposeB: true }))).toEqual({ rowBlocks: 1, columnBlocks: 64, splits: 1, group: 1 });
  });

  it('splits the depth where rows are too short to cut', () => {
    const { columnBlocks, splits } = partitionFewRows(work(1, 4096, 300));
    expect([columnBlocks, splits > 1]).toEqual([1, true]);
  });
});
