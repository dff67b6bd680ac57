import { DTypeError, GradientError, onesLike, ShapeError, Tensor } from '@dl/tensor';
import { type BackwardOptions, checkTensor, formatShape, type GradientEngine, sameShape } from '@dl/tensor/internal';
import { accumulate } from './accumulate.ts';
import { differentiate } from './differentiate.ts';
import { isDifferentiable, type Wanted } from './paths.ts';
import { tieTensors } from './ties.ts';

/** The engine that this package gives to leaves that require gradients: `loss.backward()` ends up here. */
export const engine: GradientEngine = { backward };

/** Parameters, and other tensors marked with `requiresGrad`. */
const leaves: Wanted = {
  has: (target) => target instanceof Tensor && target.engine !== null,
  endsAt: () => false,
};

function backward(root: Tensor, { gradient, createGraph = false }: BackwardOptions): void {
  if (!isDifferentiable(root.value)) throw new GradientError(`backward: a tensor of dtype ${root.dtype} has no gradient`);
  const cotangent = gradient === undefined ? implicitGradient('backward', root) : checkedGradient('backward', root, gradient);
  const { owners } = differentiate({ caller: 'backward', roots: [root], cotangents: [cotangent], wanted: leaves, createGraph });
  if (owners.size === 0) throw new GradientError('backward: nothing that this tensor was computed from requires a gradient any more');
  const written = accumulate(owners, createGraph);
  tieTensors([root, ...written]);
}

/** What a scalar's gradient starts from: one. */
export function implicitGradient(caller: string, root: Tensor): Tensor {
  if (root.numel() === 1) return onesLike(root);
  throw new GradientError(
    `${caller}: only a scalar's gradient starts by itself; got shape ${formatShape(root.shape)}. Reduce it with sum() or mean(), or give the gradient to start from`,
  );
}

/** A gradient to start from that fits its tensor. It is the user's own, so its memory is not reused if a leaf gets it unchanged. */
export function checkedGradient(caller: string, root: Tensor, gradient: unknown): Tensor {
  checkTensor(caller, 'gradient', gradient);
  gradient.value.claims++;
  if (gradient.dtype === root.dtype && sameShape(gradient.shape, root.shape)) return gradient;
  const what = `${caller}: the gradient to start from must have the tensor's`;
  if (gradient.dtype !== root.dtype) throw new DTypeError(`${what} dtype, ${root.dtype}; got ${gradient.dtype}. Cast it`);
  throw new ShapeError(`${what} shape, ${formatShape(root.shape)}; got ${formatShape(gradient.shape)}`);
}
