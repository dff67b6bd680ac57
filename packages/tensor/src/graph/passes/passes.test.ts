import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf } from '../../dtype.ts';
import { sizeOf } from '../../shape.ts';
import type { Draft, DraftInstruction } from '../draft.ts';
import { commonSubexpressions } from './commonSubexpressions.ts';
import { deadCode } from './deadCode.ts';
import { foldTransposes } from './foldTransposes.ts';
import { layOutScratch } from './liveness.ts';
import { placeValues } from './placement.ts';
import { pooledGradients } from './pooledGradients.ts';
import { schedule } from './schedule.ts';

const spec = { shape: [4], dtype: 'float32' } as const;

function instruction(
  primitive: DraftInstruction['primitive'],
  inputs: number[],
  outputs: number[],
  params = {},
  scalars: DraftInstruction['scalars'] = [],
) {
  return { primitive, inputs, outputs, params, scalars };
}

function draft(inputCount: number, instructions: DraftInstruction[], roots: number[]): Draft {
  const values = inputCount + instructions.reduce((count, { outputs }) => count + outputs.length, 0);
  return { specs: Array.from({ length: values }, () => spec), inputCount, instructions, roots };
}

describe('common subexpressions', () => {
  it('merges what is computed twice, and what follows from it', () => {
    const twice = draft(
      1,
      [instruction('exp', [0], [1]), instruction('exp', [0], [2]), instruction('neg', [1], [3]), instruction('neg', [2], [4])],
      [3, 4],
    );
    const merged = commonSubexpressions(twice);
    expect(merged.instructions.length).toBe(2);
    expect(merged.roots).toEqual([3, 3]);
  });

  it('keeps apart what takes its numbers from different slots, whatever they hold', () => {
    const full = { shape: [4], dtype: 'float32' };
    const slots = draft(0, [instruction('full', [], [0], full, [{ slot: 0 }]), instruction('full', [], [1], full, [{ slot: 1 }])], [0, 1]);
    expect(commonSubexpressions(slots).instructions.length).toBe(2);
    const constants = draft(0, [instruction('full', [], [0], full, [2]), instruction('full', [], [1], full, [2])], [0, 1]);
    expect(commonSubexpressions(constants).instructions.length).toBe(1);
  });
});

it('dead code: leaves out what no root needs', () => {
  const wasteful = draft(1, [instruction('exp', [0], [1]), instruction('neg', [1], [2]), instruction('sin', [0], [3])], [1]);
  expect(deadCode(wasteful).instructions.map(({ primitive }) => primitive)).toEqual(['exp']);
});

describe('folding transposes', () => {
  const flags = { transposeA: false, transposeB: false };

  it('turns a transposed operand into a flag, and a doubly transposed one back', () => {
    const folded = foldTransposes(
      draft(2, [instruction('permute', [1], [2], { dims: [1, 0] }), instruction('matmul', [0, 2], [3], flags)], [3]),
    );
    expect(folded.instructions[1]).toMatchObject({ inputs: [0, 1], params: { transposeA: false, transposeB: true } });
    const again = foldTransposes(
      draft(
        2,
        [instruction('permute', [1], [2], { dims: [1, 0] }), instruction('matmul', [0, 2], [3], { transposeA: false, transposeB: true })],
        [3],
      ),
    );
    expect(again.instructions[1]).toMatchObject({ inputs: [0, 1], params: flags });
  });

  it('leaves other permutations alone', () => {
    const untouched = draft(2, [instruction('permute', [1], [2], { dims: [1, 0, 2] }), instruction('matmul', [0, 2], [3], flags)], [3]);
    expect(foldTransposes(untouched).instructions[1]).toMatchObject({ inputs: [0, 2], params: flags });
  });
});

