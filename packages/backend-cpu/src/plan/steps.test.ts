import type { TensorSpec } from '@dl/tensor';
import type { Graph } from '@dl/tensor/internal';
import { graphOf, type Line, type Root } from '@dl/tensor/testing';
import { describe, expect, it } from 'vitest';
import { Source } from './source.ts';
import { stepsOf } from './steps.ts';

const square: TensorSpec = { shape: [4, 4], dtype: 'float32' };
const row: TensorSpec = { shape: [4], dtype: 'float32' };
const flags = { transposeA: false, transposeB: false };

/** Which primitives run together, step by step. */
function namesOf(graph: Graph): string[] {
  const source = new Source(graph);
  return stepsOf(source).map(({ members }) => members.map((member) => source.at(member).primitive).join('+'));
}

function stepNames(inputs: readonly TensorSpec[], lines: readonly Line[], roots: readonly Root[]): string[] {
  return namesOf(graphOf(inputs, lines, roots));
}

describe('elementwise instructions', () => {
  it('run as one loop, with constants as operands', () => {
    const names = stepNames(
      [square],
      [
        ['exp', [0], {}],
        ['full', [], { shape: [], dtype: 'float32' }, [0]],
        ['mul', [1, 2], {}],
        ['tanh', [3], {}],
      ],
      [{ value: 4 }],
    );
    expect(names).toEqual(['exp+mul+tanh']);
  });

  it('stay apart where somebody between them reads what the first makes', () => {
    const names = stepNames(
      [square],
      [
        ['exp', [0], {}],
        ['sum', [1], { dims: [0, 1], keepDim: false }],
        ['mul', [1, 2], {}],
      ],
      [{ value: 3 }],
    );
    expect(names).toEqual(['exp', 'sum', 'mul']);
  });

  it('run together also where somebody after them reads what the first makes, which is then a result as well', () => {
    const graph = graphOf(
      [square],
      [
        ['exp', [0], {}],
        ['tanh', [1], {}],
        ['sum', [1], { dims: [0, 1], keepDim: false }],
      ],
      [{ value: 2 }, { value: 3 }],
    );
    const [first] = stepsOf(new Source(graph));
    expect(namesOf(graph)).toEqual(['exp+tanh', 'sum']);
    expect(first?.operands).toEqual([
      { base: 0, writes: false },
      { base: 1, writes: true },
      { base: 2, writes: true },
    ]);
  });

  it('read through an expansion and a permutation, which are then not carried out', () => {
    const names = stepNames(
      [square, row],
      [
        ['expand', [1], { shape: [4, 4] }],
        ['permute', [0], { dims: [1, 0] }],
        ['add', [2, 3], {}],
      ],
      [{ value: 4 }],
    );
    expect(names).toEqual(['add']);
  });

  it('do not join over a transposition of what one of them makes', () => {
    const names = stepNames(
      [square],
      [
        ['exp', [0], {}],
        ['permute', [1], { dims: [1, 0] }],
        ['add', [1, 2], {}],
      ],
      [{ value: 3 }],
    );
    expect(names).toEqual(['exp', 'add']);
  });

  it('do not wait beyond an update that overwrites what they read', () => {
    const names = stepNames(
      [square, square],
      [
        ['exp', [0], {}],
        ['sgd', [0, 1], {}, [0, 1]],
        ['tanh', [2], {}],
      ],
      [{ value: 3, donated: 0 }, { value: 4 }],
    );
    expect(names).toEqual(['exp', 'sgd', 'tanh']);
  });

  it('do not join an update in place', () => {
    const names = stepNames(
      [square, square],
      [
        ['exp', [1], {}],
        ['add', [0, 2], {}],
      ],
      [{ value: 3, donated: 0 }],
    );
    expect(names).toEqual(['exp', 'add']);
  });
});

describe('a matrix product', () => {
  const product: Line = ['matmul', [0, 1], flags];

  it('runs the elementwise instructions behind it, in the memory of their result', () => {
    const graph = graphOf([square, square, row], [product, ['add', [3, 2], {}], ['relu', [4], {}]], [{ value: 5 }]);
    const [step] = stepsOf(new Source(graph));
    expect(namesOf(graph)).toEqual(['matmul+add+relu']);
    expect(step?.operands.map(({ base }) => base)).toEqual([0, 1, 5, 5, 2, 5]);
  });

  it('keeps a place of its own where somebody else reads it', () => {
    const graph = graphOf([square, square], [product, ['relu', [2], {}]], [{ value: 2 }, { value: 3 }]);
    const [step] = stepsOf(new Source(graph));
    expect(step?.operands.map(({ base }) => base)).toEqual([0, 1, 2, 2, 3]);
  });

  it('does not wait for instructions that read it transposed', () => {
    const names = stepNames([square, square], [product, ['permute', [2], { dims: [1, 0] }], ['add', [2, 3], {}]], [{ value: 4 }]);
    expect(names).toEqual(['matmul', 'add']);
  });

  it('does not wait beyond an update of its operand', () => {
    const names = stepNames(
      [square, square],
      [product, ['sgd', [0, 1], {}, [0, 1]], ['relu', [2], {}]],
      [{ value: 3, donated: 0 }, { value: 4 }],
    );
    expect(names).toEqual(['matmul', 'sgd', 'relu']);
  });
});

describe('a reduction', () => {
  const total: Line = ['sum', [3], { dims: [0], keepDim: false }];

  it('takes the elementwise instructions before it in the place of its input', () => {
    const graph = graphOf([square, square], [['mul', [0, 1], {}], ['exp', [2], {}], total], [{ value: 4 }]);
    const [step] = stepsOf(new Source(graph));
    expect(namesOf(graph)).toEqual(['mul+exp+sum']);
    expect(step?.operands.map(({ base }) => base)).toEqual([0, 1, 4]);
  });

  it('reads what somebody else reads as well', () => {
    const graph = graphOf([square, square], [['mul', [0, 1], {}], ['exp', [2], {}], total], [{ value: 3 }, { value: 4 }]);
    expect(namesOf(graph)).toEqual(['mul+exp', 'sum']);
  });
});
