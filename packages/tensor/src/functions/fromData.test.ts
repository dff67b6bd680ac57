import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ArgumentError, DTypeError, ShapeError } from '../errors.ts';
import { dataSync, tolist } from '../evaluation/evaluate.ts';
import { adopt, type NestedData, tensor } from './fromData.ts';

const specOf = (data: NestedData) => {
  const x = tensor(data);
  return [x.shape, x.dtype];
};

describe('tensor', () => {
  it('takes numbers, booleans and nested arrays', async () => {
    expect(specOf(3)).toEqual([[], 'float32']);
    expect(specOf(true)).toEqual([[], 'bool']);
    expect(specOf([[1, 2, 3]])).toEqual([[1, 3], 'float32']);
    expect(specOf([true, false])).toEqual([[2], 'bool']);
    expect(specOf([true, 2])).toEqual([[2], 'float32']);
    expect(
      await tolist(
        tensor([
          [[1], [2]],
          [[3], [4]],
        ]),
      ),
    ).toEqual([
      [[1], [2]],
      [[3], [4]],
    ]);
  });

  it('takes empty arrays at any depth', () => {
    expect(specOf([])).toEqual([[0], 'float32']);
    expect(specOf([[], []])).toEqual([[2, 0], 'float32']);
    expect(() => tensor([[], [1]])).toThrow(ShapeError);
  });

  it('gives back what nested arrays of any shape held', async () => {
    const shapes = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 5 });
    const nest = ([size, ...rest]: readonly number[], next: () => number): NestedData =>
      size === undefined ? next() : Array.from({ length: size }, () => nest(rest, next));
    await fc.assert(
      fc.asyncProperty(shapes, async (shape) => {
        let count = 0;
        const data = nest(shape, () => count++);
        const x = tensor(data);
        expect(x.shape).toEqual(shape);
        expect(await tolist(x)).toEqual(data);
      }),
    );
  });

  it('names the place where nested arrays are ragged', () => {
    expect(() => tensor([[1, 2], [3]])).toThrow('tensor: nested arrays must be rectangular; got 1 elements at [1] where 2 were expected');
    expect(() => tensor([[1], 2])).toThrow('got 2 at [1] where an array was expected');
    expect(() => tensor([1, [2]])).toThrow('got [2] at [1] where a number was expected');
    expect(() =>
      tensor([
        [[1], [2]],
        [[3], [4, 5]],
      ]),
    ).toThrow('got 2 elements at [1][1] where 1 were expected');
  });

  it('names the place of what is no number', () => {
    expect(() => tensor([[1, '2']] as never)).toThrow("tensor: elements must be numbers or booleans; got '2' at [0][1]");
    expect(() => tensor(undefined as never)).toThrow('tensor: elements must be numbers or booleans; got undefined at the top');
    expect(() => tensor([1n] as never)).toThrow(ArgumentError);
    expect(() => tensor([null] as never)).toThrow(ArgumentError);
  });

  it('refuses an array that contains itself', () => {
    const loop: NestedData[] = [];
    loop.push(loop);
    expect(() => tensor(loop)).toThrow('tensor: arrays may be nested 64 deep; got more');
  });

  it('keeps the dtype of a typed array, and shapes it', () => {
    const x = tensor(new Int32Array([1, 2, 3, 4]), { shape: [2, 2] });
    expect([x.shape, x.dtype, dataSync(x)]).toEqual([[2, 2], 'int32', new Int32Array([1, 2, 3, 4])]);
    expect(tensor(new Uint8ClampedArray([1])).dtype).toBe('uint8');
    expect(tensor(new Int16Array([-5]), { dtype: 'int32' }).dtype).toBe('int32');
    expect(() => tensor(new Int16Array([-5]))).toThrow(DTypeError);
    expect(() => tensor(new BigInt64Array(1) as never)).toThrow(DTypeError);
  });

  it('copies: what happens to the array later is not seen', () => {
    for (const array of [new Float32Array([1, 2]), Buffer.from([1, 2])]) {
      const x = tensor(array);
      array[0] = 9;
      expect([...dataSync(x)]).toEqual([1, 2]);
    }
  });

  it('converts to the dtype asked for, and refuses what it cannot hold', () => {
    expect(dataSync(tensor([0, 255], { dtype: 'uint8' }))).toEqual(new Uint8Array([0, 255]));
    expect(dataSync(tensor([0, -0, 0.5, Number.NaN], { dtype: 'bool' }))).toEqual(new Uint8Array([0, 0, 1, 1]));
    expect(() => tensor([1, 300], { dtype: 'uint8' })).toThrow(
      'tensor: uint8 elements must be whole numbers in [0, 255]; got 300 as element 1',
    );
    expect(() => tensor([0.5], { dtype: 'int32' })).toThrow(ArgumentError);
    expect(() => tensor([Number.NaN], { dtype: 'int32' })).toThrow(ArgumentError);
    expect(() => tensor([2 ** 31], { dtype: 'int32' })).toThrow(ArgumentError);
    expect(() => tensor([1], { dtype: 'float16' as never })).toThrow(
      "tensor: dtype must be one of bool, uint8, int32, float32, float64; got 'float16'",
    );
  });

  it('refuses a shape of another size, or none', () => {
    expect(() => tensor([1, 2, 3], { shape: [2, 2] })).toThrow(
      'tensor: the shape must hold as many elements as the data; got [2, 2] for 3 elements',
    );
    expect(() => tensor([1], { shape: [-1] })).toThrow(ShapeError);
    expect(() => tensor([1], { shape: 1 as never })).toThrow(ShapeError);
  });

  it('refuses a detached array', () => {
    const array = new Float32Array(2);
    structuredClone(array.buffer, { transfer: [array.buffer] });
    expect(() => tensor(array)).toThrow('tensor: the array was transferred away (detached); got nothing left to read');
  });
});

describe('adopt', () => {
  it('does not copy', () => {
    const array = new Float32Array(6);
    const x = adopt(array, [2, 3]);
    array[5] = 7;
    expect([x.shape, dataSync(x)[5]]).toEqual([[2, 3], 7]);
  });

  it('takes bytes as bools when told so', () => {
    expect(adopt(new Uint8Array([0, 1]), [2], 'bool').dtype).toBe('bool');
    expect(() => adopt(new Uint8Array([2]), [1], 'bool')).toThrow('adopt: bools are stored as 0 and 1; got another byte');
  });

  it('refuses shared, resizable and detached memory', () => {
    expect(() => adopt(new Float32Array(new SharedArrayBuffer(4)) as never)).toThrow('must not be shared');
    const resizable = Reflect.construct(ArrayBuffer, [4, { maxByteLength: 8 }]);
    expect(() => adopt(new Float32Array(resizable))).toThrow('must not be resizable');
    const array = new Float32Array(1);
    structuredClone(array.buffer, { transfer: [array.buffer] });
    expect(() => adopt(array)).toThrow('detached');
  });

  it('refuses another dtype, another size, and what is no array', () => {
    expect(() => adopt(new Float32Array(1), [1], 'int32')).toThrow(DTypeError);
    expect(() => adopt(new Float32Array(2), [3])).toThrow(ShapeError);
    expect(() => adopt([1, 2] as never)).toThrow(DTypeError);
  });
});
