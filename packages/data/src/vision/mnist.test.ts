import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, unlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ArgumentError, DataError, IndexError, type Tensor } from '@dl/tensor';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DataLoader, FashionMNIST, MNIST, saveIdx } from '../index.ts';
import { type Collection, loadPixels } from './collection.ts';

const labels = [5, 0, 4, 1, 9];
/** Image i has i in every pixel, but its own number of 255s at the start. */
const pixels = Uint8Array.from({ length: labels.length * 784 }, (_, at) => (at % 784 < Math.floor(at / 784) ? 255 : Math.floor(at / 784)));
const imageName = 'train-images-idx3-ubyte';
const labelName = 'train-labels-idx1-ubyte';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'dl-mnist-'));
});
afterEach(() => rm(root, { recursive: true }));

async function writeSet(folder = root): Promise<void> {
  await mkdir(folder, { recursive: true });
  await saveIdx(join(folder, imageName), { data: pixels, shape: [labels.length, 28, 28] });
  await saveIdx(join(folder, labelName), { data: Uint8Array.from(labels), shape: [labels.length] });
}

describe('MNIST', () => {
  test('gives images of bytes and their labels', async () => {
    await writeSet();
    const digits = await MNIST.load({ root });
    const [image, label] = digits.get(2);
    expect(digits.length).toBe(5);
    expect([image.shape, image.dtype, label]).toEqual([[28, 28], 'uint8', 4]);
    expect(await image.data()).toEqual(pixels.subarray(2 * 784, 3 * 784));
  });

  test('gathers batches of bytes and int32 labels', async () => {
    await writeSet();
    const [images, targets] = (await MNIST.load({ root })).getBatch([4, 0]);
    expect([images.shape, images.dtype, targets.dtype]).toEqual([[2, 28, 28], 'uint8', 'int32']);
    expect(await images.data()).toEqual(Uint8Array.from([...pixels.subarray(4 * 784), ...pixels.subarray(0, 784)]));
    expect(await targets.tolist()).toEqual([9, 5]);
  });

  test('has all its data, targets and classes', async () => {
    await writeSet();
    const digits = await MNIST.load({ root });
    expect(digits.data.shape).toEqual([5, 28, 28]);
    expect(await digits.targets.tolist()).toEqual(labels);
    expect(digits.classes[7]).toBe('7 - seven');
    expect(FashionMNIST.classes[9]).toBe('Ankle boot');
  });

  test.each(['', 'MNIST/raw'])("finds plain files in root/'%s'", async (folder) => {
    await writeSet(join(root, folder));
    expect(await MNIST.load({ root })).toHaveLength(5);
  });

  test('finds gzipped files, and those of Fashion-MNIST in their own folder', async () => {
    const folder = join(root, 'FashionMNIST/raw');
    await writeSet(folder);
    for (const name of [imageName, labelName]) {
      await writeFile(join(folder, `${name}.gz`), gzipSync(await readFile(join(folder, name))));
      await unlink(join(folder, name));
    }
    expect(await FashionMNIST.load({ root, train: true })).toHaveLength(5);
    await expect(MNIST.load({ root })).rejects.toThrow(DataError);
  });

  test('limits itself to the first samples', async () => {
    await writeSet();
    const digits = await MNIST.load({ root, limit: 2 });
    expect(await digits.targets.tolist()).toEqual([5, 0]);
    expect(digits.data.shape).toEqual([2, 28, 28]);
    expect(() => digits.get(2)).toThrow(IndexError);
    expect(await MNIST.load({ root, limit: 100 })).toHaveLength(5);
    for (const limit of [0, -1, Number.NaN, 1.5]) await expect(MNIST.load({ root, limit })).rejects.toThrow(ArgumentError);
  });

  test('applies a transform to whole batches where it can, and gives the same as sample by sample', async () => {
    await writeSet();
    let calls = 0;
    const negate = (x: Tensor): Tensor => x.to('float32').neg();
    const counted = (x: Tensor): Tensor => {
      calls++;
      return negate(x);
    };
    const whole = await MNIST.load({ root, transform: Object.assign((x: Tensor) => negate(x), { batch: counted }) });
    const single = await MNIST.load({ root, transform: negate });
    for (const indices of [[0, 1, 2], [4], [3, 3]]) {
      const [[a], [b]] = [whole.getBatch(indices), single.getBatch(indices)];
      expect(a.shape).toEqual(b.shape);
      expect(await a.data()).toEqual(await b.data());
    }
    expect(calls).toBe(3);
  });

  test('collates what transforms make: numbers, texts, and targets of their own', async () => {
    await writeSet();
    const digits = await MNIST.load({
      root,
      transform: (image) => image.numel(),
      targetTransform: (label) => ({ label, isEven: label % 2 === 0 }),
    });
    expect(digits.get(1)).toEqual([784, { label: 0, isEven: true }]);
    const batches = new DataLoader(digits, { batchSize: 3 });
    for await (const [sizes, { label, isEven }] of batches) {
      expect(await sizes.tolist()).toEqual([784, 784, 784]);
      expect(await label.tolist()).toEqual([5, 0, 4]);
      expect(await isEven.tolist()).toEqual([0, 1, 1]);
      break;
    }
  });

  test.each([-1, 5, 0.5])('refuses index %d', async (index) => {
    await writeSet();
    const digits = await MNIST.load({ root });
    expect(() => digits.get(index)).toThrow(/MNIST: an index must be a whole number from 0 up to 4/);
    expect(() => digits.getBatch([index])).toThrow(IndexError);
  });

  test('says what to do where files are missing', async () => {
    await expect(MNIST.load({ root })).rejects.toThrow(
      `MNIST: ${imageName} (or ${imageName}.gz) must be in ${root} or ${root}/MNIST/raw; got neither. Pass download: true to fetch it, or put the four IDX files into one of these folders`,
    );
    await expect(MNIST.load({ root: join(root, 'none'), train: false })).rejects.toThrow(/t10k-images-idx3-ubyte/);
    await expect(MNIST.load({ root: undefined as never })).rejects.toThrow(/root must be the path of a folder; got undefined/);
  });

  test.each([
    [
      'images of another size',
      imageName,
      [5, 28, 27],
      5 * 28 * 27,
      /must hold 28 x 28 images, \[N, 28, 28\] of uint8 .*; got \[5, 28, 27\]/,
    ],
    ['labels where images belong', imageName, [5], 5, /must hold 28 x 28 images/],
    ['no images', imageName, [0, 28, 28], 0, /N from 1 up; got \[0, 28, 28\]/],
    ['images where labels belong', labelName, [5, 28, 28], 5 * 784, /must hold labels, \[N\] of uint8/],
    ['fewer labels than images', labelName, [4], 4, /there must be a label for each of the 5 images of .*train-images.*; got 4 labels/],
    ['more labels than images', labelName, [6], 6, /there must be a label for each of the 5 images/],
  ])('refuses %s', async (_, name, shape, size, message) => {
    await writeSet();
    await saveIdx(join(root, name), { data: new Uint8Array(size), shape });
    await expect(MNIST.load({ root })).rejects.toThrow(DataError);
    await expect(MNIST.load({ root })).rejects.toThrow(message);
    await expect(MNIST.load({ root })).rejects.toThrow(join(root, name));
  });

  test('refuses a label above 9, and labels that are no bytes', async () => {
    await writeSet();
    await saveIdx(join(root, labelName), { data: Uint8Array.from([0, 1, 2, 10, 11]), shape: [5] });
    await expect(MNIST.load({ root })).rejects.toThrow(/labels must be in \[0, 9\]; got 10 as label 3/);
    await saveIdx(join(root, labelName), { data: Int32Array.from(labels), shape: [5] });
    await expect(MNIST.load({ root })).rejects.toThrow(/\[N\] of uint8 .*; got \[5\] in a Int32Array/);
  });
});

