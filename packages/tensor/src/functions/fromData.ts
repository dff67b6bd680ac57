import { checkDType, describe } from '../checks.ts';
import { allocate, type DType, dtypeOf, type TypedArray } from '../dtype.ts';
import { ArgumentError, DTypeError, ShapeError } from '../errors.ts';
import { leafTensor } from '../leaf.ts';
import { checkShape, formatShape, type Shape, sizeOf } from '../shape.ts';
import type { Tensor } from '../tensor.ts';

/** Numbers or booleans, nested to the depth of the tensor's rank. */
export type NestedData = number | boolean | readonly NestedData[];

/** Arrays of numbers that JavaScript has beside those that hold a dtype. */
export type OtherTypedArray = Int8Array | Int16Array | Uint16Array | Uint32Array | Uint8ClampedArray;

/** What `tensor` takes beside the data. */
export interface TensorOptions {
  /** The element type; see `tensor` for the default. */
  readonly dtype?: DType;
  /** The shape, for data that comes as one flat array; default `[length]`. */
  readonly shape?: Shape;
}

/**
 * A tensor with a copy of the given elements: a number, a boolean, nested arrays, or a typed array with a `shape`.
 *
 * Without `dtype`, typed arrays keep theirs, booleans give bool and numbers float32, whole ones too (PyTorch would say
 * int64 for those, which does not exist here: ask for `{ dtype: 'int32' }`). PyTorch: `torch.tensor`.
 *
 * @throws ShapeError for ragged arrays, or a `shape` of another size; ArgumentError for what is no number,
 *   or what the integer dtype asked for cannot hold; DTypeError for an array type without a dtype.
 * @example tensor([[1, 2], [3, 4]]) // shape [2, 2], float32
 */
export function tensor(data: NestedData | TypedArray | OtherTypedArray, options: TensorOptions = {}): Tensor {
  if (options.dtype !== undefined) checkDType('tensor', options.dtype);
  const { values, shape, dtype } = isTypedArray(data) ? flatArray(data, options.dtype) : flattened(data);
  const spec = { shape: [...shapeOf('tensor', values.length, options.shape ?? shape)], dtype: options.dtype ?? dtype };
  return leafTensor(spec, converted(values, spec.dtype));
}

/**
 * A tensor that takes the array over without a copy: from now on it belongs to the tensor, and must not be written.
 *
 * @throws ArgumentError if the array is shared, resizable or detached; ShapeError if the shape has another size;
 *   DTypeError if the array is not the one that holds the dtype.
 * @example adopt(new Float32Array(6), [2, 3])
 */
export function adopt(array: TypedArray, shape?: Shape, dtype: DType = dtypeOf(array)): Tensor {
  checkDType('adopt', dtype);
  const stored = dtypeOf(array);
  if (stored !== (dtype === 'bool' ? 'uint8' : dtype)) {
    throw new DTypeError(`adopt: the array must be the one that holds ${dtype}; got ${describe(array)}. Copy it with tensor(…, { dtype })`);
  }
  checkOwnable(array);
  if (dtype === 'bool' && array.some((value) => value > 1)) throw new ArgumentError('adopt: bools are stored as 0 and 1; got another byte');
  return leafTensor({ shape: [...shapeOf('adopt', array.length, shape ?? [array.length])], dtype }, array);
}

function checkOwnable(array: TypedArray): void {
  const buffer: ArrayBufferLike & { readonly resizable?: boolean } = array.buffer;
  if (!(buffer instanceof ArrayBuffer))
    throw new ArgumentError('adopt: the array must not be shared between threads; copy it with tensor(…)');
  if (buffer.resizable === true) throw new ArgumentError('adopt: the array must not be resizable; copy it with tensor(…)');
  checkAttached('adopt', array);
}

/** A detached buffer looks empty; only making a view of it tells. */
function checkAttached(caller: string, array: TypedArray | OtherTypedArray): void {
  if (array.length > 0) return;
  try {
    new Uint8Array(array.buffer);
  } catch {
    throw new ArgumentError(`${caller}: the array was transferred away (detached); got nothing left to read`);
  }
}

function shapeOf(caller: string, length: number, shape: Shape): Shape {
  if (!Array.isArray(shape)) throw new ShapeError(`${caller}: a shape must be an array of sizes; got ${describe(shape)}`);
  checkShape(caller, shape);
  if (sizeOf(shape) !== length) {
    throw new ShapeError(`${caller}: the shape must hold as many elements as the data; got ${formatShape(shape)} for ${length} elements`);
  }
  return shape;
}

