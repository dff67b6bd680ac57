// What PyTorch does at kinks, poles, ties and masks: fixtures/conventions.py.
import {
  atan2,
  div,
  fmod,
  gelu,
  maskedFill,
  matmul,
  maximum,
  minimum,
  onesLike,
  pow,
  remainder,
  silu,
  softplus,
  type Tensor,
  tensor,
  where,
  zerosLike,
} from '@dl/tensor';
import { apply } from '@dl/tensor/internal';
import { describe, expect, test } from 'vitest';
import cases from '../fixtures/conventions.json' with { type: 'json' };
import { gradients } from './gradients.ts';
import { requiresGrad } from './requiresGrad.ts';

type Floats = readonly (number | string)[];
interface Case {
  readonly name: string;
  readonly inputs: readonly { readonly shape: readonly number[]; readonly data: Floats }[];
  readonly first: readonly Floats[];
  readonly second?: readonly Floats[];
}

const integers = (...data: number[]): Tensor => tensor(data, { dtype: 'int32' });
const rowLosses = (x: Tensor, labels: Tensor, ignoreIndex = -100): Tensor => apply('crossEntropy', [x, labels], { ignoreIndex }, []);
const bools = (...data: boolean[]): Tensor => tensor(data);

/** The cases of the fixture, in our words. */
const functions: Readonly<Record<string, (...xs: [Tensor, Tensor, Tensor]) => Tensor>> = {
  relu: (x) => x.relu(),
  abs: (x) => x.abs(),
  sign: (x) => x.sign(),
  round: (x) => x.round(),
  floor: (x) => x.floor(),
  sqrt: (x) => x.sqrt(),
  rsqrt: (x) => x.rsqrt(),
  log: (x) => x.log(),
  log1p: (x) => x.log1p(),
  asin: (x) => x.asin(),
  acos: (x) => x.acos(),
  acosh: (x) => x.acosh(),
  atanh: (x) => x.atanh(),
  'tanh saturates': (x) => x.tanh(),
  'sigmoid saturates': (x) => x.sigmoid(),
  'amax ties': (x) => x.amax({ dim: 1 }),
  'amin ties': (x) => x.amin({ dim: 0, keepDim: true }),
  'amax of NaN': (x) => x.amax({ dim: 0 }),
  'max of all ties': (x) => x.max(),
  'maximum ties': maximum,
  'minimum ties': minimum,
  'maximum broadcast ties': maximum,
  'clamp at its bounds': (x) => x.clamp({ min: -1, max: 1 }),
  'clamp from below': (x) => x.clamp({ min: 0 }),
  'where keeps NaN of the other branch': (x) => where(x.gt(0), x.sqrt(), zerosLike(x)),
  'where with a masked argument': (x) => where(x.gt(0), where(x.gt(0), x, onesLike(x)).sqrt(), zerosLike(x)),
  'where of two branches': (a, b) => where(bools(true, false), a, b),
  maskedFill: (x) => maskedFill(x, bools(true, false, true), 7),
  'pow 0': (x) => x.pow(0),
  'pow 1': (x) => x.pow(1),
  'pow 2': (x) => x.pow(2),
  'pow 3': (x) => x.pow(3),
  'pow half': (x) => x.pow(0.5),
  'pow 1.5': (x) => x.pow(1.5),
  'pow -1': (x) => x.pow(-1),
  'pow of tensors': pow,
  'pow of a number': (x) => pow(2, x),
  'pow of zero': (x) => pow(tensor(0), x),
  'div by zero': (a, b) => div(a, b),
  remainder,
  fmod,
  'div floor': (a, b) => div(a, b, { roundingMode: 'floor' }),
  'div trunc': (a, b) => div(a, b, { roundingMode: 'trunc' }),
  'atan2 at the origin': atan2,
  'prod without zeros': (x) => x.prod(),
  'prod with a zero': (x) => x.prod(),
  'prod with two zeros': (x) => x.prod(),
  'prod of rows': (x) => x.prod({ dim: 1 }),
  'prod of nothing': (x) => x.prod({ dim: 1 }),
  cumsum: (x) => x.cumsum({ dim: 0 }),
  'sort ties': (x) => x.sort({ dim: 0 })[0],
  'sort descending': (x) => x.sort({ dim: 1, descending: true })[0],
  topk: (x) => x.topk(2, { dim: 1 })[0],
  'norm at zero': (x) => x.norm(),
  'norm of rows, one of zeros': (x) => x.norm({ dim: 1 }),
  norm: (x) => x.norm({ dim: 1 }),
  'norm 1': (x) => x.norm({ p: 1 }),
  'norm inf': (x) => x.norm({ p: Infinity }),
  std: (x) => x.std(),
  var: (x) => x.var({ dim: 0, correction: 0 }),
  logsumexp: (x) => x.logsumexp({ dim: 1 }),
  'softmax with masked entries': (x) => x.softmax(1),
  'logSoftmax with masked entries': (x) => x.logSoftmax(1).narrow(1, 0, 2),
  gelu: (x) => gelu(x),
  'gelu tanh': (x) => gelu(x, { approximate: 'tanh' }),
  silu,
  softplus: (x) => softplus(x, { beta: 2, threshold: 3 }),
  'softplus at its threshold': (x) => softplus(x, { beta: 2, threshold: 3 }),
  crossEntropy: (x) =>
    rowLosses(x, integers(2, 0, -100))
      .sum()
      .div(2),
  'crossEntropy without reduction': (x) => rowLosses(x, integers(2, 0, 1), 0),
  layerNorm: (x, weight, bias) => apply('layerNorm', [x, weight, bias], { dims: 1 }, [1e-5])[0],
  batchNorm: (x, weight, bias) => apply('batchNorm', [x, weight, bias], {}, [1e-5])[0],
  linear: (x, weight, bias) => apply('linear', [x, weight, bias], {}, []),
  'gather repeats': (x) => x.gather(0, integers(0, 2, 0, 0)),
  'indexSelect repeats': (x) => x.indexSelect(1, integers(1, 1, 0)),
  'scatter overwrites': (x, s) => x.scatter(0, integers(1, 3), s),
  'scatterAdd repeats': (x, s) => x.scatterAdd(0, integers(1, 1, 0), s),
  expand: (x) => x.expand([2, 3, 2]),
  'unselected rows': (x) => x.narrow(0, 1, 1).slice(1, { step: 2 }),
  'double precision through single': (x) => x.float().mul(0.1).double(),
  'matmul of a vector': matmul,
  'matmul broadcasts': matmul,
  'smoothness of x |x|': (x) => x.mul(x.abs()),
  'relu squared': (x) => x.relu().pow(2),
};

