import type { Shape } from '@dl/tensor';

/** How operands are stepped through while the elements of a shape are counted off: the fewest dims that do it. */
export interface Walk {
  readonly sizes: readonly number[];
  /** For each operand, a stride for each size; 0 where it repeats. */
  readonly strides: readonly (readonly number[])[];
}

/** Drops dims of size 1 and joins neighbours that every operand walks through in one stride. At least one dim is left. */
export function walkOf(shape: Shape, strides: readonly (readonly number[])[]): Walk {
  const sizes: number[] = [];
  const joined: number[][] = strides.map(() => []);
  shape.forEach((size, dim) => {
    if (size === 1) return;
    const last = sizes.length - 1;
    const joins = last >= 0 && strides.every((own, i) => joined[i]?.[last] === (own[dim] ?? 0) * size);
    if (joins) sizes[last] = (sizes[last] ?? 1) * size;
    else sizes.push(size);
    const at = joins ? last : last + 1;
    strides.forEach((own, i) => {
      const row = joined[i];
      if (row !== undefined) row[at] = own[dim] ?? 0;
    });
  });
  return sizes.length > 0 ? { sizes, strides: joined } : { sizes: [1], strides: strides.map(() => [0]) };
}

/** Strides of an operand of `shape` within the shape it broadcasts to. */
export function broadcastStrides(shape: Shape, target: Shape): number[] {
  const strides = new Array<number>(target.length).fill(0);
  let stride = 1;
  for (let i = 1; i <= shape.length; i++) {
    const size = shape[shape.length - i] ?? 1;
    if (size !== 1) strides[target.length - i] = stride;
    stride *= size;
  }
  return strides;
}

/** What `walkCode` calls its arguments, in the order of `walkNumbers`. */
export function walkNames(prefix: string, rank: number, operands: readonly string[]): string[] {
  const dims = Array.from({ length: rank }, (_, dim) => dim);
  return [...dims.slice(1).map((dim) => `${prefix}Size${dim}`), ...operands.flatMap((name) => dims.map((dim) => `${prefix}${name}${dim}`))];
}

/** The sizes but the outermost, then each operand's strides. */
export function walkNumbers({ sizes, strides }: Walk): number[] {
  return [...sizes.slice(1), ...strides.flat()];
}

/** Statements that leave the offset of each operand in `<prefix><operand>At`, given the element's number. */
export function walkCode(prefix: string, rank: number, operands: readonly string[], element: string): string {
  const lines: string[] = [];
  let rest = element;
  const coordinates = [element];
  for (let dim = rank - 1; dim > 0; dim--) {
    lines.push(`const ${prefix}Rest${dim} = idiv(${rest}, ${prefix}Size${dim});`);
    lines.push(`const ${prefix}Dim${dim} = ${rest} - ${prefix}Rest${dim} * ${prefix}Size${dim};`);
    rest = `${prefix}Rest${dim}`;
    coordinates[dim] = `${prefix}Dim${dim}`;
  }
  coordinates[0] = rest;
  for (const name of operands) {
    lines.push(`const ${prefix}${name}At = ${coordinates.map((coordinate, dim) => `${coordinate} * ${prefix}${name}${dim}`).join(' + ')};`);
  }
  return lines.join('\n');
}

/** A shape seen from one dim: how many blocks before it, its size, how many elements inside. */
export function aroundDim(shape: Shape, dim: number): { readonly outer: number; readonly length: number; readonly inner: number } {
  const product = (sizes: Shape) => sizes.reduce((all, size) => all * size, 1);
  return { outer: product(shape.slice(0, dim)), length: shape[dim] ?? 1, inner: product(shape.slice(dim + 1)) };
}
