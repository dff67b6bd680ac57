import { ArgumentError, adopt, DataError, stack, Tensor, type TypedArray, tensor } from '@dl/tensor';
import { describe, formatShape } from '@dl/tensor/internal';

/** Typed arrays that stack into a tensor. */
type Elements = Float32Array | Float64Array | Int32Array | Uint8Array;

/**
 * What `defaultCollate` makes of samples of a type: tensors, numbers, booleans and typed arrays become one tensor with the batch
 * as first dim, texts a list; tuples, lists and objects keep their form, member by member.
 */
export type Collated<Sample> = [Sample] extends [Tensor | number | boolean | Elements]
  ? Tensor
  : [Sample] extends [string]
    ? string[]
    : Sample extends readonly unknown[]
      ? { -readonly [I in keyof Sample]: Collated<Sample[I]> }
      : Sample extends object
        ? { -readonly [K in keyof Sample]: Collated<Sample[K]> }
        : Sample[];

/**
 * Puts samples together into a batch. Tensors of one shape are stacked along a new first dim; whole numbers become int32 (class
 * numbers, say) and, if one has a fraction, float32; booleans bool. Where whole numbers can be fractions by accident, let the sample
 * hold a tensor. PyTorch: `torch.utils.data.default_collate`.
 *
 * @throws DataError if the samples differ in shape, kind, length or keys; ArgumentError if there are none.
 * @example const [images, labels] = defaultCollate([[imageA, 3], [imageB, 7]]); // shapes [2, …] and [2]
 */
export function defaultCollate<Sample>(samples: readonly Sample[]): Collated<Sample> {
  if (!Array.isArray(samples) || samples.length === 0)
    throw new ArgumentError(`defaultCollate: needs at least one sample; got ${describe(samples)}`);
  // The type is the recursion of `collate`, which the compiler cannot follow.
  return collate(samples, 'sample') as Collated<Sample>;
}

// ---------------------------------------------------------------------------------------------------------------------

/** Makes one value of one place in all the samples; `place` names it in errors. */
function collate(values: readonly unknown[], place: string): unknown {
  const [first] = values;
  if (isTensor(first))
    return stackAll(
      values.map((value) => (isTensor(value) ? value : differ(place, first, value))),
      place,
    );
  if (typeof first === 'number') return numbers(allOf('number', values, place));
  if (typeof first === 'boolean') return tensor(allOf('boolean', values, place));
  if (typeof first === 'string') return allOf('string', values, place);
  if (isElements(first))
    return stackAll(
      values.map((value) => (isElements(value) ? tensor(value) : differ(place, first, value))),
      place,
    );
  if (Array.isArray(first)) return collateArrays(values, first, place);
  if (typeof first === 'object' && first !== null) return collateObjects(values, first, place);
  throw new DataError(
    `defaultCollate: ${place} must be tensors, numbers, booleans, texts, arrays or objects; got ${describe(first)}. Give the loader a collate function`,
  );
}

function stackAll(tensors: readonly Tensor[], place: string): Tensor {
  const [first] = tensors;
  const odd = tensors.find(({ shape, dtype }) => dtype !== first?.dtype || String(shape) !== String(first.shape));
  if (first !== undefined && odd !== undefined) {
    const [a, b] = [first, odd].map(({ shape, dtype }) => `${dtype} ${formatShape(shape)}`);
    throw new DataError(
      `defaultCollate: tensors of a batch must have one shape and dtype; got ${a} and ${b} (${place}). Give the loader a collate function that pads them`,
    );
  }
  return stack(tensors);
}

const greatestInt32 = 2 ** 31;

function numbers(values: readonly number[]): Tensor {
  const areWhole = values.every((value) => Number.isInteger(value) && value >= -greatestInt32 && value < greatestInt32);
  return adopt(areWhole ? Int32Array.from(values) : Float32Array.from(values));
}

function collateArrays(values: readonly unknown[], first: readonly unknown[], place: string): unknown[] {
  const arrays = values.map((value) =>
    Array.isArray(value) && value.length === first.length ? (value as readonly unknown[]) : differ(place, first, value),
  );
  return first.map((_, i) =>
    collate(
      arrays.map((array) => array[i]),
      `${place}[${i}]`,
    ),
  );
}

function collateObjects(values: readonly unknown[], first: object, place: string): object {
  const records = values.map((value) => (isRecord(value) ? value : differ(place, first, value)));
  const at = (record: Readonly<Record<string, unknown>>, key: string): unknown =>
    Object.hasOwn(record, key) ? record[key] : differ(place, `an object with ${key}`, 'one without');
  return Object.fromEntries(
    Object.keys(first).map((key) => [
      key,
      collate(
        records.map((record) => at(record, key)),
        `${place}.${key}`,
      ),
    ]),
  );
}

interface Primitives {
  number: number;
  boolean: boolean;
  string: string;
}

function allOf<Kind extends keyof Primitives>(kind: Kind, values: readonly unknown[], place: string): Primitives[Kind][] {
  const isKind = (value: unknown): value is Primitives[Kind] => typeof value === kind;
  return values.map((value) => (isKind(value) ? value : differ(place, values[0], value)));
}

function differ(place: string, first: unknown, other: unknown): never {
  throw new DataError(`defaultCollate: the samples of a batch must be alike; got ${describe(first)} and ${describe(other)} (${place})`);
}

function isTensor(value: unknown): value is Tensor {
  return value instanceof Tensor;
}

function isElements(value: unknown): value is TypedArray {
  return value instanceof Float32Array || value instanceof Float64Array || value instanceof Int32Array || value instanceof Uint8Array;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