describe('gradients of pools', () => {
  const planes = { shape: [2, 3, 4, 4], dtype: 'float32' } as const;
  const windows = { ...planes, shape: [2, 3, 2, 2] };
  const [bound, mask] = [
    { shape: [], dtype: 'float32' },
    { ...planes, dtype: 'bool' },
  ] as const;

  /** `pool(x)`, and of its gradient behind the mask `x <= bound ? fill : …` the sum over some dims. Inputs: x and the gradient. */
  function masked(fill: DraftInstruction['scalars'][number], dims: readonly number[], roots: readonly number[]): Draft {
    const scalar = { shape: [], dtype: 'float32' };
    return {
      specs: [planes, windows, windows, { ...windows, dtype: 'int32' }, planes, bound, mask, bound, planes, { ...bound, shape: [3] }],
      inputCount: 2,
      instructions: [
        instruction('maxPool', [0], [2, 3]),
        instruction('maxPoolGradient', [1, 3], [4], { inputSize: [4, 4] }),
        instruction('full', [], [5], scalar, [{ slot: 0 }]),
        instruction('le', [0, 5], [6]),
        instruction('full', [], [7], scalar, [fill]),
        instruction('where', [6, 7, 4], [8]),
        instruction('sum', [8], [9], { dims, keepDim: false }),
      ],
      roots,
    };
  }
  const namesOf = (graph: Draft) => deadCode(pooledGradients(graph)).instructions.map(({ primitive }) => primitive);

  it('are masked and summed where there are fewer elements, if the mask is of what was pooled', () => {
    const graph = deadCode(pooledGradients(masked(0, [0, 2, 3], [8, 9])));
    expect(graph.instructions.map(({ primitive }) => primitive)).toEqual([
      ...['maxPool', 'full', 'full', 'le', 'where', 'maxPoolGradient', 'sum'],
    ]);
    const [, , , test, where, gradient, sum] = graph.instructions;
    expect(test?.inputs).toEqual([2, 5]);
    expect(where?.inputs).toEqual([test?.outputs[0], 7, 1]);
    expect(gradient).toMatchObject({ inputs: [where?.outputs[0], 3], outputs: [8] });
    expect(sum?.inputs).toEqual(where?.outputs);
    expect(graph.specs[test?.outputs[0] ?? -1]).toEqual({ ...windows, dtype: 'bool' });
    expect(namesOf(masked(0, [0, 2, 3], [9]))).not.toContain('maxPoolGradient');
  });

  it('stay as they are where the number may be another than zero, where others read them, and where a sum keeps places apart', () => {
    expect(namesOf(masked({ slot: 1 }, [0, 2, 3], [8]))).toEqual(['maxPool', 'maxPoolGradient', 'full', 'le', 'full', 'where']);
    expect(namesOf(masked(1, [0, 2, 3], [8]))).toEqual(['maxPool', 'maxPoolGradient', 'full', 'le', 'full', 'where']);
    expect(namesOf(masked(0, [0, 2, 3], [4, 8]))).toEqual(['maxPool', 'maxPoolGradient', 'full', 'le', 'full', 'where']);
    expect(namesOf(masked(0, [0, 2], [9]))).toEqual(['maxPool', 'full', 'full', 'le', 'where', 'maxPoolGradient', 'sum']);
  });
});

describe('placement', () => {
  const scalars = [{ slot: 0 }, { slot: 1 }];

  it('lets an update overwrite its parameter', () => {
    const { outputs, roots } = placeValues(draft(2, [instruction('sgd', [0, 1], [2], {}, scalars)], [2]), [{ root: 0, input: 0 }]);
    expect(outputs).toEqual([{ base: 2, donated: 0 }]);
    expect(roots).toEqual([{ kind: 'output', index: 0, shared: false }]);
  });

  it('refuses where a root is a view of the parameter, and calls that root shared', () => {
    const viewed = draft(2, [instruction('detach', [0], [2]), instruction('sgd', [0, 1], [3], {}, scalars)], [3, 2]);
    const { outputs, roots } = placeValues(viewed, [{ root: 0, input: 0 }]);
    expect(outputs).toEqual([{ base: 3, donated: null }]);
    expect(roots[1]).toEqual({ kind: 'input', index: 0, shared: true });
  });

  it('refuses where the new value is read in the plan, or two roots hold it', () => {
    const read = draft(2, [instruction('sgd', [0, 1], [2], {}, scalars), instruction('neg', [2], [3])], [2, 3]);
    expect(placeValues(read, [{ root: 0, input: 0 }]).outputs[0]?.donated).toBeNull();
    const held = draft(2, [instruction('sgd', [0, 1], [2], {}, scalars)], [2, 2]);
    expect(placeValues(held, [{ root: 0, input: 0 }]).outputs[0]).toEqual({ base: 2, donated: null });
    expect(placeValues(held, []).roots.map(({ shared }) => shared)).toEqual([true, true]);
  });

  it("refuses where two updates read each other's parameters", () => {
    const crossed = draft(2, [instruction('sgd', [0, 1], [2], {}, scalars), instruction('sgd', [1, 0], [3], {}, scalars)], [2, 3]);
    const donations = [
      { root: 0, input: 0 },
      { root: 1, input: 1 },
    ];
    expect(placeValues(crossed, donations).outputs.map(({ donated }) => donated)).toEqual([null, null]);
  });

  it('refuses an instruction that reads its input in another order than it writes', () => {
    const flipped = draft(1, [instruction('slice', [0], [1], { shape: [4], steps: [-1] }, [{ slot: 0 }])], [1]);
    expect(placeValues(flipped, [{ root: 0, input: 0 }]).outputs[0]?.donated).toBeNull();
  });

  it('gives views the place of what they view', () => {
    const { places } = placeValues(draft(1, [instruction('neg', [0], [1]), instruction('reshape', [1], [2], { shape: [2, 2] })], [2]), []);
    expect(places[1]).toBe(places[2]);
    expect(places[1]?.kind).toBe('output');
  });
});

