import { narrow, type Tensor } from '@dl/tensor';
import { apply, type ConvolutionPrimitives, type ParamsOf } from '@dl/tensor/internal';
import type { VjpTable } from './table.ts';

/** The three are one trilinear form, of `x`, `weight` and the gradient: each in turn is the derivative of the other two. */
export const convolutionVjps: VjpTable<keyof ConvolutionPrimitives> = {
  convolution: (g, { inputs: [x, weight], params }) => [
    () => inputGradient(g, weight, x, params),
    () => weightGradient(g, x, weight, params),
  ],
  convolutionInputGradient: (g, { inputs: [gradient, weight], params }) => [
    () => outputs(g, weight, gradient, params),
    () => weightGradient(gradient, g, weight, params),
  ],
  convolutionWeightGradient: (g, { inputs: [gradient, x], params }) => [
    () => outputs(x, g, gradient, params),
    () => inputGradient(gradient, g, x, params),
  ],
};

type Params = ParamsOf<'convolution'>;

function movesOf({ stride, padding, dilation, groups }: Params): Params {
  return { stride, padding, dilation, groups };
}

/** As many outputs as `like` has: an input that is larger than `like` reaches has room for more windows. */
function outputs(x: Tensor, weight: Tensor, like: Tensor, params: Params): Tensor {
  const all = apply('convolution', [x, weight], movesOf(params), []);
  return like.shape.reduce((part, size, dim) => (part.shape[dim] === size ? part : narrow(part, dim, 0, size)), all);
}

function inputGradient(gradient: Tensor, weight: Tensor, like: Tensor, params: Params): Tensor {
  return apply('convolutionInputGradient', [gradient, weight], { ...movesOf(params), inputSize: like.shape.slice(2) }, []);
}

function weightGradient(gradient: Tensor, x: Tensor, like: Tensor, params: Params): Tensor {
  return apply('convolutionWeightGradient', [gradient, x], { ...movesOf(params), kernelSize: like.shape.slice(2) }, []);
}
