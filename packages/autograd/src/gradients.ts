import { ArgumentError, GradientError, Tensor } from '@dl/tensor';
import { checkTensor, describe } from '@dl/tensor/internal';
import { differentiate } from './differentiate.ts';
import { checkedGradient, implicitGradient } from './engine.ts';
import { isDifferentiable, targetsOf } from './paths.ts';
import { tieTensors } from './ties.ts';

/** What `gradients` may be told. */
export interface GradientsOptions<Unused extends boolean = boolean> {
  /** The gradients to start from, one for each `y`; ones for scalars when absent. */
  readonly gradOutputs?: Tensor | readonly Tensor[];
  /** Record the backward pass too, so that the gradients can be differentiated again. Default `false`. */
  readonly createGraph?: boolean;
  /** Give `null` for an `x` on which no `y` depends, rather than throw. Default `false`. */
  readonly allowUnused?: Unused;
}

/** One gradient for each tensor; with `allowUnused` it may be `null`. */
export type GradientsOf<Xs extends readonly Tensor[], Unused extends boolean> = {
  -readonly [I in keyof Xs]: Unused extends false ? Tensor : Tensor | null;
};

/**
 * The gradients of one tensor, or of the sum of several, with respect to others: leaves or values on the way.
 * Nothing is added to `x.grad`. PyTorch: `torch.autograd.grad`.
 *
 * @throws GradientError if an `x` does not require a gradient or, without `allowUnused`, is not used; if a `y` is no scalar and
 *   has no gradient to start from; if a step has consumed the graph. ShapeError, DTypeError if a gradient to start from does not fit.
 * @example
 * const x = requiresGrad(tensor(3));
 * const [slope] = gradients(x.mul(x), [x], { createGraph: true }); // 6
 * const [bend] = gradients(slope, [x]); // 2
 */
export function gradients<const Xs extends readonly Tensor[], Unused extends boolean = false>(
  y: Tensor | readonly Tensor[],
  xs: Xs,
  options: GradientsOptions<Unused> = {},
): GradientsOf<Xs, Unused> {
  const { gradOutputs, createGraph = false, allowUnused = false } = options;
  const roots = y instanceof Tensor ? [y] : checkedList('y', y);
  const cotangents = startingGradients(roots, gradOutputs);
  const variables = checkedList('xs', xs);
  for (const [i, x] of variables.entries()) checkVariable(x, i);
  const answer = differentiate({ caller: 'gradients', roots, cotangents, wanted: targetsOf(variables), createGraph });
  const found = variables.map(({ value }) => answer.of(value));
  if (!allowUnused) checkUsed(found);
  // Handles of their own: two may be the same value.
  const results = found.map((gradient) => (gradient === undefined ? null : new Tensor(gradient.value)));
  if (!createGraph) tieTensors([...roots, ...results]);
  return results as GradientsOf<Xs, Unused>;
}

function startingGradients(roots: readonly Tensor[], given: Tensor | readonly Tensor[] | undefined): Tensor[] {
  if (given === undefined) return roots.map((root) => implicitGradient('gradients', root));
  const list = given instanceof Tensor ? [given] : checkedList('gradOutputs', given);
  if (list.length !== roots.length)
    throw new ArgumentError(`gradients: gradOutputs must have one tensor for each y, ${roots.length}; got ${list.length}`);
  return roots.map((root, i) => checkedGradient('gradients', root, list[i]));
}

function checkedList(name: string, list: readonly Tensor[]): readonly Tensor[] {
  if (!Array.isArray(list)) throw new ArgumentError(`gradients: ${name} must be an array of tensors; got ${describe(list)}`);
  for (const [i, x] of list.entries()) checkTensor('gradients', `${name}[${i}]`, x);
  return list;
}

function checkVariable(x: Tensor, i: number): void {
  if (!isDifferentiable(x.value))
    throw new GradientError(`gradients: xs[${i}] does not require a gradient; mark it with requiresGrad(x) before it is used`);
}

function checkUsed(found: readonly (Tensor | undefined)[]): void {
  const unused = found.indexOf(undefined);
  if (unused !== -1)
    throw new GradientError(`gradients: y does not depend on xs[${unused}]; pass { allowUnused: true } to get null for it`);
}
