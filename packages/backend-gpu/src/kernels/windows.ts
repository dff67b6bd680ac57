// Code of kernels that move windows over any number of spatial dims: names end in the dim's number.
import { sizeOf } from '@dl/tensor/internal';

/** What moves a window: one number for each spatial dim. */
interface Moves {
  readonly stride: readonly number[];
  readonly padding: readonly number[];
  readonly dilation?: readonly number[];
}

/** Sizes of a plane, of its windows' places, and of a window. */
export interface Planes {
  readonly elements: readonly number[];
  readonly windows: readonly number[];
  readonly kernel: readonly number[];
}

const words = ['elements', 'windows', 'kernel', 'stride', 'padding', 'dilation'] as const;

export const dimsOf = (rank: number): readonly number[] => Array.from({ length: rank }, (_, dim) => dim);

/** What the generated code calls its arguments, in the order of `windowNumbers`. */
export function windowNames(rank: number): string[] {
  return dimsOf(rank).flatMap((dim) => words.map((word) => `${word}${dim}`));
}

export function windowNumbers({ elements, windows, kernel }: Planes, { stride, padding, dilation }: Moves): number[] {
  return kernel.flatMap((size, dim) => [
    elements[dim] ?? 1,
    windows[dim] ?? 1,
    size,
    stride[dim] ?? 1,
    padding[dim] ?? 0,
    dilation?.[dim] ?? 1,
  ]);
}

/** A number of a place, and how many there are of it. */
export type Coordinate = readonly [name: string, size: string];

/** `word0`, `word1`, … each with the size that the second word names. */
export function each(rank: number, name: string, size: string): readonly Coordinate[] {
  return dimsOf(rank).map((dim) => [`${name}${dim}`, `${size}${dim}`]);
}

/** Statements that find a thread's coordinates, outermost first; nobody asks for the size of the outermost. */
export function located(coordinates: readonly Coordinate[]): string {
  let rest = 'this.thread.x';
  const lines = coordinates.toReversed().map(([name, size], i) => {
    const whole = rest;
    if (i === coordinates.length - 1) return `const ${name} = ${whole};`;
    rest = `above${name}`;
    return `const ${rest} = idiv(${whole}, ${size});\nconst ${name} = ${whole} - ${rest} * ${size};`;
  });
  return lines.join('\n');
}

/** The place of coordinates in memory. */
export function placeOf(coordinates: readonly Coordinate[]): string {
  const [first, ...others] = coordinates;
  return others.reduce((place, [name, size]) => `(${place}) * ${size} + ${name}`, first?.[0] ?? '0');
}

/** Runs `body` for each element `at` that the window `window` sees through the kernel's element `tap`. */
export function overTaps(rank: number, body: string): string {
  return dimsOf(rank).reduceRight(
    (inner, dim) => `for (let tap${dim} = 0; tap${dim} < kernel${dim}; tap${dim}++) {
      const at${dim} = window${dim} * stride${dim} - padding${dim} + tap${dim} * dilation${dim};
      if (at${dim} >= 0 && at${dim} < elements${dim}) {
        ${inner}
      }
    }`,
    body,
  );
}

/** Runs `body` for each window `window` that sees the element `at`, through the kernel's element `tap`. */
export function overWindows(rank: number, body: string): string {
  return dimsOf(rank).reduceRight(
    (inner, dim) => `for (let tap${dim} = 0; tap${dim} < kernel${dim}; tap${dim}++) {
      const way${dim} = at${dim} + padding${dim} - tap${dim} * dilation${dim};
      if (way${dim} >= 0) {
        const window${dim} = idiv(way${dim}, stride${dim});
        if (window${dim} * stride${dim} === way${dim} && window${dim} < windows${dim}) {
          ${inner}
        }
      }
    }`,
    body,
  );
}

/** How many elements a plane has. */
export function planeSize(shape: readonly number[]): number {
  return sizeOf(shape.slice(2));
}
