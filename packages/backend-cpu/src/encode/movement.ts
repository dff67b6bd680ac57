import type { Shape } from '@dl/tensor';
import { bytesOf, type MovementPrimitives, sizeOf, stridesOf } from '@dl/tensor/internal';
import { copyEncoding, wholeCopyEncoding } from './copy.ts';
import type { EncoderTable } from './encoding.ts';

export const movementEncoders: EncoderTable<keyof MovementPrimitives> = {
  reshape: ({ outputs: [output] }) => wholeCopyEncoding(output),
  detach: ({ outputs: [output] }) => wholeCopyEncoding(output),
  permute: ({ inputs: [x], outputs: [output], params: { dims } }) => {
    const strides = stridesOf(x.shape);
    return copyEncoding(
      output,
      dims.map((dim) => strides[dim] ?? 0),
    );
  },
  expand: ({ inputs: [x], outputs: [output] }) => copyEncoding(output, expandedStrides(x.shape, output.shape)),
  slice: ({ inputs: [x], outputs: [output], params: { steps } }) => {
    const strides = stridesOf(x.shape);
    return copyEncoding(
      output,
      strides.map((stride, dim) => stride * (steps[dim] ?? 1)),
      strides,
    );
  },
  pad: ({ inputs: [x], outputs: [output], params: { steps } }) => {
    const dims = paddedDims(x.shape, output.shape, steps);
    const lists = (['size', 'count', 'step', 'slot', 'factor'] as const).flatMap((name) => dims.map((dim) => dim[name]));
    return { kernel: 'pad', params: [bytesOf[output.dtype], dims.length, ...lists] };
  },
  cat: ({ inputs, outputs: [output], params: { dim } }) => {
    let end = 0;
    const ends = inputs.map(({ shape }) => (end += sizeOf(shape.slice(dim))));
    return { kernel: 'cat', params: [bytesOf[output.dtype], sizeOf(output.shape.slice(0, dim)), inputs.length, ...ends] };
  },
};

/** Strides that repeat a shape's elements over a larger one: 0 where the size was 1 or absent. */
function expandedStrides(from: Shape, to: Shape): number[] {
  const strides = stridesOf(from);
  const added = to.length - from.length;
  return to.map((_, i) => (from[i - added] === 1 ? 0 : (strides[i - added] ?? 0)));
}

/** One dim of a pad: `count` elements at `start + i * step` of `size`; the start is a scalar times a factor, or 0 without a slot. */
interface PaddedDim {
  readonly size: number;
  readonly count: number;
  readonly step: number;
  readonly slot: number;
  readonly factor: number;
}

/** The dims without those of size 1, and the ones that are filled as part of those before them; at least one dim. */
function paddedDims(from: Shape, to: Shape, steps: readonly number[]): readonly PaddedDim[] {
  if (sizeOf(from) === 0) return [{ size: sizeOf(to), count: 0, step: 1, slot: -1, factor: 0 }];
  const dims: PaddedDim[] = [];
  for (let i = to.length - 1; i >= 0; i--) {
    const dim: PaddedDim = { size: to[i] as number, count: from[i] as number, step: steps[i] as number, slot: i, factor: 1 };
    const inner = dims[0];
    if (dim.size === 1) continue;
    if (inner !== undefined && isFilled(inner) && dim.step === 1) dims[0] = merged(dim, inner);
    else dims.unshift(dim);
  }
  return dims.length > 0 ? dims : [{ size: 1, count: 1, step: 1, slot: -1, factor: 0 }];
}

function isFilled({ size, count, step }: PaddedDim): boolean {
  return size === count && step === 1;
}

function merged(outer: PaddedDim, { size }: PaddedDim): PaddedDim {
  return { ...outer, size: outer.size * size, count: outer.count * size, factor: size };
}
