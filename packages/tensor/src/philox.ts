/**
 * Philox 4x32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as
 * 1, 2, 3" (2011): four random words are a function of four counter words and two key words, so that every thread of
 * every device can make its own without asking another.
 *
 * How @dl uses it, for all backends to agree bit by bit:
 * - key: (seedLow, seedHigh);
 * - counter: (block modulo 2^32, floor(block / 2^32), offset, stream);
 * - float32: element i is lane `i % 4` of block `floor(i / 4)`, as `(word >>> 8) * 2^-24`;
 * - float64: element i is lanes `2 (i % 2)` and `2 (i % 2) + 1` of block `floor(i / 2)`, the first the high one,
 *   as `((high >>> 5) * 2^26 + (low >>> 6)) * 2^-53`.
 */
export type PhiloxScalars = readonly [seedLow: number, seedHigh: number, stream: number, offset: number];

/** Four random words of one counter, into `out`. */
export function philox(out: Uint32Array, c0: number, c1: number, c2: number, c3: number, seedLow: number, seedHigh: number): void {
  let a = c0 | 0;
  let b = c1 | 0;
  let c = c2 | 0;
  let d = c3 | 0;
  let k0 = seedLow | 0;
  let k1 = seedHigh | 0;
  for (let round = 0; round < 10; round++) {
    const high0 = highProduct(a, 0xd251, 0x1f53);
    const high1 = highProduct(c, 0xcd9e, 0x8d57);
    const low0 = Math.imul(a, 0xd2511f53);
    const low1 = Math.imul(c, 0xcd9e8d57);
    a = high1 ^ b ^ k0;
    b = low1;
    c = high0 ^ d ^ k1;
    d = low0;
    k0 = (k0 + 0x9e3779b9) | 0;
    k1 = (k1 + 0xbb67ae85) | 0;
  }
  out[0] = a;
  out[1] = b;
  out[2] = c;
  out[3] = d;
}

/** The upper 32 bits of the product of `x` with a constant given in two halves, in 32-bit steps that cannot overflow. */
function highProduct(x: number, high: number, low: number): number {
  const xLow = x & 0xffff;
  const xHigh = x >>> 16;
  const middle = (Math.imul(xHigh, low) + (Math.imul(xLow, low) >>> 16)) | 0;
  const cross = (Math.imul(xLow, high) + (middle & 0xffff)) | 0;
  return (Math.imul(xHigh, high) + (middle >>> 16) + (cross >>> 16)) | 0;
}

/** Fills an array with uniform numbers in [0, 1): 24 random bits each for float32, 53 for float64. */
export function fillUniform(data: Float32Array | Float64Array, scalars: PhiloxScalars): void {
  if (data instanceof Float32Array) fillFloat32(data, scalars);
  else fillFloat64(data, scalars);
}

const words = new Uint32Array(4);
const twoTo32 = 2 ** 32;

function fillFloat32(data: Float32Array, [seedLow, seedHigh, stream, offset]: PhiloxScalars): void {
  for (let i = 0, block = 0; i < data.length; i += 4, block++) {
    philox(words, block, Math.floor(block / twoTo32), offset, stream, seedLow, seedHigh);
    const lanes = Math.min(4, data.length - i);
    for (let lane = 0; lane < lanes; lane++) data[i + lane] = ((words[lane] as number) >>> 8) * 2 ** -24;
  }
}

function fillFloat64(data: Float64Array, [seedLow, seedHigh, stream, offset]: PhiloxScalars): void {
  for (let i = 0, block = 0; i < data.length; i += 2, block++) {
    philox(words, block, Math.floor(block / twoTo32), offset, stream, seedLow, seedHigh);
    data[i] = uniform53(words[0] as number, words[1] as number);
    if (i + 1 < data.length) data[i + 1] = uniform53(words[2] as number, words[3] as number);
  }
}

/** A number in [0, 1) of 53 random bits. */
export function uniform53(high: number, low: number): number {
  return ((high >>> 5) * 2 ** 26 + (low >>> 6)) * 2 ** -53;
}
