import { ArgumentError, conv1d, conv2d, manualSeed, randn, ShapeError, type Tensor, zeros } from '@dl/tensor';
import { expect, test } from 'vitest';
import { init, Parameter } from '../index.ts';

const parameter = (...shape: readonly number[]): Parameter => new Parameter(zeros(shape));

test('a dirac convolution leaves what it is given as it is', async () => {
  const [plane, line] = [randn([2, 3, 4, 5]), randn([2, 4, 6])];
  expect(await conv2d(plane, init.dirac(parameter(3, 3, 3, 3)), { padding: 1 }).equal(plane)).toBe(true);
  const grouped = init.dirac(parameter(4, 2, 5), { groups: 2 });
  expect(await conv1d(line, grouped, { padding: 2, groups: 2 }).equal(line)).toBe(true);
});

test('a dirac weight keeps as many channels as there are on both sides', async () => {
  expect(await init.dirac(parameter(2, 1, 3)).tolist()).toEqual([[[0, 1, 0]], [[0, 0, 0]]]);
  expect(await init.dirac(parameter(1, 2, 2, 1, 1)).tolist()).toEqual([
    [
      [[[0]], [[1]]],
      [[[0]], [[0]]],
    ],
  ]);
});

test('a sparse matrix has its share of zeros in each column, and normal numbers elsewhere', async () => {
  manualSeed(3);
  const x = init.sparse(parameter(200, 300), 0.301, { std: 2 }).detach();
  const zerosPerColumn = await x.eq(0).sum({ dim: 0 }).data();
  expect(new Set(zerosPerColumn)).toEqual(new Set([61]));
  const zerosPerRow = await x.eq(0).sum({ dim: 1 }).data();
  expect(new Set(zerosPerRow).size).toBeGreaterThan(10);
  const deviation = Math.sqrt((await x.square().sum().item()) / (139 * 300));
  expect(Math.abs(deviation / 2 - 1)).toBeLessThan(0.02);
});

test.each<[string, () => Tensor, new (message?: string) => Error, string]>([
  ['rank', () => init.dirac(parameter(2, 2)), ShapeError, 'dirac: the tensor must have 3 to 5 dims; got [2, 2]'],
  [
    'group',
    () => init.dirac(parameter(3, 1, 1), { groups: 2 }),
    ArgumentError,
    'dirac: groups must divide the first dim; got 2 and [3, 1, 1]',
  ],
  ['group', () => init.dirac(parameter(3, 1, 1), { groups: 0 }), ArgumentError, 'dirac: groups must be a whole number from 1 up; got 0'],
  ['rank', () => init.sparse(parameter(3), 0.1), ShapeError, 'sparse: the tensor must be a matrix; got [3]'],
  ['sparsity', () => init.sparse(parameter(3, 3), 2), ArgumentError, 'sparse: sparsity must be a number in [0, 1]; got 2'],
  ['deviation', () => init.sparse(parameter(3, 3), 0.1, { std: -1 }), ArgumentError, 'sparse: std must not be negative; got -1'],
])('a bad %s is named (%#)', (_, run, error, message) => {
  expect(run).toThrow(error);
  expect(run).toThrow(message);
});
