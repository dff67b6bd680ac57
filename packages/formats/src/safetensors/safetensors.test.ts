import { mkdtemp, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ArgumentError, adopt, assign, DataError, DTypeError, evaluate, tensor } from '@dl/tensor';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import expected from '../../fixtures/safetensors.json' with { type: 'json' };
import { decodeSafetensors, encodeSafetensors, loadSafetensors, loadSafetensorsHeader, saveSafetensors } from '../index.ts';

const fixture = (name: string): string => join(import.meta.dirname, '../../fixtures', name);
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dl-formats-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('loadSafetensors', () => {
  test('reads every dtype as the reference implementation wrote it', async () => {
    const tensors = await loadSafetensors(fixture('dtypes.safetensors'));
    expect(Object.keys(tensors).sort()).toEqual(Object.keys(expected.reads).sort());
    for (const [name, { shape, data }] of Object.entries(expected.reads)) {
      const read = tensors[name];
      expect(read?.shape).toEqual(shape);
      expect(Array.from((await read?.data()) ?? []), name).toEqual(data.map(Number));
    }
  });

  test.each([
    ['f64', 'float64'],
    ['f32', 'float32'],
    ['f16', 'float32'],
    ['bf16', 'float32'],
    ['num_batches_tracked', 'int32'],
    ['i8', 'int32'],
    ['u32', 'int32'],
    ['u8', 'uint8'],
    ['bool', 'bool'],
  ])('reads %s as %s', async (name, dtype) => {
    expect((await loadSafetensors(fixture('dtypes.safetensors')))[name]?.dtype).toBe(dtype);
  });

  test('keeps the keys of a PyTorch state dict', async () => {
    const state = await loadSafetensors(fixture('model.safetensors'));
    expect(Object.keys(state)).toContain('1.running_mean');
    expect(await state['1.num_batches_tracked']?.item()).toBe(1);
  });

  test('refuses dtypes without a place here, and 64-bit integers beyond int32', async () => {
    await expect(loadSafetensors(fixture('complex.safetensors'))).rejects.toThrow(DTypeError);
    await expect(loadSafetensors(fixture('complex.safetensors'))).rejects.toThrow(/'c' must have a dtype among .*; got C64/);
    await expect(loadSafetensors(fixture('big.safetensors'))).rejects.toThrow(
      /'big': I64 elements .* must fit; got 2147483648 at position 0/,
    );
  });

  test('names a file that is missing, a folder, empty or cut short', async () => {
    const path = join(folder, 'cut.safetensors');
    await expect(loadSafetensors(join(folder, 'none'))).rejects.toThrow(/none: must be a readable file; got ENOENT/);
    await expect(loadSafetensors(folder)).rejects.toThrow(/must be a file; got a folder/);
    await writeFile(path, '');
    await expect(loadSafetensors(path)).rejects.toThrow(/at least 8 bytes; got 0/);
    await writeFile(path, await readFile(fixture('model.safetensors')));
    await truncate(path, 700);
    await expect(loadSafetensors(path)).rejects.toThrow(
      /cut.safetensors: the tensors need a file of 776 bytes; got 700 \(it is truncated\)/,
    );
  });
});