/** `1, 2, 3, …` in the shape of `y`. */
function counting(y: Tensor): Tensor {
  return tensor(
    Float64Array.from({ length: y.numel() }, (_, i) => i + 1),
    { shape: y.shape },
  );
}

function weighted(ys: readonly Tensor[]): Tensor {
  return ys.map((y) => y.mul(counting(y)).sum()).reduce((a, b) => a.add(b));
}

function parsed(floats: Floats): number[] {
  return floats.map((x) => (typeof x === 'number' ? x : Number(x.replace('inf', 'Infinity'))));
}

/** Equal to 12 digits, NaN to NaN and infinities to infinities. */
async function expectAll(computed: readonly Tensor[], expected: readonly Floats[]): Promise<void> {
  for (const [i, gradient] of computed.entries()) {
    const numbers = Array.from(await gradient.data());
    const wanted = parsed(expected[i] ?? []);
    expect(numbers.length).toBe(wanted.length);
    const worst = numbers.map((x, j) => deviation(x, wanted[j] ?? Number.NaN));
    expect(worst, `got ${numbers}, PyTorch says ${wanted}`).toEqual(worst.map(() => 0));
  }
}

/** 0 if they agree. */
function deviation(x: number, wanted: number): number {
  if (Object.is(x, wanted) || x === wanted) return 0;
  const relative = Math.abs(x - wanted) / (1 + Math.abs(wanted));
  return relative < 1e-12 ? 0 : relative;
}

test('there is a function for each case of the fixture, and no other', () => {
  expect(Object.keys(functions)).toEqual(cases.map(({ name }) => name));
});

function pointOf({ inputs }: Case): [Tensor, Tensor, Tensor] {
  const xs = inputs.map(({ shape, data }) => requiresGrad(tensor(Float64Array.from(parsed(data)), { shape })));
  return xs as [Tensor, Tensor, Tensor];
}

const all: readonly Case[] = cases;

describe('the gradient of PyTorch', () => {
  test.each(all)('$name', async (golden) => {
    const xs = pointOf(golden);
    const y = functions[golden.name]?.(...xs) ?? xs[0];
    await expectAll(gradients(weighted([y]), xs), golden.first);
  });
});

describe('the second gradient of PyTorch', () => {
  test.each(all.flatMap((golden) => (golden.second === undefined ? [] : [{ ...golden, second: golden.second }])))(
    '$name',
    async (golden) => {
      const xs = pointOf(golden);
      const y = functions[golden.name]?.(...xs) ?? xs[0];
      const slopes: readonly Tensor[] = gradients(weighted([y]), xs, { createGraph: true });
      const sum = weighted(slopes);
      const bends = sum.requiresGrad ? gradients(sum, xs, { allowUnused: true }) : xs.map(() => null);
      await expectAll(
        bends.map((bend, i) => bend ?? zerosLike(xs[i] ?? sum)),
        golden.second,
      );
    },
  );
});
