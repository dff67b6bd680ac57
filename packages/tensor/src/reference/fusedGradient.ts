import { checkIndices } from '../primitives/checkIndices.ts';
import { indexRules } from '../primitives/properties.ts';
import type { FusedGradientPrimitives } from '../primitives/signatures.ts';
import type { Operand, ReferenceTable } from '../primitives/tables.ts';
import { sizeOf } from '../shape.ts';
import { exponentialSum, forEachLine } from './fused.ts';

/** Sums run in double precision over ascending indices; every element is rounded once. */
export const fusedGradientKernels: ReferenceTable<keyof FusedGradientPrimitives> = {
  reluGradient: ([out], [gradient, output]) => {
    for (let i = 0; i < out.data.length; i++) out.data[i] = (output.data[i] as number) <= 0 ? 0 : (gradient.data[i] as number);
  },
  softmaxGradient: ([out], [gradient, output], { dim }) => {
    const [g, y] = [gradient.data, output.data];
    forEachLine(output, dim, (start, stride, end) => {
      let sum = 0;
      for (let i = start; i < end; i += stride) sum += (g[i] as number) * (y[i] as number);
      for (let i = start; i < end; i += stride) out.data[i] = (y[i] as number) * ((g[i] as number) - sum);
    });
  },
  logSoftmaxGradient: ([out], [gradient, output], { dim }) => {
    const [g, y] = [gradient.data, output.data];
    forEachLine(output, dim, (start, stride, end) => {
      let sum = 0;
      for (let i = start; i < end; i += stride) sum += g[i] as number;
      for (let i = start; i < end; i += stride) out.data[i] = (g[i] as number) - Math.exp(y[i] as number) * sum;
    });
  },
  crossEntropyGradient: ([out], inputs, params) => {
    const [gradient, logits, labels] = inputs;
    checkIndices('crossEntropyGradient', labels.data, indexRules.crossEntropyGradient(inputs, params));
    const classes = logits.shape[1] ?? 1;
    out.data.fill(0);
    for (let row = 0; row < labels.data.length; row++) {
      const label = labels.data[row] as number;
      if (label === params.ignoreIndex) continue;
      const start = row * classes;
      const g = gradient.data[row] as number;
      const { max, sum } = exponentialSum(logits.data, start, 1, start + classes);
      for (let i = 0; i < classes; i++) {
        const probability = Math.exp((logits.data[start + i] as number) - max) / sum;
        out.data[start + i] = (probability - (i === label ? 1 : 0)) * g;
      }
    }
  },
  layerNormGradient: ([toX, toWeight, toBias], [gradient, x, weight, mean, rstd]) => {
    const width = weight.data.length;
    const ofWeight = new Float64Array(width);
    const ofBias = new Float64Array(width);
    for (let row = 0; row < mean.data.length; row++) {
      const start = row * width;
      const [centre, scale] = [mean.data[row] as number, rstd.data[row] as number];
      let sum = 0;
      let along = 0;
      for (let i = 0; i < width; i++) {
        const g = gradient.data[start + i] as number;
        const normal = ((x.data[start + i] as number) - centre) * scale;
        sum += g * (weight.data[i] as number);
        along += g * (weight.data[i] as number) * normal;
        ofWeight[i] = (ofWeight[i] as number) + g * normal;
        ofBias[i] = (ofBias[i] as number) + g;
      }
      for (let i = 0; i < width; i++) {
        const normal = ((x.data[start + i] as number) - centre) * scale;
        const h = (gradient.data[start + i] as number) * (weight.data[i] as number);
        toX.data[start + i] = scale * (h - sum / width - (normal * along) / width);
      }
    }
    toWeight.data.set(ofWeight);
    toBias.data.set(ofBias);
  },
  batchNormGradient: ([toX, toWeight, toBias], [gradient, x, weight, mean, variance], _, [eps]) => {
    const count = weight.data.length === 0 ? 0 : x.data.length / weight.data.length;
    for (let channel = 0; channel < weight.data.length; channel++) {
      const centre = mean.data[channel] as number;
      const scale = 1 / Math.sqrt((variance.data[channel] as number) + eps);
      let sum = 0;
      let along = 0;
      forEachOfChannel(x, channel, (i) => {
        sum += gradient.data[i] as number;
        along += (gradient.data[i] as number) * ((x.data[i] as number) - centre) * scale;
      });
      forEachOfChannel(x, channel, (i) => {
        const normal = ((x.data[i] as number) - centre) * scale;
        const rest = (gradient.data[i] as number) - sum / count - (normal * along) / count;
        toX.data[i] = (weight.data[channel] as number) * scale * rest;
      });
      toWeight.data[channel] = along;
      toBias.data[channel] = sum;
    }
  },
};

/** Calls back with the position of each element of one channel of `[N, C, …]`. */
function forEachOfChannel({ data, shape }: Operand, channel: number, visit: (i: number) => void): void {
  const inner = sizeOf(shape.slice(2));
  for (let start = channel * inner; start < data.length; start += (shape[1] ?? 1) * inner) {
    for (let i = start; i < start + inner; i++) visit(i);
  }
}
