import type { TypedArray } from '../dtype.ts';
import type { ReferenceKernel } from '../primitives/tables.ts';

/**
 * Floats become integers as `saturated` says; uint8 then takes the lowest 8 bits. Everything else converts as typed arrays do.
 */
export const cast: ReferenceKernel<'cast'> = ([{ data: out }], [{ data: x }], { dtype }) => {
  if (dtype === 'bool') castToBool(out, x);
  else if (out instanceof Float32Array) castToFloat32(out, x);
  else if (x instanceof Float32Array || x instanceof Float64Array) castFromFloat(out, x);
  else out.set(x);
};

function castToBool(out: TypedArray, x: TypedArray): void {
  for (let i = 0; i < out.length; i++) out[i] = x[i] === 0 ? 0 : 1;
}

function castToFloat32(out: Float32Array, x: TypedArray): void {
  for (let i = 0; i < out.length; i++) out[i] = x[i] as number;
}

function castFromFloat(out: TypedArray, x: Float32Array | Float64Array): void {
  if (out instanceof Float64Array) out.set(x);
  else for (let i = 0; i < out.length; i++) out[i] = saturated(x[i] as number);
}

const least = -(2 ** 31);
const most = 2 ** 31 - 1;

/** Towards zero, to the nearest int32; `NaN` is 0. */
function saturated(x: number): number {
  if (x >= most) return most;
  if (x <= least) return least;
  return x | 0;
}
