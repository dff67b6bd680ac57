import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apply } from '../apply.ts';
import { dataSync } from '../evaluation/evaluate.ts';
import type { Shape } from '../shape.ts';
import { noise } from '../testing/make.ts';
import { tensorOf } from '../testing/tensorOf.ts';
import { ones, zeros } from './creation.ts';
import { einsum } from './einsum.ts';
import { tensor } from './fromData.ts';
import { addmm, bmm, dot, inner, matmul, matrixPower, mm, multiDot, mv, outer } from './matrix.ts';
import { slice } from './slicing.ts';
import { tensordot } from './tensordot.ts';

const sizes = fc.record({
  rows: fc.integer({ min: 0, max: 13 }),
  inner: fc.integer({ min: 0, max: 13 }),
  columns: fc.integer({ min: 0, max: 13 }),
});

describe('matmul', () => {
  it('sums in float64 over ascending indices and rounds once, however the matrix is cut', () => {
    fc.assert(
      fc.property(sizes, fc.boolean(), fc.boolean(), ({ rows, inner, columns }, transposeA, transposeB) => {
        const a = noise(transposeA ? [inner, rows] : [rows, inner], { seed: 3 });
        const b = noise(transposeB ? [columns, inner] : [inner, columns], { seed: 4 });
        const at = (data: readonly number[], width: number, i: number, j: number) => data[i * width + j] ?? Number.NaN;
        const expected = Array.from({ length: rows * columns }, (_, place) => {
          const [i, j] = [Math.floor(place / columns), place % columns];
          let sum = 0;
          for (let k = 0; k < inner; k++) {
            const left = transposeA ? at(a.data, rows, k, i) : at(a.data, inner, i, k);
            sum += left * (transposeB ? at(b.data, inner, j, k) : at(b.data, columns, k, j));
          }
          return Math.fround(sum);
        });
        expect([...dataSync(apply('matmul', [tensorOf(a), tensorOf(b)], { transposeA, transposeB }, []))]).toEqual(expected);
      }),
      { numRuns: 200 },
    );
  });

  it('gives the same bits for a wide matrix, which is cut into panels, as for its columns alone', () => {
    const [a, b] = [tensorOf(noise([5, 1030])), tensorOf(noise([1030, 1100], { seed: 2 }))];
    const all = dataSync(matmul(a, b));
    const last = dataSync(matmul(a, slice(b, 1, { start: -3 })));
    expect([...last]).toEqual([0, 1, 2, 3, 4].flatMap((row) => [...all.slice(row * 1100 + 1097, row * 1100 + 1100)]));
  });

  it('multiplies a batch by one matrix as one tall matrix', () => {
    const { primitive, inputs } = matmul(ones([2, 3, 4]), ones([4, 5])).value.node;
    expect(primitive).toBe('reshape');
    expect(inputs[0]?.node.inputs.map(({ spec }) => spec.shape)).toEqual([
      [6, 4],
      [4, 5],
    ]);
  });

  const of = (...shape: number[]) => ones(shape);
  const wrong: readonly (readonly [f: () => unknown, message: string])[] = [
    [() => matmul(of(2, 3), of(4, 5)), 'matmul: inner sizes must agree; got a [2, 3] and b [4, 5]'],
    [() => matmul(of(3), of(4)), 'matmul: inner sizes must agree; got a [3] and b [4]'],
    [() => matmul(of(2, 3, 4), of(3, 4, 5)), 'matmul: leading dims must broadcast; got a [2, 3, 4] and b [3, 4, 5]'],
    [() => matmul(tensor(2), of(4)), 'matmul: a and b must have at least 1 dim; got a [] and b [4]. For scalars use mul'],
    [
      () => matmul(of(2, 2), zeros([2, 2], { dtype: 'float64' })),
      'matmul: a and b must have one dtype; got float32 and float64. Cast one of them',
    ],
    [() => matmul(of(2, 2).value as never, of(2, 2)), 'matmul: a must be a tensor'],
    [
      () => matmul(zeros([1, 1], { dtype: 'bool' }), zeros([1, 1], { dtype: 'bool' })),
      'matmul: bools cannot be multiplied as matrices. Cast them: a.float()',
    ],
    [() => mm(of(2), of(2)), 'mm: a and b must be matrices, of rank 2; got a [2] and b [2]'],
    [() => mm(of(2, 3), of(2, 3)), 'mm: inner sizes must agree; got a [2, 3] and b [2, 3]'],
    [() => bmm(of(2, 3, 4), of(3, 4, 5)), 'bmm: batch sizes must agree; got a [2, 3, 4] and b [3, 4, 5]'],
    [() => mv(of(2, 3), of(2)), 'mv: inner sizes must agree; got a [2, 3] and b [2]'],
    [() => dot(of(2), of(3)), 'dot: inner sizes must agree; got a [2] and b [3]'],
    [() => outer(of(2, 2), of(3)), 'outer: a and b must be vectors, of rank 1; got a [2, 2] and b [3]'],
    [() => inner(of(2, 3), of(2)), 'inner: last sizes must agree; got a [2, 3] and b [2]'],
    [() => addmm(of(5), of(2, 3), of(3, 4)), 'addmm: only dims of size 1 can be repeated'],
    [() => addmm(of(4), of(2, 3), of(3, 4), { alpha: Number.NaN }), 'addmm: alpha must be a number; got NaN'],
    [() => matrixPower(of(2, 3), 2), 'matrixPower: the last two sizes must be equal; got [2, 3]'],
    [() => matrixPower(of(2, 2), -1), 'matrixPower: n must be a whole number from 0 up; got -1'],
    [() => multiDot([of(2, 3), of(3), of(3, 2)]), 'multiDot: tensors must be matrices, the ends may be vectors; got [3] at 1'],
    [() => multiDot([of(2, 3), of(2, 3)]), 'multiDot: neighbours must fit; got [2, 3] and [2, 3] at 1'],
    [() => tensordot(of(2, 3), of(2, 3), { dims: 1 }), 'tensordot: the summed dims must agree; got [1] of a [2, 3] and [0] of b [2, 3]'],
    [() => tensordot(of(2), of(2), { dims: 2 }), 'tensordot: dims must be a whole number in [0, 1]; got 2'],
    [
      () =>
        tensordot(of(2, 2), of(2, 2), {
          dims: [
            [0, 0],
            [0, 1],
          ],
        }),
      'tensordot: a dim may be named once; got [0, 0]',
    ],
  ];
  for (const [f, message] of wrong) {
    it(`refuses: ${message}`, () => expect(f).toThrow(message));
  }
});