describe('schedule', () => {
  const scalars = [{ slot: 0 }, { slot: 1 }];

  it('runs an update after everything that reads the old parameter, and after everything that can fail', () => {
    const graph = draft(
      3,
      [
        instruction('sgd', [0, 1], [3], {}, scalars),
        instruction('exp', [0], [4]),
        instruction('gather', [1, 2], [5], { dim: 0 }),
        instruction('neg', [1], [6]),
      ],
      [3, 4, 5, 6],
    );
    const order = schedule(graph, placeValues(graph, [{ root: 0, input: 0 }])).map(({ primitive }) => primitive);
    expect(order).toEqual(['exp', 'gather', 'sgd', 'neg']);
  });

  it('runs each instruction once, also an update that comes after all it waits for', () => {
    const graph = draft(2, [instruction('exp', [0], [2]), instruction('sgd', [0, 1], [3], {}, scalars)], [2, 3]);
    expect(schedule(graph, placeValues(graph, [{ root: 1, input: 0 }]))).toEqual(graph.instructions);
  });

  it('leaves graphs without updates in place as they are', () => {
    const graph = draft(1, [instruction('exp', [0], [1]), instruction('neg', [1], [2])], [2]);
    expect(schedule(graph, placeValues(graph, []))).toEqual(graph.instructions);
  });
});

describe('liveness', () => {
  it('never lets two blocks that live at the same time overlap', () => {
    const program = fc.array(fc.record({ a: fc.nat(), b: fc.nat(), size: fc.integer({ min: 0, max: 300 }) }), {
      minLength: 1,
      maxLength: 40,
    });
    fc.assert(
      fc.property(program, fc.nat(), (steps, rootPick) => {
        const specs = [spec, ...steps.map(({ size }) => ({ shape: [size], dtype: 'float32' as const }))];
        const instructions = steps.map(({ a, b }, i) => instruction('add', [a % (i + 1), b % (i + 1)], [i + 1]));
        const graph: Draft = { specs, inputCount: 1, instructions, roots: [1 + (rootPick % steps.length)] };
        checkLayout(graph);
      }),
    );
  });

  it('uses a chain of equal blocks in turns: two are enough', () => {
    const chain = draft(
      1,
      Array.from({ length: 50 }, (_, i) => instruction('neg', [i], [i + 1])),
      [50],
    );
    const placement = placeValues(chain, []);
    expect(layOutScratch(chain, chain.instructions, placement).bytes).toBe(128);
  });
});

function checkLayout(graph: Draft): void {
  const placement = placeValues(graph, []);
  const { offsets, bytes } = layOutScratch(graph, graph.instructions, placement);
  const live = placement.places.flatMap((place, value) => {
    if (place.kind !== 'scratch') return [];
    const uses = graph.instructions.flatMap(({ inputs, outputs }, time) =>
      inputs.includes(value) || outputs.includes(value) ? [time] : [],
    );
    const start = offsets[place.index] ?? Number.NaN;
    const { shape, dtype } = graph.specs[value] ?? spec;
    return [{ start, end: start + sizeOf(shape) * bytesOf[dtype], birth: Math.min(...uses), death: Math.max(...uses) }];
  });
  for (const a of live) {
    expect(a.end).toBeLessThanOrEqual(bytes);
    for (const b of live) {
      const together = a !== b && a.birth <= b.death && b.birth <= a.death;
      if (together) expect(a.end <= b.start || b.end <= a.start).toBe(true);
    }
  }
}
