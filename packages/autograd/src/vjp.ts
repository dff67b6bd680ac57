import { ArgumentError, mul, onesLike, ShapeError, sum, type Tensor, zerosLike } from '@dl/tensor';
import { formatShape, sameShape, withGradMode } from '@dl/tensor/internal';
import { differentiate } from './differentiate.ts';
import { checkedGradient } from './engine.ts';
import { Paths, type Wanted } from './paths.ts';
import { tieTensors } from './ties.ts';
import { pullBack, recorded, released, Variables } from './transform.ts';

/** One tensor for each. */
export type TensorTuple<Xs extends readonly Tensor[]> = { readonly [I in keyof Xs]: Tensor };

/**
 * The value of a function, and the function that takes a cotangent `v` of it to `vᵀ J`: one tensor for each argument.
 * PyTorch: `torch.func.vjp`.
 *
 * @throws DTypeError if an argument is not float32 or float64, and from the returned function ShapeError or DTypeError if the cotangent does not fit.
 * @example
 * const [y, pull] = vjp((x) => x.exp(), tensor([0, 1]));
 * const [slopes] = pull(onesLike(y)); // exp(x)
 */
export function vjp<const Xs extends readonly Tensor[]>(
  f: (...xs: TensorTuple<Xs>) => Tensor,
  ...xs: Xs
): readonly [Tensor, (cotangent: Tensor) => TensorTuple<Xs>] {
  const variables = new Variables('vjp');
  const y = called('vjp', f, xs, variables);
  const { hasOthers } = new Paths('vjp', [y], variables);
  return [
    released(y, hasOthers),
    (cotangent) => {
      const { gradients } = pullBack('vjp', y, checkedGradient('vjp', y, cotangent), variables);
      tieTensors(gradients);
      return tupleLike(xs, gradients);
    },
  ];
}

/**
 * The value of a function, and its derivative `J v` along `tangents`, one for each argument and of its shape. The derivative
 * comes from differentiating `uᵀ J` for `u`, which costs two backward passes. PyTorch: `torch.func.jvp`.
 *
 * @throws ArgumentError if there are not as many tangents as arguments; ShapeError if one does not fit; DTypeError where fractions are needed.
 * @example const [y, slope] = jvp((x) => x.sin(), [tensor(0)], [tensor(1)]); // 0, 1
 */
export function jvp<const Xs extends readonly Tensor[]>(
  f: (...xs: TensorTuple<Xs>) => Tensor,
  xs: Xs,
  tangents: TensorTuple<Xs>,
): readonly [Tensor, Tensor] {
  checkTangents(xs, tangents);
  const variables = new Variables('jvp');
  const cotangents = new Variables('jvp');
  const y = called('jvp', f, xs, variables);
  const u = cotangents.standIn(zerosLike(y));
  const along = withGradMode('jvp', true, () => {
    const { gradients } = pullBack('jvp', y, u, variables);
    return gradients.map((gradient, i) => sum(mul(gradient, tangents[i] ?? 0))).reduce((total, term) => total.add(term));
  });
  const wanted: Wanted = { has: (target) => cotangents.has(target), endsAt: (target) => variables.has(target) || cotangents.has(target) };
  const answer = differentiate({ caller: 'jvp', roots: [along], cotangents: [onesLike(along)], wanted, createGraph: 'asNeeded' });
  const tangent = answer.of(u.value) ?? zerosLike(y);
  const value = released(y, answer.hasOthers);
  tieTensors([value, tangent]);
  return [value, tangent];
}

function called<Xs extends readonly Tensor[]>(caller: string, f: (...xs: TensorTuple<Xs>) => Tensor, xs: Xs, variables: Variables): Tensor {
  const standIns = xs.map((x) => variables.standIn(x));
  return recorded(caller, () => f(...tupleLike(xs, standIns)));
}

function tupleLike<Xs extends readonly Tensor[]>(_xs: Xs, tensors: readonly Tensor[]): TensorTuple<Xs> {
  return tensors as TensorTuple<Xs>;
}

function checkTangents(xs: readonly Tensor[], tangents: readonly Tensor[]): void {
  if (xs.length !== tangents.length)
    throw new ArgumentError(`jvp: there must be one tangent for each argument, ${xs.length}; got ${tangents.length}`);
  for (const [i, x] of xs.entries()) {
    const tangent = tangents[i] ?? x;
    if (!sameShape(x.shape, tangent.shape)) {
      throw new ShapeError(`jvp: tangent ${i} must have its argument's shape, ${formatShape(x.shape)}; got ${formatShape(tangent.shape)}`);
    }
  }
}
