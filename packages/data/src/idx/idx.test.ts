import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ArgumentError, DataError, ShapeError } from '@dl/tensor';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type IdxArray, loadIdx, saveIdx } from '../index.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dl-idx-'));
});
afterAll(() => rm(folder, { recursive: true }));

let files = 0;
async function write(bytes: Uint8Array): Promise<string> {
  const path = join(folder, `file-${files++}`);
  await writeFile(path, bytes);
  return path;
}

/** Magic, sizes and data of an IDX file, right or wrong. */
function idx(type: number, shape: readonly number[], data: readonly number[] | Uint8Array, rank = shape.length): Buffer {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.set([0, 0, type, rank]);
  for (const [i, size] of shape.entries()) header.writeUInt32BE(size, 4 + 4 * i);
  return Buffer.concat([header, Buffer.from(data)]);
}

describe('loadIdx', () => {
  test.each([
    ['uint8', idx(0x08, [2, 2], [1, 2, 254, 255]), new Uint8Array([1, 2, 254, 255])],
    [
      'int32',
      idx(0x0c, [2, 2], [0, 0, 1, 0, 0xff, 0xff, 0xff, 0xfe, 0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 0]),
      new Int32Array([256, -2, 2 ** 31 - 1, 0]),
    ],
    [
      'float32',
      idx(0x0d, [2, 2], [0x3f, 0x80, 0, 0, 0xc0, 0, 0, 0, 0x7f, 0x80, 0, 0, 0, 0, 0, 1]),
      new Float32Array([1, -2, Number.POSITIVE_INFINITY, 2 ** -149]),
    ],
  ])('reads big-endian %s, plain and gzipped', async (_, bytes, data) => {
    for (const file of [bytes, gzipSync(bytes)]) expect(await loadIdx(await write(file))).toEqual({ data, shape: [2, 2] });
  });

  test('reads elements right however long the file: no chunk cuts one', async () => {
    const data = Int32Array.from({ length: 100_003 }, (_, i) => (i * 2654435761) | 0);
    const path = join(folder, 'long');
    await saveIdx(path, { data, shape: [100_003] });
    expect((await loadIdx(path)).data).toEqual(data);
    const gzipped = await write(gzipSync(await readFile(path)));
    expect((await loadIdx(gzipped)).data).toEqual(data);
  });

  test('reads a file without elements', async () => {
    expect(await loadIdx(await write(idx(8, [0, 28, 28], [])))).toEqual({ data: new Uint8Array(0), shape: [0, 28, 28] });
  });

  test('tells gzip by its first bytes, not by its name', async () => {
    const path = join(folder, 'plain.gz');
    await writeFile(path, idx(8, [1], [7]));
    expect((await loadIdx(path)).data).toEqual(new Uint8Array([7]));
  });

  test('reads several members of a gzip file, as gunzip does', async () => {
    const bytes = idx(8, [4], [1, 2, 3, 4]);
    const path = await write(Buffer.concat([gzipSync(bytes.subarray(0, 6)), gzipSync(bytes.subarray(6))]));
    expect((await loadIdx(path)).data).toEqual(new Uint8Array([1, 2, 3, 4]));
  });

  test.each<[string, Uint8Array, RegExp]>([
    ['an empty file', new Uint8Array(0), /an IDX file has at least 4 bytes; got 0/],
    ['three bytes', new Uint8Array(3), /at least 4 bytes; got 3/],
    [
      'another kind of file',
      Buffer.from('\x89PNG\r\n'),
      /begins with two zero bytes; got 89 50 4e 47|begins with two zero bytes; got c2 89 50 4e/,
    ],
    ['a type of the format without a place here', idx(0x0b, [1], [0, 1]), /elements must be uint8, int32 or float32 .*; got 0x0b, int16/],
    ['a type that is none', idx(0x07, [1], [0]), /got 0x07, no type of the format/],
    ['no dims', idx(8, [], [1]), /there must be 1 to 8 dims; got 0/],
    ['255 dims', idx(8, [1], [1], 255), /there must be 1 to 8 dims; got 255/],
    ['a header cut short', idx(8, [60000], [], 3), /the header must have 16 bytes; got 8 \(it is truncated\)/],
    [
      'a file cut short',
      idx(8, [2, 2], [1, 2, 3]),
      /the shape \[2, 2\] of uint8 takes 16 bytes with the header; got 15 \(it is truncated\)/,
    ],
    ['a file cut within an element', idx(0x0c, [1], [0, 0, 1]), /takes 12 bytes with the header; got 11 \(it is truncated\)/],
    ['a file too long', idx(8, [2], [1, 2, 3]), /takes 10 bytes with the header; got 11 or more \(it is over-long\)/],
    ['a header of four gigabytes', idx(8, [2 ** 32 - 1], [1]), /must take at most 2147483648 bytes; got the shape \[4294967295\] of uint8/],
    [
      'a header of 2^256 bytes',
      idx(
        8,
        Array.from({ length: 8 }, () => 2 ** 32 - 1),
        [1],
      ),
      /must take at most 2147483648 bytes/,
    ],
    ['a header of a gigabyte', idx(8, [2 ** 30], [1]), /takes 1073741832 bytes with the header; got 9 \(it is truncated\)/],
  ])('refuses %s, plain and gzipped', async (_, bytes, message) => {
    for (const file of bytes.length < 2 ? [bytes] : [bytes, gzipSync(bytes)]) {
      const path = await write(file);
      await expect(loadIdx(path)).rejects.toThrow(DataError);
      await expect(loadIdx(path)).rejects.toThrow(file === bytes ? message : new RegExp(`${message.source}|must take at most \\d+ bytes`));
      await expect(loadIdx(path)).rejects.toThrow(path);
    }
  });

  test('refuses a gzip file that is cut short, damaged or followed by rubbish', async () => {
    const whole = gzipSync(
      idx(
        8,
        [1000],
        Uint8Array.from({ length: 1000 }, (_, i) => (i * 7919) % 251),
      ),
    );
    for (const length of [2, 9, 10, 200, whole.length - 8, whole.length - 1]) {
      await expect(loadIdx(await write(whole.subarray(0, length)))).rejects.toThrow(DataError);
    }
    await expect(loadIdx(await write(whole.subarray(0, 200)))).rejects.toThrow(
      /must be a whole gzip file; got 'unexpected end of file' after \d+ bytes/,
    );
    const damaged = Buffer.from(whole);
    damaged.fill(0x55, 100, 120);
    await expect(loadIdx(await write(damaged))).rejects.toThrow(DataError);
    const sum = Buffer.from(whole);
    sum[whole.length - 5] = (sum[whole.length - 5] ?? 0) ^ 1;
    await expect(loadIdx(await write(sum))).rejects.toThrow(/must be a whole gzip file; got 'incorrect data check'/);
  });

  test('a gzip bomb is given up as soon as it exceeds what its header promises', async () => {
    const bomb = gzipSync(Buffer.concat([idx(8, [10], []), Buffer.alloc(24 * 2 ** 20)]));
    const path = await write(bomb);
    const before = process.memoryUsage().arrayBuffers;
    await expect(loadIdx(path)).rejects.toThrow(/takes 18 bytes with the header; got \d+ or more \(it is over-long\)/);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * 2 ** 20);
  });

  test('a gzip file whose header promises more than it can hold is refused before it is inflated', async () => {
    const path = await write(gzipSync(idx(8, [2 ** 30], [1])));
    await expect(loadIdx(path)).rejects.toThrow(/must take at most \d{5} bytes; got the shape \[1073741824\]/);
  });

  test('a huge header allocates nothing', async () => {
    const path = await write(idx(8, [2 ** 31 - 100], [1]));
    const before = process.memoryUsage().arrayBuffers;
    await expect(loadIdx(path)).rejects.toThrow(/it is truncated/);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 20);
  });

  test('refuses more than maxBytes', async () => {
    const path = await write(idx(8, [10], new Uint8Array(10)));
    await expect(loadIdx(path, { maxBytes: 17 })).rejects.toThrow(/must take at most 17 bytes/);
    expect((await loadIdx(path, { maxBytes: 18 })).shape).toEqual([10]);
    await expect(loadIdx(path, { maxBytes: Number.NaN })).rejects.toThrow(ArgumentError);
  });

  test('names a file that is missing, or a folder', async () => {
    await expect(loadIdx(join(folder, 'none'))).rejects.toThrow(/none: must be a readable file; got ENOENT/);
    await expect(loadIdx(folder)).rejects.toThrow(/must be a file; got a folder/);
  });

  test('corrupted in any byte, a file is either read or refused with a DataError', async () => {
    const plain = idx(0x0c, [3, 2], new Uint8Array(24).fill(9));
    const sound = [plain, gzipSync(plain)];
    const changes = fc.array(fc.tuple(fc.nat(80), fc.nat(255)), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...sound), changes, fc.boolean(), async (file, list, cut) => {
        const bytes = Buffer.from(file);
        for (const [at, byte] of list) bytes[at % bytes.length] = byte;
        const path = join(folder, 'fuzzed');
        await writeFile(path, cut ? bytes.subarray(0, (list[0]?.[0] ?? 0) % bytes.length) : bytes);
        await loadIdx(path).catch((error: unknown) => expect(error).toBeInstanceOf(DataError));
      }),
      { numRuns: 150 },
    );
  });
});

