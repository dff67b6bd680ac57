import type { DType, Shape, TensorSpec, TypedArray } from '@dl/tensor';
import { allocate, sizeOf } from '@dl/tensor/internal';

/** A tensor's elements with what they are. */
export type Elements = TensorSpec & { readonly data: TypedArray };

const special = [Number.NaN, -0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1, -1];

/** Elements that look random and are the same each time. `few`: of few different values, the special ones of floats among them. */
export function elements(shape: Shape, dtype: DType, seed = 1, few = false): Elements {
  const data = allocate(dtype, sizeOf(shape));
  for (let i = 0; i < data.length; i++) data[i] = elementOf(dtype, word(i, seed), few);
  return { shape, dtype, data };
}

/** Whole numbers in [0, limit), int32. */
export function indices(shape: Shape, limit: number, seed = 1): Elements {
  const data = allocate('int32', sizeOf(shape));
  for (let i = 0; i < data.length; i++) data[i] = word(i, seed) % limit;
  return { shape, dtype: 'int32', data };
}

function elementOf(dtype: DType, bits: number, few: boolean): number {
  if (dtype === 'bool') return bits & 1;
  if (few) return dtype.startsWith('float') ? (special[bits % special.length] as number) : bits % 5;
  if (dtype === 'uint8') return bits & 255;
  return dtype === 'int32' ? bits | 0 : bits / 2 ** 30 - 2;
}

/** 32 bits that differ in all places from those of the neighbours. */
function word(i: number, seed: number): number {
  let bits = Math.imul(i + 1, 0x9e3779b1) ^ Math.imul(seed, 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 16), 0x21f0aaad);
  bits = Math.imul(bits ^ (bits >>> 15), 0x735a2d97);
  return (bits ^ (bits >>> 15)) >>> 0;
}
