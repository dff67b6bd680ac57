import type { TensorSpec } from '@dl/tensor';
import type { PrimitiveName } from '@dl/tensor/internal';
import { type AnyLine, type AnySample, graphOf, graphOfAny, type Line, primitiveNames, samplesOf } from '@dl/tensor/testing';
import { describe, expect, it } from 'vitest';
import { decomposed, kernels } from './kernels/index.ts';
import { maxArrays, type Program, sourceOf } from './kernels/program.ts';
import { planOf, type Step } from './plan.ts';

const float = (...shape: number[]): TensorSpec => ({ shape, dtype: 'float32' });

describe('a plan', () => {
  const spec = float(4);

  it('takes constants as numbers, and leaves out what nobody reads', () => {
    const lines: Line[] = [
      ['full', [], { shape: [], dtype: 'float32' }, [0]],
      ['expand', [1], { shape: [4] }],
      ['mul', [0, 2], {}],
      ['exp', [0], {}],
    ];
    const { steps } = planOf(graphOf([spec], lines, [{ value: 3 }]));
    expect(steps.map(nameOf)).toEqual(['mul-float/a/b/1', 'verify']);
  });

  it('computes nothing for views, and for casts that lose nothing', () => {
    const lines: Line[] = [
      ['reshape', [0], { shape: [2, 2] }],
      ['cast', [1], { dtype: 'float32' }],
      ['permute', [2], { dims: [0, 1] }],
    ];
    const { steps, outputs } = planOf(graphOf([{ shape: [4], dtype: 'uint8' }], lines, [{ value: 3 }]));
    expect(steps.map(nameOf)).toEqual(['verify']);
    expect(outputs).toEqual([0]);
  });

  it('frees every slot after its last reader, and no result', () => {
    const lines: Line[] = [
      ['neg', [0], {}],
      ['exp', [1], {}],
      ['add', [1, 2], {}],
    ];
    const { dead, outputs } = planOf(graphOf([spec], lines, [{ value: 3 }]));
    expect(dead).toEqual([[0], [], [1, 2], []]);
    expect(outputs).toEqual([3]);
  });

  it('verifies all indices before it overwrites a donated input', () => {
    const lines: Line[] = [
      ['add', [1, 1], {}],
      ['gather', [0, 2], { dim: 0 }],
      ['sub', [0, 3], {}],
    ];
    const { steps } = planOf(graphOf([spec, { shape: [4], dtype: 'int32' }], lines, [{ value: 4, donated: 0 }]));
    expect(steps.map(nameOf)).toEqual(['add-float/ab//1', 'check', 'gather/1', 'verify', 'sub-float/ab//1']);
  });
});

describe('the kernels', () => {
  const programs = primitiveNames.flatMap((primitive) => samplesOf(primitive).flatMap((sample) => programsOfSample(primitive, sample)));

  it('have one body for each key, few enough arrays, and no loop variable twice', () => {
    const bodies = new Map<string, string>();
    for (const program of programs) {
      const { source } = sourceOf(program);
      expect(bodies.get(program.key) ?? source, program.key).toBe(source);
      bodies.set(program.key, source);
      expect(program.arrays.length, program.key).toBeLessThanOrEqual(maxArrays);
      const variables = [...source.matchAll(/for \(let (\w+) /g)].map(([, name]) => name);
      expect(new Set(variables).size, program.key).toBe(variables.length);
    }
    expect(bodies.size).toBeGreaterThan(100);
  });

  it('do not depend on sizes', () => {
    const keysOf = (n: number) => {
      const lines: Line[] = [
        ['matmul', [0, 0], { transposeA: false, transposeB: true }],
        ['permute', [1], { dims: [1, 0] }],
        ['add', [1, 2], {}],
        ['amax', [3], { dims: [0], keepDim: true }],
        ['sub', [3, 4], {}],
        ['pad', [5], { shape: [n + 2, n + 2], steps: [1, 1] }, [0, 1]],
        ['cat', [6, 6], { dim: 0 }],
      ];
      return planOf(graphOf([float(n, n + 1)], lines, [{ value: 7 }])).steps.map(nameOf);
    };
    expect(keysOf(3)).toEqual(keysOf(70));
  });

  it('leave to decomposition only what the words say', () => {
    expect([...decomposed].sort()).toEqual([
      'attention',
      'attentionGradient',
      'batchNorm',
      'batchNormGradient',
      'crossEntropyGradient',
      'gru',
      'gruGradient',
      'layerNormGradient',
      'logSoftmax',
      'logSoftmaxGradient',
      'lstm',
      'lstmGradient',
      'reluGradient',
      'rnn',
      'rnnGradient',
      'softmax',
      'softmaxGradient',
      'softplus',
    ]);
    expect(Object.keys(kernels).sort()).toEqual([...primitiveNames].sort());
  });
});

/** The programs of a sample's kernels; none where the backend decomposes or refuses it. */
function programsOfSample(primitive: PrimitiveName, { inputs, params, scalars }: AnySample): readonly Program[] {
  const names: ReadonlySet<PrimitiveName> = decomposed;
  if (names.has(primitive) || inputs.some(({ dtype }) => dtype === 'float64') || ('dtype' in params && params.dtype === 'float64'))
    return [];
  const line: AnyLine = [primitive, inputs.map((_, i) => i), params, scalars.map((_, i) => i)];
  const { steps } = planOf(graphOfAny(inputs, [line], [{ value: inputs.length }]));
  return steps.flatMap((step) => (step.kind === 'kernel' || step.kind === 'check' ? [step.launch.program] : []));
}

function nameOf(step: Step): string {
  return step.kind === 'kernel' ? step.launch.program.key : step.kind;
}
