import { noGrad } from '@dl/autograd';
import { ArgumentError, Tensor } from '@dl/tensor';
import { assign, describe, formatShape, sameShape } from '@dl/tensor/internal';
import { type Member, members } from '../members.ts';
import { Module } from '../module.ts';
import { Buffer, Parameter } from '../parameter.ts';
import type { Named } from '../walk.ts';
import { addField, tensorField } from './fields.ts';

/**
 * A module that computes a tensor from others: `forward(...originals)`. With `rightInverse` the originals start such that the tensor is
 * what it was; without, the original is the tensor itself.
 */
export interface Parametrization extends Module {
  rightInverse?(value: Tensor): Tensor | readonly Tensor[];
}

/** What a parametrized tensor is computed from. PyTorch: `torch.nn.utils.parametrize.ParametrizationList`. */
export class ParametrizationList extends Module {
  readonly #steps: Parametrization[] = [];
  readonly #originals: readonly string[];
  readonly #checked: boolean;

  /** @internal */
  constructor(first: Parametrization, value: Parameter | Buffer, options: { readonly unsafe: boolean }) {
    super();
    this.#checked = !options.unsafe;
    this.#steps.push(first);
    const inverse = originalsOf(first, value);
    if (inverse instanceof Tensor) {
      this.#originals = ['original'];
      addField(this, 'original', sameKind(value, inverse));
    } else {
      this.#originals = inverse.map((_, i) => `original${i}`);
      inverse.forEach((original, i) => {
        addField(this, `original${i}`, value instanceof Parameter ? new Parameter(original) : new Buffer(original));
      });
    }
    if (this.#checked) checkLike(this.forward(), value);
  }

  /** The tensors that are learned. */
  get originals(): readonly Tensor[] {
    return this.#originals.map((name) => tensorField(this, name));
  }

  /** Adds a further parametrization, which takes what the last one gives. @throws ArgumentError if it changes shape or dtype. */
  append(step: Parametrization): void {
    const before = this.forward();
    if (this.#checked) checkLike(computed(step, [before]), before);
    const inverse = originalsOf(step, before);
    this.#steps.push(step);
    if (inverse !== before) this.assignInverse(before);
  }

  override forward(): Tensor {
    const [first, ...rest] = this.#steps;
    if (first === undefined) throw new ArgumentError('ParametrizationList: must hold a parametrization; got none');
    return rest.reduce((value, step) => computed(step, [value]), computed(first, this.originals));
  }

  /** Gives the originals such values that the tensor becomes the one given, as far as the parametrizations can. */
  assignInverse(value: Tensor): void {
    const last = [...this.#steps].reverse();
    const originals = last.reduce<readonly Tensor[]>((values, step) => listOf(originalsOf(step, values[0] ?? value)), [value]);
    this.originals.forEach((original, i) => {
      assign(original, (originals[i] ?? original).detach());
    });
  }

  /** @internal */
  override [members](): readonly Named<Member>[] {
    return [...this.#steps.map((step, i) => [String(i), step] as const), ...super[members]()];
  }
}

/** What a parametrization makes of its originals. */
function computed(step: Parametrization, originals: readonly Tensor[]): Tensor {
  const value: unknown = Reflect.apply(step, undefined, originals);
  if (value instanceof Tensor) return value;
  throw new ArgumentError(`registerParametrization: a parametrization must return a tensor; got ${describe(value)}`);
}

function originalsOf(step: Parametrization, value: Tensor): Tensor | readonly Tensor[] {
  const { rightInverse } = step;
  if (rightInverse === undefined) return value;
  return noGrad<Tensor | readonly Tensor[]>(() => rightInverse.call(step, value));
}

function listOf(values: Tensor | readonly Tensor[]): readonly Tensor[] {
  return values instanceof Tensor ? [values] : values;
}

/** The same parameter or buffer with another value, so that optimizers that know it go on; a new one for another shape. */
function sameKind(owner: Parameter | Buffer, value: Tensor): Parameter | Buffer {
  if (value === owner) return owner;
  if (sameShape(owner.shape, value.shape) && owner.dtype === value.dtype) return assign(owner, value.detach());
  return owner instanceof Parameter ? new Parameter(value.detach()) : new Buffer(value.detach());
}

function checkLike(value: Tensor, original: Tensor): void {
  if (sameShape(value.shape, original.shape) && value.dtype === original.dtype) return;
  const [got, wanted] = [value, original].map(({ dtype, shape }) => `${dtype} ${formatShape(shape)}`);
  throw new ArgumentError(`registerParametrization: shape and dtype must stay, ${wanted}, unless unsafe is true; got ${got}`);
}