describe('saveIdx', () => {
  test('writes what loadIdx reads, of every type and shape', async () => {
    const arrays = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }).chain((shape) => {
      const size = shape.reduce((a, b) => a * b, 1);
      const data = fc.oneof(
        fc.uint8Array({ minLength: size, maxLength: size }),
        fc.int32Array({ minLength: size, maxLength: size }),
        fc.float32Array({ minLength: size, maxLength: size, noNaN: true }),
      );
      return data.map((elements): IdxArray => ({ data: elements.slice() as IdxArray['data'], shape }));
    });
    const path = join(folder, 'round');
    await fc.assert(
      fc.asyncProperty(arrays, async (array) => {
        await saveIdx(path, array);
        expect(await loadIdx(path)).toEqual(array);
      }),
      { numRuns: 50 },
    );
  });

  test('writes the bytes of the format', async () => {
    const path = join(folder, 'bytes');
    await saveIdx(path, { data: new Int32Array([1, -1]), shape: [2] });
    expect(await readFile(path)).toEqual(idx(0x0c, [2], [0, 0, 0, 1, 255, 255, 255, 255]));
  });

  test('leaves nothing half-written where it cannot write', async () => {
    const before = await readdir(folder);
    await expect(saveIdx(join(folder, 'no/such/file'), { data: new Uint8Array(1), shape: [1] })).rejects.toThrow(
      /saveIdx: .* must be writable; got ENOENT/,
    );
    await expect(saveIdx(folder, { data: new Uint8Array(1), shape: [1] })).rejects.toThrow(DataError);
    expect(await readdir(folder)).toEqual(before);
  });

  test.each([
    ['a shape of another size', { data: new Uint8Array(3), shape: [2] }, ShapeError],
    ['a negative size', { data: new Uint8Array(2), shape: [-2, -1] }, ShapeError],
    ['no dims', { data: new Uint8Array(1), shape: [] }, ShapeError],
    ['an array of another type', { data: new Float64Array(1) as never, shape: [1] }, ArgumentError],
  ])('refuses %s', async (_, array, kind) => {
    await expect(saveIdx(join(folder, 'refused'), array)).rejects.toThrow(kind);
  });
});
