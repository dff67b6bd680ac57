import type { Shape } from '@dl/tensor';
import { type FusedPrimitives, fillUniform, sizeOf } from '@dl/tensor/internal';
import { elementwiseLaunch } from './elementwise.ts';
import { matmulLaunch } from './matrix.ts';
import type { Program } from './program.ts';
import { input, type KernelTable, type Launch, output, type Place, temporary } from './table.ts';

/** Those that save many launches and are simple; the others come as their decompositions. */
export const fusedKernels: KernelTable<keyof FusedPrimitives> = {
  linear: ({ inputs: [x, weight] }) => {
    const [columns = 1, depth = 1] = weight.shape;
    const rows = sizeOf(x.shape.slice(0, -1));
    return [matmulLaunch({ shape: [rows, depth] }, weight, [rows, columns], { transposeA: false, transposeB: true }, input(2))];
  },
  softmax: 'decomposed',
  logSoftmax: 'decomposed',
  crossEntropy: ({ inputs: [logits, labels], params: { ignoreIndex } }) => [
    {
      program: crossEntropyProgram,
      size: sizeOf(labels.shape),
      arrays: [input(0), input(1)],
      numbers: [logits.shape[1] ?? 1, ignoreIndex],
      target: output(0),
    },
  ],
  layerNorm: ({ inputs: [x], params: { dims } }) => layerNorm(x.shape, dims),
  batchNorm: 'decomposed',
  /** Rounded step by step, as the decomposition computes it. */
  dropout: ({ inputs: [x] }) => {
    const size = sizeOf(x.shape);
    return [
      {
        host: ([, seedLow = 0, seedHigh = 0, stream = 0, offset = 0]) => {
          const elements = new Float32Array(size);
          fillUniform(elements, [seedLow, seedHigh, stream, offset]);
          return elements;
        },
        size,
        target: temporary(0),
      },
      {
        program: dropoutProgram,
        size,
        arrays: [input(0), temporary(0)],
        numbers: [([p = 0]) => Math.fround(p), ([p = 0]) => Math.fround(1 / Math.fround(1 - Math.fround(p)))],
        target: output(0),
      },
    ];
  },
  gelu: ({ inputs, outputs: [target], params: { approximate } }) => [
    elementwiseLaunch(`gelu-${approximate}`, ['x'], inputs, target, geluCode[approximate]),
  ],
  silu: ({ inputs, outputs: [target] }) => [
    elementwiseLaunch('silu', ['x'], inputs, target, 'if (isNan(x) > 0.5) { return x; } return x / (1.0 + Math.exp(-x));'),
  ],
  softplus: 'decomposed',
  withGradient: () => [{ same: input(0), target: output(0) }],
};

/**
 * The mean in two parts, of which the second is what the first lost when it was rounded: far from zero, `x - mean` would
 * otherwise be off by many units in its last place.
 */
function layerNorm(shape: Shape, dims: number): readonly Launch[] {
  const width = sizeOf(shape.slice(shape.length - dims));
  const rows = sizeOf(shape.slice(0, shape.length - dims));
  const row = (program: Program, arrays: readonly Place[], target: Place): Launch => ({
    program,
    size: rows,
    arrays,
    numbers: [width],
    target,
  });
  const [rough, rest] = [temporary(0), temporary(1)];
  return [
    row(rowProgram('rowMean', [], 'value', 'sum / width'), [input(0)], rough),
    row(rowProgram('rowRest', ['rough'], 'value - rough[row]', 'sum / width'), [input(0), rough], rest),
    row(meanProgram, [rough, rest], output(1)),
    {
      program: rowProgram('rowRstd', ['rough', 'rest'], 'centred * centred', '1.0 / Math.sqrt(sum / width + eps)', centredCode, ['eps']),
      size: rows,
      arrays: [input(0), rough, rest],
      numbers: [width, ([eps = 0]) => eps],
      target: output(2),
    },
    {
      program: normalProgram,
      size: rows * width,
      arrays: [input(0), rough, rest, output(2), input(1), input(2)],
      numbers: [width],
      target: output(0),
    },
  ];
}

const centredCode = 'const centred = (value - rough[row]) - rest[row];';

/** Sums a term over each row, in pieces for the error's sake. */
function rowProgram(
  key: string,
  others: readonly string[],
  term: string,
  result: string,
  before = '',
  floats: readonly string[] = [],
): Program {
  return {
    key,
    arrays: ['data', ...others],
    integers: ['width'],
    floats,
    body: `const row = this.thread.x;
      const base = row * width;
      const pieces = idiv(width + 255, 256);
      let sum = 0.0;
      for (let j = 0; j < pieces; j++) {
        let part = 0.0;
        const first = j * 256;
        for (let k = 0; k < 256; k++) {
          const place = first + k;
          if (place < width) {
            const value = data[base + place];
            ${before}
            part = part + ${term};
          }
        }
        sum = sum + part;
      }
      return ${result};`,
  };
}

const meanProgram: Program = {
  key: 'layerNorm-mean',
  arrays: ['rough', 'rest'],
  integers: ['width'],
  floats: [],
  body: 'return rough[this.thread.x] + rest[this.thread.x];',
};

const normalProgram: Program = {
  key: 'layerNorm',
  arrays: ['data', 'rough', 'rest', 'rstd', 'weight', 'bias'],
  integers: ['width'],
  floats: [],
  body: `const element = this.thread.x;
    const row = idiv(element, width);
    const column = element - row * width;
    const value = data[element];
    ${centredCode}
    return centred * rstd[row] * weight[column] + bias[column];`,
};

const geluCode = {
  none: 'if (isNan(x) > 0.5) { return x; } return 0.5 * x * (1.0 + errorFunction(x * 0.7071067811865476));',
  tanh: 'if (isNan(x) > 0.5) { return x; } return 0.5 * x * (1.0 + hyperbolicTangent(0.7978845608028654 * (x + 0.044715 * x * x * x)));',
} as const;

const dropoutProgram: Program = {
  key: 'dropout',
  arrays: ['data', 'uniform'],
  integers: [],
  floats: ['limit', 'scale'],
  body: 'if (uniform[this.thread.x] >= limit) { return data[this.thread.x] * scale; } return 0.0;',
};

/** One thread a row: `max + log(sum of exp(x - max)) - x[label]`. Long sums go in pieces, for the error's sake. */
const crossEntropyProgram: Program = {
  key: 'crossEntropy',
  arrays: ['logits', 'labels'],
  integers: ['classes', 'ignored'],
  floats: [],
  body: `const row = this.thread.x;
    const label = labels[row];
    if (label === ignored) { return 0.0; }
    const base = row * classes;
    let most = logits[base];
    for (let i = 1; i < classes; i++) {
      const value = logits[base + i];
      if (value > most || isNan(value) > 0.5) { most = value; }
    }
    if (isNan(most) > 0.5) { return most; }
    const pieces = idiv(classes + 255, 256);
    let sum = 0.0;
    for (let j = 0; j < pieces; j++) {
      let part = 0.0;
      const first = j * 256;
      for (let k = 0; k < 256; k++) {
        const place = first + k;
        if (place < classes) { part = part + Math.exp(logits[base + place] - most); }
      }
      sum = sum + part;
    }
    let own = label;
    if (own >= classes) { own = classes - 1; }
    if (!(own >= 0.0)) { own = 0.0; }
    return most + Math.log(sum) - logits[base + own];`,
};