describe('saveSafetensors', () => {
  const tensors = (): Parameters<typeof saveSafetensors>[1] => ({
    '😀 "quoted"\n': tensor([4], { dtype: 'int32' }),
    ﬀ: tensor([3], { dtype: 'int32' }),
    mask: tensor([true, false, true]),
    'layers.0.weight': tensor(
      [
        [0, 1, 2],
        [3, 4, 5],
      ],
      { dtype: 'float32' },
    ).div(4),
    'layers.0.bias': tensor([-1, 2], { dtype: 'float32' }),
    'b.double': tensor(0.1, { dtype: 'float64' }),
    pixels: tensor([1, 2, 255], { dtype: 'uint8' }),
    steps: tensor(3, { dtype: 'int32' }),
    9: tensor([2], { dtype: 'int32' }),
    10: tensor([1], { dtype: 'int32' }),
  });

  test('writes the same bytes as the reference implementation', async () => {
    const path = join(folder, 'written.safetensors');
    await saveSafetensors(path, tensors(), { metadata: { format: 'pt' } });
    expect((await readFile(path)).equals(await readFile(fixture('written.safetensors')))).toBe(true);
  });

  test('leaves no other file behind, also where it replaces one', async () => {
    const place = await mkdtemp(join(folder, 'place-'));
    for (const value of [1, 2]) await saveSafetensors(join(place, 'a.safetensors'), { a: tensor([value]) });
    expect(await readdir(place)).toEqual(['a.safetensors']);
    expect(await (await loadSafetensors(join(place, 'a.safetensors'))).a?.tolist()).toEqual([2]);
  });

  test('keeps the old file and leaves nothing half-written where it fails', async () => {
    await expect(saveSafetensors(join(folder, 'no/such/folder'), { a: tensor([1]) })).rejects.toThrow(
      /saveSafetensors: .*folder must be writable; got ENOENT/,
    );
    const place = await mkdtemp(join(folder, 'place-'));
    await symlink('.', join(place, 'target'));
    await rm(join(place, 'target'));
    await writeFile(join(place, 'keep'), 'old');
    await expect(saveSafetensors(join(place, 'keep', 'x'), { a: tensor([1]) })).rejects.toThrow(DataError);
    expect(await readdir(place)).toEqual(['keep']);
    expect(await readFile(join(place, 'keep'), 'utf8')).toBe('old');
  });

  test('writes metadata and shapes that the header gives back', async () => {
    const path = join(folder, 'header.safetensors');
    await saveSafetensors(path, { w: tensor([[1, 2]], { dtype: 'uint8' }) }, { metadata: { format: 'pt', note: 'größer' } });
    expect(await loadSafetensorsHeader(path)).toEqual({
      metadata: { format: 'pt', note: 'größer' },
      tensors: { w: { dtype: 'uint8', shape: [1, 2] } },
    });
  });

  test('captures before it returns: the file holds what the tensors were at the call', async () => {
    const path = join(folder, 'captured.safetensors');
    const a = tensor([0, 1]).add(1);
    const saving = saveSafetensors(path, { a });
    assign(a, tensor([9, 9]));
    await evaluate(a);
    await saving;
    expect(await a.tolist()).toEqual([9, 9]);
    expect(await (await loadSafetensors(path)).a?.tolist()).toEqual([1, 2]);
  });

  test.each([
    ['a reserved name', { __metadata__: tensor([1]) }, {}, /the name __metadata__ is reserved/],
    ['a name with half a surrogate pair', { '\ud83d': tensor([1]) }, {}, /a name must be text of well-formed Unicode/],
    ['metadata with half a surrogate pair', { a: tensor([1]) }, { a: '\ud83d' }, /metadata 'a' must be text/],
  ])('refuses %s', async (_, state, metadata, message) => {
    const saving = encodeSafetensors(state, { metadata });
    await expect(saving).rejects.toThrow(ArgumentError);
    await expect(saving).rejects.toThrow(message);
  });

  test('refuses what is not a tensor, and metadata that is not text', async () => {
    const untyped: Record<string, unknown> = { a: [1, 2] };
    await expect(encodeSafetensors(untyped as never)).rejects.toThrow(/'a' must be a tensor; got \[1, 2\]/);
    await expect(encodeSafetensors({}, { metadata: { epoch: 3 as never } })).rejects.toThrow(/metadata 'epoch' must be text .*; got 3/);
  });
});

describe('decodeSafetensors', () => {
  test('gives each tensor memory of its own, wherever it lay in the file', async () => {
    const bytes = await encodeSafetensors({ a: tensor([1, 2], { dtype: 'int32' }) });
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    const { a } = decodeSafetensors(shifted.subarray(3));
    shifted.fill(0);
    expect(await a?.tolist()).toEqual([1, 2]);
  });

  test('takes names that are traps in JavaScript', async () => {
    const state = Object.fromEntries([
      ['__proto__', tensor([7])],
      ['constructor', tensor([8])],
    ]);
    const read = decodeSafetensors(await encodeSafetensors(state));
    expect(Object.keys(read).sort()).toEqual(['__proto__', 'constructor']);
    expect(
      await Object.entries(read)
        .find(([name]) => name === '__proto__')?.[1]
        .tolist(),
    ).toEqual([7]);
  });

  test('reads a file of no tensors', async () => {
    expect(decodeSafetensors(await encodeSafetensors({}))).toEqual({});
  });

  test('keeps every bit of the elements, NaN payloads included', async () => {
    const bits = new Uint32Array([0x7fc12345, 0x80000000, 1, 0xff800000]);
    const bytes = await encodeSafetensors({ a: adopt(new Float32Array(bits.buffer.slice(0))) });
    expect(new Uint32Array(bytes.slice(-16).buffer)).toEqual(bits);
  });
});