interface Flat {
  readonly values: ArrayLike<number>;
  readonly shape: Shape;
  readonly dtype: DType;
}

function isTypedArray(data: unknown): data is TypedArray | OtherTypedArray {
  return ArrayBuffer.isView(data) && !(data instanceof DataView);
}

function flatArray(array: TypedArray | OtherTypedArray, wanted: DType | undefined): Flat {
  checkAttached('tensor', array);
  if (array instanceof Uint8ClampedArray) return { values: array, shape: [array.length], dtype: 'uint8' };
  const convertible =
    array instanceof Int8Array || array instanceof Int16Array || array instanceof Uint16Array || array instanceof Uint32Array;
  if (convertible && wanted !== undefined) return { values: array, shape: [array.length], dtype: wanted };
  return { values: array, shape: [array.length], dtype: dtypeOf(array as TypedArray) };
}

function flattened(data: NestedData): Flat {
  const shape = outline(data);
  const values = new Float64Array(sizeOf(shape));
  const reader: Reader = { values, shape, position: 0, booleans: 0 };
  if (Array.isArray(data)) readArray(reader, data, []);
  else readNumber(reader, data, []);
  const allBooleans = values.length > 0 && reader.booleans === values.length;
  return { values, shape, dtype: allBooleans ? 'bool' : 'float32' };
}

/** More nesting than this is an array that contains itself. */
const greatestRank = 64;

/** The shape that the first elements of nested arrays promise. */
function outline(data: NestedData): number[] {
  const shape: number[] = [];
  for (let level: unknown = data; Array.isArray(level); level = level[0]) {
    if (shape.length === greatestRank) throw new ShapeError(`tensor: arrays may be nested ${greatestRank} deep; got more`);
    shape.push(level.length);
  }
  return shape;
}

interface Reader {
  readonly values: Float64Array;
  readonly shape: Shape;
  position: number;
  booleans: number;
}

function readArray(reader: Reader, array: readonly unknown[], place: readonly number[]): void {
  const expected = reader.shape[place.length];
  if (array.length !== expected) {
    throw new ShapeError(
      `tensor: nested arrays must be rectangular; got ${array.length} elements at ${at(place)} where ${expected} were expected`,
    );
  }
  const isInnermost = place.length === reader.shape.length - 1;
  for (let i = 0; i < array.length; i++) {
    const element = array[i];
    if (isInnermost) readNumber(reader, element, place, i);
    else if (Array.isArray(element)) readArray(reader, element, [...place, i]);
    else
      throw new ShapeError(
        `tensor: nested arrays must be rectangular; got ${describe(element)} at ${at([...place, i])} where an array was expected`,
      );
  }
}

function readNumber(reader: Reader, element: unknown, place: readonly number[], index?: number): void {
  if (typeof element === 'boolean') reader.booleans++;
  else if (typeof element !== 'number') throw notANumber(element, index === undefined ? place : [...place, index]);
  reader.values[reader.position++] = Number(element);
}

function notANumber(element: unknown, place: readonly number[]): Error {
  const what = `got ${describe(element)} at ${at(place)}`;
  if (Array.isArray(element)) return new ShapeError(`tensor: nested arrays must be rectangular; ${what} where a number was expected`);
  return new ArgumentError(`tensor: elements must be numbers or booleans; ${what}`);
}

function at(place: readonly number[]): string {
  return place.length === 0 ? 'the top' : place.map((index) => `[${index}]`).join('');
}

const integerRanges = { uint8: [0, 255], int32: [-(2 ** 31), 2 ** 31 - 1] } as const;

/** A copy of the values in the array of a dtype. */
function converted(values: ArrayLike<number>, dtype: DType): TypedArray {
  const out = allocate(dtype, values.length);
  if (dtype === 'bool') {
    for (let i = 0; i < values.length; i++) out[i] = values[i] === 0 ? 0 : 1;
    return out;
  }
  if (dtype === 'int32' || dtype === 'uint8') checkWhole(values, dtype);
  out.set(values);
  return out;
}

function checkWhole(values: ArrayLike<number>, dtype: 'int32' | 'uint8'): void {
  const [least, most] = integerRanges[dtype];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (!(value >= least && value <= most && Number.isInteger(value))) {
      throw new ArgumentError(`tensor: ${dtype} elements must be whole numbers in [${least}, ${most}]; got ${value} as element ${i}`);
    }
  }
}
