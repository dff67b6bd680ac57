import { apply } from '../apply.ts';
import { checkInteger, checkNumber, checkOneOf, checkTensor, describe } from '../checks.ts';
import { ArgumentError, ShapeError } from '../errors.ts';
import { formatShape } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { cat } from './joining.ts';
import { checkList } from './movement.ts';
import { constant } from './operands.ts';
import { type ResolvedRange, sliceAll, slicePart } from './slicing.ts';

/** How `pad` fills. */
export interface PadOptions {
  /** What the new elements are. Default 0. */
  readonly value?: number;
  /** `constant`, or taken from x: mirrored without the edge, the edge itself, or from the other end. Default `constant`. */
  readonly mode?: 'constant' | 'reflect' | 'replicate' | 'circular';
}

/**
 * Adds elements before and after: `padding` is `[left, right]` of the last dim, then of the one before it, and so on, as in
 * PyTorch's `torch.nn.functional.pad`. Negative numbers cut elements off.
 *
 * @throws ShapeError if more is cut off than there is, or mirrored than there is.
 * @example ones([2, 3]).pad([1, 2]).shape // [2, 6]
 */
export function pad(x: Tensor, padding: readonly number[], { value = 0, mode = 'constant' }: PadOptions = {}): Tensor {
  checkTensor('pad', 'x', x);
  if (!Number.isNaN(value)) checkNumber('pad', 'value', value);
  checkOneOf('pad', 'mode', mode, ['constant', 'reflect', 'replicate', 'circular']);
  const margins = marginsOf(x, padding);
  const cropped = crop(x, margins);
  const added = margins.map(({ before, after }) => ({ before: Math.max(before, 0), after: Math.max(after, 0) }));
  if (added.every(({ before, after }) => before + after === 0)) return cropped;
  if (mode !== 'constant') return extend(cropped, added, mode);
  return value === 0 ? padZeros(cropped, added) : padValue(cropped, added, value);
}

export const paddingMethods = { pad };

// ---------------------------------------------------------------------------------------------------------------------

interface Margin {
  readonly before: number;
  readonly after: number;
}

/** PyTorch's list, last dim first, as one margin for each dim in order. */
function marginsOf(x: Tensor, padding: readonly number[]): Margin[] {
  checkList('pad', 'padding', padding);
  if (padding.length % 2 === 1 || padding.length > 2 * x.ndim) {
    throw new ArgumentError(`pad: padding must be pairs, last dim first, for at most the ${x.ndim} dims; got ${describe(padding)}`);
  }
  for (const amount of padding) checkInteger('pad', 'padding', amount);
  return x.shape.map((size, dim) => {
    const pair = 2 * (x.ndim - 1 - dim);
    const margin = { before: padding[pair] ?? 0, after: padding[pair + 1] ?? 0 };
    if (size + Math.min(margin.before, 0) + Math.min(margin.after, 0) < 0) {
      throw new ShapeError(
        `pad: cannot cut off more than there is; got ${margin.before} and ${margin.after} for dim ${dim} of ${formatShape(x.shape)}`,
      );
    }
    return margin;
  });
}

function crop(x: Tensor, margins: readonly Margin[]): Tensor {
  const ranges = margins.map(({ before, after }, dim) => {
    const start = Math.max(-before, 0);
    return { start, step: 1, length: (x.shape[dim] ?? 1) - start - Math.max(-after, 0) };
  });
  return sliceAll(x, ranges);
}

function padZeros(x: Tensor, margins: readonly Margin[]): Tensor {
  const shape = x.shape.map((size, dim) => size + (margins[dim]?.before ?? 0) + (margins[dim]?.after ?? 0));
  return apply(
    'pad',
    [x],
    { shape, steps: shape.map(() => 1) },
    margins.map(({ before }) => before),
  );
}

function padValue(x: Tensor, margins: readonly Margin[], value: number): Tensor {
  const fill = constant('pad', value, x.dtype);
  const block = (like: Tensor, dim: number, size: number) => {
    const shape = like.shape.map((length, i) => (i === dim ? size : length));
    return apply('expand', [fill], { shape }, []);
  };
  return joinEach(x, margins, (part, dim, { before, after }) => [block(part, dim, before), part, block(part, dim, after)]);
}

/** Adds to each dim in turn what `parts` puts around it. */
function joinEach(x: Tensor, margins: readonly Margin[], parts: (x: Tensor, dim: number, margin: Margin) => readonly Tensor[]): Tensor {
  return margins.reduce((padded, margin, dim) => {
    if (margin.before + margin.after === 0) return padded;
    // What is padded stays, even if empty: gradients go to it.
    return cat(
      parts(padded, dim, margin).filter((part) => part === padded || part.shape[dim] !== 0),
      { dim },
    );
  }, x);
}

function extend(x: Tensor, margins: readonly Margin[], mode: 'reflect' | 'replicate' | 'circular'): Tensor {
  return joinEach(x, margins, (part, dim, { before, after }) => {
    const size = part.shape[dim] ?? 1;
    const least = { reflect: Math.max(before, after) + 1, replicate: 1, circular: Math.max(before, after) }[mode];
    if (size < least)
      throw new ShapeError(`pad: mode ${mode} needs at least ${least} elements in dim ${dim}; got ${formatShape(part.shape)}`);
    const [left, right] = around[mode](size, before, after);
    return [edge(part, dim, left), part, edge(part, dim, right)];
  });
}

/** What goes before and after a dim, as slices of it; a step of 0 repeats one element. */
const around: Readonly<
  Record<'reflect' | 'replicate' | 'circular', (size: number, before: number, after: number) => readonly [ResolvedRange, ResolvedRange]>
> = {
  reflect: (size, before, after) => [
    { start: before, step: -1, length: before },
    { start: size - 2, step: -1, length: after },
  ],
  replicate: (size, before, after) => [
    { start: 0, step: 0, length: before },
    { start: size - 1, step: 0, length: after },
  ],
  circular: (size, before, after) => [
    { start: size - before, step: 1, length: before },
    { start: 0, step: 1, length: after },
  ],
};

function edge(x: Tensor, dim: number, range: ResolvedRange): Tensor {
  if (range.step !== 0) return slicePart(x, dim, range);
  const one = slicePart(x, dim, { ...range, step: 1, length: 1 });
  const shape = one.shape.map((size, i) => (i === dim ? range.length : size));
  return range.length === 1 ? one : apply('expand', [one], { shape }, []);
}
