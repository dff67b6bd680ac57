import { adopt, type Backend, evaluate, reference, type Tensor, useBackend, where } from '@dl/tensor';
import { difference } from '@dl/tensor/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openVariants } from '../testing/openVariants.ts';

const variants = await openVariants();
const runs = Number(process.env.DL_FUSION_RUNS ?? 300);

/** One line of a random program: what it does to earlier values, which come to it modulo their number. */
interface Line {
  readonly op: number;
  readonly a: number;
  readonly b: number;
}
type Operation = (a: Tensor, b: Tensor) => Tensor;

const side = 4;
/** Every value is square, so that any can meet any; some operations go over other shapes and back. */
const operations: readonly Operation[] = [
  (a, b) => a.add(b),
  (a, b) => a.mul(b),
  (a) => a.tanh(),
  (a) => a.relu(),
  (a) => a.mul(0.5).add(0.25),
  (a, b) => a.gt(b).cast('float32'),
  (a, b) => where(a.gt(0), a, b),
  (a, b) => a.matmul(b).mul(0.25),
  (a) => a.permute([1, 0]),
  (a) => a.sum({ dim: 0 }).div(side).expand([side, side]),
  (a) => a.amax({ dim: 1, keepDim: true }).expand([side, side]),
  (a, b) => a.sub(b.sum({ dim: 1, keepDim: true })).mul(0.5),
  (a) =>
    a
      .reshape([side * side])
      .sigmoid()
      .reshape([side, side]),
  (a) => a.softmax(1),
  (a, b) => a.add(b.mean()),
];

describe.each(variants)('on $title', ({ backend }) => {
  it('random programs give what they give one operation at a time', async () => {
    const line = fc.record({ op: fc.nat(operations.length - 1), a: fc.nat(30), b: fc.nat(30) });
    const program = fc.array(line, { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(program, fc.array(fc.nat(30), { minLength: 1, maxLength: 4 }), async (lines, picks) => {
        const expected = await valuesOf(reference(), lines, picks);
        const actual = await valuesOf(backend, lines, picks);
        expected.forEach((values, i) => {
          expect(difference(actual[i] ?? [], values, 1e-4)).toBeNull();
        });
      }),
      { numRuns: runs },
    );
  });
});

async function valuesOf(backend: Backend, lines: readonly Line[], picks: readonly number[]) {
  useBackend(backend);
  const values = [0, 1, 2].map((seed) => leaf(seed));
  const pick = (number: number) => values[number % values.length] as Tensor;
  for (const { op, a, b } of lines) values.push((operations[op] as Operation)(pick(a), pick(b)));
  const roots = [values.at(-1) as Tensor, ...picks.map(pick)];
  await evaluate(...roots);
  return Promise.all(roots.map((root) => root.data()));
}

function leaf(seed: number): Tensor {
  const elements = Float32Array.from({ length: side * side }, (_, i) => Math.sin(7 * i + 3 * seed));
  return adopt(elements, [side, side]);
}
