import type { Buffer } from '../backend.ts';
import type { TypedArray } from '../dtype.ts';
import { BackendError, ShapeError } from '../errors.ts';
import type { Storage, Value } from '../graph/node.ts';
import { formatShape, type Shape } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { capture } from './capture.ts';
import { breathe, handled } from './runs.ts';

/** Numbers in arrays nested as deep as the tensor has dimensions; a number for a scalar. */
export type NestedNumbers = number | readonly NestedNumbers[];

/**
 * Evaluates tensors together, as one plan.
 *
 * @example await evaluate(loss, accuracy);
 */
export function evaluate(...tensors: readonly Tensor[]): Promise<void> {
  return asynchronous(() => capture(tensors.map(({ value }) => value)));
}

/** Starts an evaluation that nobody waits for. What goes wrong is told to whoever reads. */
export function startEvaluation(values: readonly Value[]): void {
  void asynchronous(() => capture(values));
}

/**
 * A copy of the elements, in row-major order.
 *
 * @example (await tensor([[1, 2], [3, 4]]).data()) // Float32Array [1, 2, 3, 4]
 */
export function data(x: Tensor): Promise<TypedArray> {
  return asynchronous(() => {
    const buffer = captured(x);
    return buffer.backend.read(buffer);
  });
}

/**
 * The only element of a tensor, as a number; a bool is 0 or 1.
 *
 * @throws ShapeError if there are more elements, or none.
 * @example await loss.item()
 */
export function item(x: Tensor): Promise<number> {
  return asynchronous(() => {
    checkSingle(x);
    const buffer = captured(x);
    return buffer.backend.read(buffer).then((elements) => elements[0] as number);
  });
}

/**
 * What `data()` gives, at once.
 *
 * @throws BackendError where the backend is asynchronous.
 */
export function dataSync(x: Tensor): TypedArray {
  const buffer = captured(x);
  const { backend } = buffer;
  if (backend.readSync === undefined) {
    throw new BackendError(`dataSync: the ${backend.name} backend is asynchronous and cannot be read at once; use await t.data()`);
  }
  return backend.readSync(buffer);
}

/** What `item()` gives, at once. Throws where the backend is asynchronous. */
export function itemSync(x: Tensor): number {
  checkSingle(x);
  return dataSync(x)[0] as number;
}

/**
 * The elements as nested arrays.
 *
 * @example await tensor([[1, 2], [3, 4]]).tolist() // [[1, 2], [3, 4]]
 */
export async function tolist(x: Tensor): Promise<NestedNumbers> {
  const { shape } = x;
  return nest(await data(x), shape);
}

export const evaluationMethods = { data, item, dataSync, itemSync, tolist };

/** Runs what captures at once, and awaits the rest; a throw becomes a rejection, and none is left unhandled. */
function asynchronous<T>(start: () => Promise<T>): Promise<T> {
  try {
    return handled(
      start().then(async (result) => {
        await breathe();
        return result;
      }),
    );
  } catch (error) {
    return handled(Promise.reject(error));
  }
}

function captured({ value }: Tensor): Buffer {
  void capture([value]);
  const { buffer, error } = value.storage as Storage;
  if (error !== null) throw error;
  return buffer;
}

function checkSingle(x: Tensor): void {
  if (x.numel() !== 1)
    throw new ShapeError(`item: the tensor must have one element; got shape ${formatShape(x.shape)}. Use data() or tolist()`);
}

function nest(elements: TypedArray, shape: Shape, offset = 0, stride = elements.length): NestedNumbers {
  const [size, ...rest] = shape;
  if (size === undefined) return elements[offset] as number;
  return Array.from({ length: size }, (_, i) => nest(elements, rest, offset + i * (stride / size), stride / size));
}
