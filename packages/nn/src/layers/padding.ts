import { ArgumentError, pad, ShapeError, type Tensor } from '@dl/tensor';
import { checkInteger, checkTensor, describe, formatShape } from '@dl/tensor/internal';
import { Module } from '../module.ts';
import { tuple } from '../repr.ts';

/** Before and after the last dim. */
type Sides1d = number | readonly [left: number, right: number];
/** Before and after the last dim, then of the one before it. */
type Sides2d = number | readonly [left: number, right: number, top: number, bottom: number];
/** Before and after the last dim, then of the one before it, and so on. */
type Sides3d = number | readonly [left: number, right: number, top: number, bottom: number, front: number, back: number];

/** What all paddings share; negative numbers cut elements off. */
abstract class Pad extends Module {
  /** `[left, right, top, bottom, …]`: last dim first. */
  readonly padding: readonly number[];

  constructor(rank: number, padding: number | readonly number[]) {
    super();
    const sides = typeof padding === 'number' ? new Array<number>(2 * rank).fill(padding) : padding;
    if (!Array.isArray(sides) || sides.length !== 2 * rank) {
      throw new ArgumentError(`${new.target.name}: padding must be a number or a list of ${2 * rank}; got ${describe(padding)}`);
    }
    for (const side of sides) checkInteger(new.target.name, 'padding', side);
    this.padding = [...sides];
  }

  override extraRepr(): string {
    return tuple(this.padding);
  }

  /** Refuses inputs of another rank than those with or without a batch dim. */
  protected checkRank(x: Tensor): void {
    const { name } = this.constructor;
    checkTensor(name, 'x', x);
    const rank = this.padding.length / 2;
    if (x.ndim === rank + 1 || x.ndim === rank + 2) return;
    const layout = `C, ${['L', 'H, W', 'D, H, W'][rank - 1]}]`;
    throw new ShapeError(`${name}: x must be [N, ${layout} or [${layout}; got ${formatShape(x.shape)}`);
  }
}

/** What paddings with one number share. */
abstract class ConstantPad extends Pad {
  readonly value: number;

  constructor(rank: number, padding: number | readonly number[], value: number) {
    super(rank, padding);
    if (typeof value !== 'number') throw new ArgumentError(`${new.target.name}: value must be a number; got ${describe(value)}`);
    this.value = value;
  }

  override forward(x: Tensor): Tensor {
    this.checkRank(x);
    return pad(x, this.padding, { value: this.value });
  }

  override extraRepr(): string {
    return `padding=${tuple(this.padding)}, value=${this.value}`;
  }
}

/**
 * Puts a number around the last dim: x is `[N, C, L]` or `[C, L]`. PyTorch: `torch.nn.ConstantPad1d`.
 *
 * @throws ArgumentError if the padding is not a whole number or a pair of them; at the call ShapeError if the rank is wrong.
 * @example new ConstantPad1d([3, 1], 3.5)(x)
 */
export class ConstantPad1d extends ConstantPad {
  constructor(padding: Sides1d, value: number) {
    super(1, padding, value);
  }
}

/**
 * Puts a number around the last two dims: x is `[N, C, H, W]` or `[C, H, W]`; the padding is `[left, right, top, bottom]`.
 * PyTorch: `torch.nn.ConstantPad2d`.
 *
 * @throws ArgumentError if the padding is not a whole number or four of them; at the call ShapeError if the rank is wrong.
 * @example new ConstantPad2d([3, 0, 2, 1], 3.5)(x)
 */
export class ConstantPad2d extends ConstantPad {
  constructor(padding: Sides2d, value: number) {
    super(2, padding, value);
  }
}

/**
 * Puts a number around the last three dims: x is `[N, C, D, H, W]` or `[C, D, H, W]`; the padding is `[left, right, top, bottom, front,
 * back]`. PyTorch: `torch.nn.ConstantPad3d`.
 *
 * @throws ArgumentError if the padding is not a whole number or six of them; at the call ShapeError if the rank is wrong.
 * @example new ConstantPad3d(1, -1)(x)
 */
export class ConstantPad3d extends ConstantPad {
  constructor(padding: Sides3d, value: number) {
    super(3, padding, value);
  }
}

/** What paddings with zeros share. */
abstract class ZeroPad extends Pad {
  override forward(x: Tensor): Tensor {
    this.checkRank(x);
    return pad(x, this.padding);
  }
}

/**
 * Puts zeros around the last dim: x is `[N, C, L]` or `[C, L]`. PyTorch: `torch.nn.ZeroPad1d`.
 *
 * @throws as `ConstantPad1d`.
 * @example new ZeroPad1d([3, 1])(x)
 */
export class ZeroPad1d extends ZeroPad {
  constructor(padding: Sides1d) {
    super(1, padding);
  }
}

/**
 * Puts zeros around the last two dims: x is `[N, C, H, W]` or `[C, H, W]`. PyTorch: `torch.nn.ZeroPad2d`.
 *
 * @throws as `ConstantPad2d`.
 * @example new ZeroPad2d(2)(images)
 */
export class ZeroPad2d extends ZeroPad {
  constructor(padding: Sides2d) {
    super(2, padding);
  }
}

/**
 * Puts zeros around the last three dims: x is `[N, C, D, H, W]` or `[C, D, H, W]`. PyTorch: `torch.nn.ZeroPad3d`.
 *
 * @throws as `ConstantPad3d`.
 * @example new ZeroPad3d(1)(volumes)
 */