describe('MNIST with download', () => {
  test('touches no network where the files are there', async () => {
    await writeSet();
    expect(await MNIST.load({ root, download: true, mirrors: ['http://127.0.0.1:1/'] })).toHaveLength(5);
  });

  test('fetches only what is missing, into <name>/raw, and not twice', async () => {
    await writeSet();
    const gzipped = gzipSync(await readFile(join(root, labelName)));
    await unlink(join(root, labelName));
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.end(gzipped);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const labelsFile = { name: `${labelName}.gz`, bytes: gzipped.length, md5: createHash('md5').update(gzipped).digest('hex') };
    const pair = { images: { name: `${imageName}.gz`, bytes: 1, md5: '' }, labels: labelsFile };
    const mirrors = [`http://127.0.0.1:${(server.address() as AddressInfo).port}/`];
    const collection: Collection = { name: 'Tiny', mirrors, train: pair, test: pair };
    for (let time = 0; time < 2; time++)
      expect(Array.from((await loadPixels(collection, { root, download: true })).labels)).toEqual(labels);
    expect(asked).toEqual([`/${labelName}.gz`]);
    expect(await readdir(join(root, 'Tiny/raw'))).toEqual([`${labelName}.gz`]);
    server.closeAllConnections();
    server.close();
  });

  test('reports what cannot be fetched, and leaves nothing behind', async () => {
    await expect(MNIST.load({ root, download: true, mirrors: ['http://127.0.0.1:1/'] })).rejects.toThrow(
      /train-images-idx3-ubyte.gz: must come from one of the mirrors/,
    );
    expect(await readdir(join(root, 'MNIST/raw'))).toEqual([]);
  });
});
