import { ArgumentError, onesLike, ShapeError, type Tensor } from '@dl/tensor';
import { checkFloating, describe, formatShape } from '@dl/tensor/internal';
import { tieTensors } from './ties.ts';
import { pullBack, recorded, released, Variables } from './transform.ts';
import { mapTensors, type TensorsOf } from './tree.ts';

/** Which arguments a function is differentiated for: a position, or a list of positions. */
export type ArgNums = number | readonly number[];

/** What `grad` and `valueAndGrad` may be told. */
export interface GradOptions<N extends ArgNums = ArgNums> {
  /** Which arguments to differentiate for. Default 0, the first. */
  readonly argnums?: N;
}

/** The gradient for one argument, or a list of gradients: each nested as its argument is. */
export type GradientOf<Args extends readonly unknown[], N extends ArgNums> = N extends readonly number[]
  ? { readonly [I in keyof N]: TensorsOf<Args[N[I] & keyof Args]> }
  : TensorsOf<Args[N & keyof Args]>;

/**
 * The function that computes the gradient of a scalar function. An argument that is differentiated for may be a tensor, or
 * arrays and plain objects of tensors: the gradient is nested in the same way, with zeros for what is not used.
 * Nest it for higher orders. PyTorch: `torch.func.grad`.
 *
 * @throws ArgumentError from the returned function if `argnums` names no argument, or one that holds anything but tensors, or if
 *   `f` returns a promise; ShapeError if `f` returns more than one element; DTypeError where fractions are needed.
 * @example
 * const cube = (x: Tensor) => x.mul(x).mul(x);
 * await grad(cube)(tensor(2)).item(); // 12
 * await grad(grad(cube))(tensor(2)).item(); // 12
 */
export function grad<Args extends readonly unknown[], const N extends ArgNums = 0>(
  f: (...args: Args) => Tensor,
  options: GradOptions<N> = {},
): (...args: Args) => GradientOf<Args, N> {
  return (...args) => differentiated('grad', f, options, args)[1];
}

/**
 * As `grad`, but the returned function gives the value of `f` too: `[value, gradient]`. PyTorch: `torch.func.grad_and_value`.
 *
 * @throws what `grad` throws.
 * @example
 * const [loss, slopes] = valueAndGrad((w: { a: Tensor; b: Tensor }) => w.a.mul(w.b).sum())({ a, b });
 */
export function valueAndGrad<Args extends readonly unknown[], const N extends ArgNums = 0>(
  f: (...args: Args) => Tensor,
  options: GradOptions<N> = {},
): (...args: Args) => readonly [Tensor, GradientOf<Args, N>] {
  return (...args) => differentiated('valueAndGrad', f, options, args);
}

function differentiated<Args extends readonly unknown[], N extends ArgNums>(
  caller: string,
  f: (...args: Args) => Tensor,
  { argnums }: GradOptions<N>,
  args: Args,
): readonly [Tensor, GradientOf<Args, N>] {
  const positions: readonly number[] = typeof argnums === 'object' ? argnums : [argnums ?? 0];
  for (const position of positions) checkPosition(caller, position, args.length);
  const variables = new Variables(caller);
  const called = args.map((arg, i) => (positions.includes(i) ? mapTensors(caller, arg, (x) => variables.standIn(x)) : arg));
  // The same arguments with stand-ins for tensors.
  const y = recorded(caller, () => f(...(called as readonly unknown[] as Args)));
  checkScalar(caller, y);
  const { gradients, hasOthers } = pullBack(caller, y, onesLike(y), variables);
  const value = released(y, hasOthers);
  tieTensors([value, ...gradients]);
  const gradientOf = new Map(variables.list.map((x, i) => [x, gradients[i] ?? x]));
  const trees = positions.map((position) => mapTensors(caller, called[position], (x) => gradientOf.get(x) ?? x));
  return [value, (typeof argnums === 'object' ? trees : trees[0]) as GradientOf<Args, N>];
}

function checkPosition(caller: string, position: number, count: number): void {
  if (Number.isInteger(position) && position >= 0 && position < count) return;
  throw new ArgumentError(`${caller}: argnums must name arguments, from 0 to ${count - 1}; got ${describe(position)}`);
}

function checkScalar(caller: string, y: Tensor): void {
  checkFloating(caller, 'the result of the function', y);
  if (y.numel() !== 1)
    throw new ShapeError(`${caller}: the function must return a scalar; got shape ${formatShape(y.shape)}. Reduce it with sum() or mean()`);
}
