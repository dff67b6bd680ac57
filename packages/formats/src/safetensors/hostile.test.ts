import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataError, DlError, type DType, DTypeError, tensor } from '@dl/tensor';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeSafetensors, encodeSafetensors } from '../index.ts';

const sound = new Uint8Array(readFileSync(join(import.meta.dirname, '../../fixtures/dtypes.safetensors')));

/** A file of a header, given as text, and some bytes of data. */
function file(header: string, dataBytes = 0, length?: bigint): Uint8Array {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, length ?? BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}

const entry = (dtype: unknown, shape: unknown, offsets: unknown): string => JSON.stringify({ dtype, shape, data_offsets: offsets });
const f32 = (begin: number, end: number): string => entry('F32', [(end - begin) / 4], [begin, end]);

describe('a file from outside', () => {
  test.each([
    ['fewer than 8 bytes', new Uint8Array(7), /at least 8 bytes; got 7/],
    ['a header of 2^64 - 1 bytes', file('{}', 0, 2n ** 64n - 1n), /at most 100000000 bytes; got 18446744073709551615/],
    ['a header longer than the file', file('{}', 0, 3n), /within the file; got 3 bytes of header in a file of 10/],
    ['a header that is not UTF-8', file('{"\u00ff"}').fill(0xff, 10, 12), /must be UTF-8/],
    ['a byte order mark', file('\ufeff{}'), /must begin with '\{'/],
    ['leading white space', file(' {}'), /must begin with '\{'; got " "/],
    ['an empty header', file(''), /must begin with '\{'/],
    ['a header that is not JSON', file('{nope}'), /must be JSON/],
    ['text after the header', file('{} x'), /must be JSON/],
    ['a tensor twice', file(`{"a":${f32(0, 4)},"a":${f32(0, 4)}}`, 4), /'a' twice/],
    ['a tensor twice, once escaped', file(`{"a":${f32(0, 4)},"\\u0061":${f32(0, 4)}}`, 4), /'a' twice/],
    ['a shape twice', file('{"a":{"dtype":"U8","shape":[1],"shape":[2],"data_offsets":[0,2]}}', 2), /'shape' twice/],
    ['metadata that is not text', file('{"__metadata__":{"a":1}}'), /__metadata__ must map text to text; got an object/],
    ['metadata that is a list', file('{"__metadata__":["a"]}'), /__metadata__ must map text to text; got \["a"\]/],
    ['an entry that is a number', file('{"a":1}'), /'a' must have dtype, shape and data_offsets; got 1/],
    ['an entry without a dtype', file(`{"a":${entry(undefined, [1], [0, 4])}}`, 4), /a dtype of the format; got undefined/],
    ['a dtype that does not exist', file(`{"a":${entry('F31', [1], [0, 4])}}`, 4), /a dtype of the format; got "F31"/],
    ['a dtype named like a property', file(`{"a":${entry('toString', [1], [0, 4])}}`, 4), /a dtype of the format; got "toString"/],
    ['a negative size', file(`{"a":${entry('F32', [-1], [0, 4])}}`, 4), /a shape of whole numbers from 0 up; got \[-1\]/],
    ['a size that is no whole number', file(`{"a":${entry('F32', [1.5], [0, 6])}}`, 6), /a shape of whole numbers from 0 up; got \[1.5\]/],
    ['a size of 2^53', file(`{"a":${entry('F32', [2 ** 53], [0, 4])}}`, 4), /a shape of whole numbers from 0 up/],
    ['sizes whose product overflows', file(`{"a":${entry('F32', [2 ** 52, 2 ** 52], [0, 4])}}`, 4), /must take 8.1\d*e\+31 bytes/],
    ['a shape that is text', file(`{"a":${entry('F32', '1', [0, 4])}}`, 4), /a shape of whole numbers from 0 up; got "1"/],
    ['three offsets', file(`{"a":${entry('F32', [1], [0, 4, 4])}}`, 4), /two data_offsets/],
    ['offsets that run backwards', file(`{"a":${entry('F32', [1], [4, 0])}}`, 4), /must take 4 bytes; got data_offsets \[4, 0\]/],
    ['a range too short for the shape', file(`{"a":${entry('F32', [2], [0, 4])}}`, 4), /must take 8 bytes; got data_offsets \[0, 4\]/],
    ['a range beyond the file', file(`{"a":${f32(0, 8)}}`, 4), /it is truncated/],
    ['a petabyte of tensor', file(`{"a":${f32(0, 2 ** 50)}}`, 4), /it is truncated/],
    ['bytes that belong to no tensor', file(`{"a":${f32(0, 4)}}`, 5), /it is over-long/],
    ['overlapping tensors', file(`{"a":${f32(0, 8)},"b":${f32(4, 12)}}`, 12), /got 'b' at 4, which overlaps/],
    ['the same range twice', file(`{"a":${f32(0, 4)},"b":${f32(0, 4)}}`, 4), /overlaps/],
    ['a hole between tensors', file(`{"a":${f32(0, 4)},"b":${f32(8, 12)}}`, 12), /got 'b' at 8, which leaves a hole/],
    ['a hole at the begin', file(`{"a":${f32(4, 8)}}`, 8), /leaves a hole/],
    ['a bool of 2', file(`{"a":${entry('BOOL', [1], [0, 1])}}`, 1).fill(2, -1), /bools must be bytes 0 or 1; got 2 at position 0/],
  ])('is refused with %s', (_, bytes, message) => {
    expect(() => decodeSafetensors(bytes)).toThrow(DataError);
    expect(() => decodeSafetensors(bytes)).toThrow(message);
  });

  test('nested a million deep is refused without exhausting the stack', () => {
    const deep = (open: string, close: string): Uint8Array => file(`{"a":${open.repeat(1e6)}${close.repeat(1e6)}}`);
    expect(() => decodeSafetensors(deep('[', ']'))).toThrow(DataError);
    expect(() =>
      decodeSafetensors(file(`{"a":{"dtype":"F32","shape":${'['.repeat(1e6)}${']'.repeat(1e6)},"data_offsets":[0,0]}}`)),
    ).toThrow(DataError);
    expect(() => decodeSafetensors(file(`{"__metadata__":${'{"a":'.repeat(1e6)}1${'}'.repeat(1e6)}}`))).toThrow(DataError);
  });

  test('with a header of five million escapes is read in linear time', () => {
    expect(() => decodeSafetensors(file(`{"${'\\n'.repeat(5e6)}":1}`))).toThrow(DataError);
  });

  test('cut anywhere, or with bytes added, is a DataError', () => {
    for (let length = 0; length < sound.length; length++) expect(() => decodeSafetensors(sound.slice(0, length))).toThrow(DataError);
    for (const extra of [1, 7, 1000]) {
      const long = new Uint8Array(sound.length + extra);
      long.set(sound);
      expect(() => decodeSafetensors(long)).toThrow(/over-long/);
    }
  });

  test('with corrupted bytes either still reads or is refused by a typed error, never a crash', () => {
    const changes = fc.array(fc.record({ at: fc.nat(sound.length - 1), byte: fc.nat(255) }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(changes, (list) => {
        const bytes = sound.slice();
        for (const { at, byte } of list) bytes[at] = byte;
        readOrRefuse(bytes);
      }),
      { numRuns: 3000 },
    );
  });

  test('with any header at all either reads or is refused by a typed error', () => {
    const value = fc.oneof(fc.jsonValue(), fc.integer(), fc.constantFrom('F32', 'U8', 'I64', 'BOOL', 'F4', 'BF16'));
    const info = fc.record(
      { dtype: value, shape: fc.oneof(value, fc.array(fc.nat(4))), data_offsets: fc.oneof(value, fc.tuple(fc.nat(32), fc.nat(32))) },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.oneof(info, value)), fc.nat(64), (header, dataBytes) =>
        readOrRefuse(file(JSON.stringify(header), dataBytes)),
      ),
      { numRuns: 2000 },
    );
  });
});

