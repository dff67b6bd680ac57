import type { ConvolutionPrimitives } from '../signatures.ts';
import type { ShapeTable } from '../tables.ts';
import { stepsAlong, windowsAlong } from './windows.ts';

export const convolutionShapes: ShapeTable<keyof ConvolutionPrimitives> = {
  convolution: ([x, weight], params) => {
    const [batch = 1, , ...spatial] = x.shape;
    const [channels = 1, , ...kernelSize] = weight.shape;
    const sizes = stepsAlong(kernelSize, params).map((steps, dim) => windowsAlong(spatial[dim] ?? 1, steps));
    return { shape: [batch, channels, ...sizes], dtype: x.dtype };
  },
  convolutionInputGradient: ([gradient, weight], { groups, inputSize }) => ({
    shape: [gradient.shape[0] ?? 1, (weight.shape[1] ?? 1) * groups, ...inputSize],
    dtype: gradient.dtype,
  }),
  convolutionWeightGradient: ([gradient, x], { groups, kernelSize }) => ({
    shape: [gradient.shape[1] ?? 1, (x.shape[1] ?? 1) / groups, ...kernelSize],
    dtype: gradient.dtype,
  }),
};