export class ZeroPad3d extends ZeroPad {
  constructor(padding: Sides3d) {
    super(3, padding);
  }
}

/** What paddings with the input itself share. */
abstract class MirrorPad extends Pad {
  protected abstract readonly mode: 'reflect' | 'replicate' | 'circular';

  override forward(x: Tensor): Tensor {
    this.checkRank(x);
    return pad(x, this.padding, { mode: this.mode });
  }
}

/** What paddings with a mirrored input share. */
abstract class ReflectionPad extends MirrorPad {
  protected override readonly mode = 'reflect';
}

/**
 * Mirrors the last dim at its edges, which are not repeated: `[1, 2, 3]` with 2 becomes `[3, 2, 1, 2, 3, 2, 1]`. x is `[N, C, L]` or
 * `[C, L]`. PyTorch: `torch.nn.ReflectionPad1d`.
 *
 * @throws ArgumentError if the padding is not a whole number or a pair of them; at the call ShapeError if the rank is wrong, or the padding
 *   not less than the size.
 * @example new ReflectionPad1d(2)(x)
 */
export class ReflectionPad1d extends ReflectionPad {
  constructor(padding: Sides1d) {
    super(1, padding);
  }
}

/**
 * Mirrors the last two dims, as `ReflectionPad1d` one: x is `[N, C, H, W]` or `[C, H, W]`. PyTorch: `torch.nn.ReflectionPad2d`.
 *
 * @throws as `ReflectionPad1d`.
 * @example new ReflectionPad2d([1, 1, 2, 0])(images)
 */
export class ReflectionPad2d extends ReflectionPad {
  constructor(padding: Sides2d) {
    super(2, padding);
  }
}

/**
 * Mirrors the last three dims, as `ReflectionPad1d` one: x is `[N, C, D, H, W]` or `[C, D, H, W]`. PyTorch: `torch.nn.ReflectionPad3d`.
 *
 * @throws as `ReflectionPad1d`.
 * @example new ReflectionPad3d(1)(volumes)
 */
export class ReflectionPad3d extends ReflectionPad {
  constructor(padding: Sides3d) {
    super(3, padding);
  }
}

/** What paddings with the edge share. */
abstract class ReplicationPad extends MirrorPad {
  protected override readonly mode = 'replicate';
}

/**
 * Repeats the edges of the last dim: `[1, 2, 3]` with 2 becomes `[1, 1, 1, 2, 3, 3, 3]`. x is `[N, C, L]` or `[C, L]`.
 * PyTorch: `torch.nn.ReplicationPad1d`.
 *
 * @throws ArgumentError if the padding is not a whole number or a pair of them; at the call ShapeError if the rank is wrong or x is empty.
 * @example new ReplicationPad1d(2)(x)
 */
export class ReplicationPad1d extends ReplicationPad {
  constructor(padding: Sides1d) {
    super(1, padding);
  }
}

/**
 * Repeats the edges of the last two dims: x is `[N, C, H, W]` or `[C, H, W]`. PyTorch: `torch.nn.ReplicationPad2d`.
 *
 * @throws as `ReplicationPad1d`.
 * @example new ReplicationPad2d(2)(images)
 */
export class ReplicationPad2d extends ReplicationPad {
  constructor(padding: Sides2d) {
    super(2, padding);
  }
}

/**
 * Repeats the edges of the last three dims: x is `[N, C, D, H, W]` or `[C, D, H, W]`. PyTorch: `torch.nn.ReplicationPad3d`.
 *
 * @throws as `ReplicationPad1d`.
 * @example new ReplicationPad3d(1)(volumes)
 */
export class ReplicationPad3d extends ReplicationPad {
  constructor(padding: Sides3d) {
    super(3, padding);
  }
}

/** What paddings with the other end share. */
abstract class CircularPad extends MirrorPad {
  protected override readonly mode = 'circular';
}

/**
 * Goes on with the other end of the last dim: `[1, 2, 3]` with 2 becomes `[2, 3, 1, 2, 3, 1, 2]`. x is `[N, C, L]` or `[C, L]`.
 * PyTorch: `torch.nn.CircularPad1d`.
 *
 * @throws ArgumentError if the padding is not a whole number or a pair of them; at the call ShapeError if the rank is wrong, or the padding
 *   greater than the size.
 * @example new CircularPad1d(2)(x)
 */
export class CircularPad1d extends CircularPad {
  constructor(padding: Sides1d) {
    super(1, padding);
  }
}

/**
 * Goes on with the other end of the last two dims: x is `[N, C, H, W]` or `[C, H, W]`. PyTorch: `torch.nn.CircularPad2d`.
 *
 * @throws as `CircularPad1d`.
 * @example new CircularPad2d(2)(images)
 */
export class CircularPad2d extends CircularPad {
  constructor(padding: Sides2d) {
    super(2, padding);
  }
}

/**
 * Goes on with the other end of the last three dims: x is `[N, C, D, H, W]` or `[C, D, H, W]`. PyTorch: `torch.nn.CircularPad3d`.
 *
 * @throws as `CircularPad1d`.
 * @example new CircularPad3d(1)(volumes)
 */
export class CircularPad3d extends CircularPad {
  constructor(padding: Sides3d) {
    super(3, padding);
  }
}