describe('einsum', () => {
  const letter = fc.constantFrom('i', 'j', 'k');
  const term = fc.array(letter, { maxLength: 3 }).map((letters) => letters.join(''));
  const equations = fc.tuple(fc.array(term, { minLength: 1, maxLength: 3 }), fc.array(letter, { maxLength: 3 }));
  const sizeOfLetter: Record<string, number> = { i: 2, j: 3, k: 2 };
  const shapeOf = (letters: string): Shape => [...letters].map((each) => sizeOfLetter[each] ?? 1);

  it('gives what loops over all letters give', () => {
    fc.assert(
      fc.property(equations, ([terms, wanted]) => {
        const output = [...new Set(wanted)].filter((each) => terms.join('').includes(each)).join('');
        const operands = terms.map((each, i) => noise(shapeOf(each), { seed: i + 1, dtype: 'float64' }));
        const result = einsum(`${terms.join(',')}->${output}`, ...operands.map(tensorOf));
        expect(result.shape).toEqual(shapeOf(output));
        const expected = naiveSums(
          terms,
          operands.map(({ data }) => data),
          output,
        );
        [...dataSync(result)].forEach((value, i) => {
          expect(value).toBeCloseTo(expected[i] ?? Number.NaN, 10);
        });
      }),
      { numRuns: 300 },
    );
  });

  /** For each place of the output, the sum over all other letters of the products. */
  function naiveSums(terms: readonly string[], operands: readonly (readonly number[])[], output: string): number[] {
    const letters = [...new Set(terms.join(''))];
    const sums = new Array<number>(shapeOf(output).reduce((a, b) => a * b, 1)).fill(0);
    const place = (at: Record<string, number>, word: string) =>
      [...word].reduce((offset, each) => offset * (sizeOfLetter[each] ?? 1) + (at[each] ?? 0), 0);
    const visit = (rest: readonly string[], at: Record<string, number>): void => {
      const [next, ...others] = rest;
      if (next === undefined) {
        const product = operands.reduce((factor, data, i) => factor * (data[place(at, terms[i] ?? '')] ?? Number.NaN), 1);
        sums[place(at, output)] = (sums[place(at, output)] ?? 0) + product;
        return;
      }
      for (let i = 0; i < (sizeOfLetter[next] ?? 1); i++) visit(others, { ...at, [next]: i });
    };
    visit(letters, {});
    return sums;
  }

  const of = (...shape: number[]) => ones(shape);
  const wrong: readonly (readonly [f: () => unknown, message: string])[] = [
    [() => einsum('ij,jk->ik', of(2, 3), of(4, 5)), "einsum: sizes of 'j' must agree in 'ij,jk->ik'; got 3 and 4 (operand 1 is [4, 5])"],
    [() => einsum('ii', of(2, 3)), "einsum: sizes of 'i' must agree in 'ii'; got 2 and 3 (operand 0 is [2, 3])"],
    [
      () => einsum('...i,...i', of(2, 3), of(4, 3)),
      "einsum: sizes of the dims that '...' stands for must agree in '...i,...i'; got 2 and 4 (operand 1 is [4, 3])",
    ],
    [() => einsum('ij', of(2)), "einsum: operand 0 must have 2 dims for 'ij' in 'ij'; got 1"],
    [() => einsum('ij...', of(2)), "einsum: operand 0 must have at least 2 dims for 'ij...' in 'ij...'; got 1"],
    [() => einsum('ij,jk', of(2, 3)), "einsum: it names 2 operands, but 1 were given; got 'ij,jk'"],
    [() => einsum('ij->ik', of(2, 3)), "einsum: 'k' of the result is in no operand; got 'ij->ik'"],
    [() => einsum('ij->ii', of(2, 3)), "einsum: 'i' may stand once in the result; got 'ij->ii'"],
    [() => einsum('i->j->k', of(2)), "einsum: '->' may stand once; got 'i->j->k'"],
    [() => einsum('i1', of(2, 2)), "einsum: '1' is neither a letter nor '...', ',' or '->'; got 'i1'"],
    [() => einsum('i..', of(2, 2)), "einsum: '.' is neither a letter nor '...', ',' or '->'; got 'i..'"],
    [() => einsum('...i...', of(2, 2)), "einsum: '...' may stand once in an operand; got '...i...'"],
    [() => einsum(1 as never, of(2)), "einsum: the equation must be a string such as 'ij,jk->ik'; got 1"],
    [() => einsum('i', 1 as never), 'einsum: operand 0 must be a tensor; got 1. Wrap it: tensor(…)'],
    [
      () => einsum('i,i', of(2), zeros([2], { dtype: 'float64' })),
      'einsum: operands must have one dtype; got float32 and float64. Cast one of them',
    ],
  ];
  for (const [f, message] of wrong) {
    it(`refuses: ${message}`, () => expect(f).toThrow(message));
  }
});