test('whatever is encoded is decoded again', async () => {
  const shapes = fc.array(fc.nat(3), { maxLength: 3 });
  const dtypes = fc.constantFrom<DType>('float32', 'float64', 'int32', 'uint8', 'bool');
  const states = fc.dictionary(fc.string({ unit: 'grapheme' }), fc.record({ shape: shapes, dtype: dtypes, seed: fc.nat(255) }), {
    maxKeys: 6,
  });
  await fc.assert(
    fc.asyncProperty(states, async (specs) => {
      const state = Object.fromEntries(
        Object.entries(specs)
          .filter(([name]) => name !== '__metadata__')
          .map(([name, { shape, dtype, seed }]) => {
            const size = shape.reduce((a, b) => a * b, 1);
            const data = Array.from({ length: size }, (_, i) => (dtype === 'bool' ? (seed + i) % 2 : (seed + i) % 256));
            return [name, tensor(data, { dtype }).reshape(shape)] as const;
          }),
      );
      const read = decodeSafetensors(await encodeSafetensors(state));
      expect(Object.keys(read).sort()).toEqual(Object.keys(state).sort());
      for (const [name, saved] of Object.entries(state)) {
        expect(read[name]?.shape).toEqual(saved.shape);
        expect(read[name]?.dtype).toBe(saved.dtype);
        expect(await read[name]?.data()).toEqual(await saved.data());
      }
    }),
    { numRuns: 100 },
  );
});

function readOrRefuse(bytes: Uint8Array): void {
  try {
    decodeSafetensors(bytes);
  } catch (error) {
    if (!(error instanceof DataError || error instanceof DTypeError)) throw error;
    expect(error).toBeInstanceOf(DlError);
    expect(error.message).not.toMatch(/^internal/);
  }
}
