import { ArgumentError, GradientError, mul, type Shape, sum, Tensor, tensor, zeros } from '@dl/tensor';
import { checkFinite, checkFloating, checkInteger, checkTensor, describe, isFloating, sizeOf } from '@dl/tensor/internal';
import { grad } from './grad.ts';

/** What `checkGradients` may be told. */
export interface CheckGradientsOptions {
  /** 1: the gradient; 2: the gradient of the gradient as well. Default 1. */
  readonly order?: 1 | 2;
  /** Half the distance of the two points between which a slope is measured. Default 1e-5. */
  readonly eps?: number;
  /** How many elements of each input are moved, spread over it, if it has more. Default all. */
  readonly elements?: number;
  /** Greatest allowed |difference| / (1 + |measured|). Default 1e-6. */
  readonly tolerance?: number;
}

type Functions = (...xs: Tensor[]) => Tensor | readonly Tensor[];

interface Limits {
  readonly eps: number;
  readonly elements: number;
  readonly tolerance: number;
}

/** A point where a function is checked: elements and shape of each argument. */
interface Argument {
  readonly data: Float64Array<ArrayBuffer>;
  readonly shape: Shape;
}

/**
 * Compares the gradients of a function with slopes measured by central differences, element by element, in float64: the
 * inputs are cast. The outputs are weighted with fixed odd numbers and added up. The function must give the same for the same
 * inputs and be smooth near them. PyTorch: `torch.autograd.gradcheck` and `gradgradcheck`.
 *
 * @throws GradientError naming the first element where they differ; DTypeError for inputs that are not float32 or float64;
 *   ArgumentError for options out of range.
 * @example await checkGradients((a, b) => a.matmul(b), [randn([2, 3]), randn([3, 2])], { order: 2 });
 */
export async function checkGradients(f: Functions, inputs: readonly Tensor[], options: CheckGradientsOptions = {}): Promise<void> {
  const { order = 1, eps = 1e-5, elements = Number.POSITIVE_INFINITY, tolerance = 1e-6 } = options;
  const limits = { eps, elements, tolerance };
  checkOptions(order, limits);
  for (const [i, x] of inputs.entries()) {
    checkTensor('checkGradients', `input ${i}`, x);
    checkFloating('checkGradients', `input ${i}`, x);
  }
  const point = await Promise.all(inputs.map(async (x) => ({ data: Float64Array.from(await x.data()), shape: x.shape })));
  await checkAt(f, point, 'the gradient', limits);
  if (order === 2) await checkSecondOrder(f, point, limits);
}

/** Checks the gradient's gradient: for the inputs, and for the cotangents that the gradient starts from. */
async function checkSecondOrder(f: Functions, point: readonly Argument[], limits: Limits): Promise<void> {
  const outputs = outputsOf(f, point.map(argument));
  const cotangents = outputs.map(({ shape }) => ({ data: weights(sizeOf(shape)), shape }));
  const gradientFor = (...all: Tensor[]): readonly Tensor[] => {
    const starts = all.slice(point.length);
    const weighted = (...xs: Tensor[]): Tensor => total(outputsOf(f, xs).map((y, i) => mul(y, starts[i] ?? 1)));
    return gradientsOf(weighted, all.slice(0, point.length));
  };
  await checkAt(gradientFor, [...point, ...cotangents], 'the second gradient', limits);
}

async function checkAt(f: Functions, point: readonly Argument[], what: string, { eps, elements, tolerance }: Limits): Promise<void> {
  const weighted = (...xs: Tensor[]): Tensor => total(outputsOf(f, xs).map((y) => mul(y, tensor(weights(y.numel()), { shape: y.shape }))));
  const gradients = await Promise.all(gradientsOf(weighted, point.map(argument)).map((gradient) => gradient.data()));
  for (const [i, { data }] of point.entries()) {
    for (const element of spread(data.length, elements)) {
      const measured = await slope(weighted, point, i, element, eps);
      const computed = gradients[i]?.[element] ?? 0;
      if (Math.abs(computed - measured) <= tolerance * (1 + Math.abs(measured))) continue;
      throw new GradientError(
        `checkGradients: ${what} must be the slope; got ${computed}, measured ${measured}, at element ${element} of input ${i}`,
      );
    }
  }
}

async function slope(
  f: (...xs: Tensor[]) => Tensor,
  point: readonly Argument[],
  input: number,
  element: number,
  eps: number,
): Promise<number> {
  const moved = (by: number): Promise<number> => {
    const arguments_ = point.map(({ data, shape }, i) => argument({ data: i === input ? shifted(data, element, by) : data, shape }));
    return f(...arguments_).item();
  };
  const [above, below] = await Promise.all([moved(eps), moved(-eps)]);
  return (above - below) / (2 * eps);
}

/** At most `limit` places among `count`, that have nothing to do with rows and columns. */
function spread(count: number, limit: number): Iterable<number> {
  if (count <= limit) return Array(count).keys();
  return new Set(Array.from({ length: limit }, (_, i) => Math.floor(golden(i) * count)));
}

/** The gradients for all arguments, zeros for those that have no effect. */
function gradientsOf(f: (...xs: Tensor[]) => Tensor, xs: readonly Tensor[]): readonly Tensor[] {
  return grad((list: readonly Tensor[]) => f(...list))(xs);
}

function outputsOf(f: Functions, xs: readonly Tensor[]): Tensor[] {
  const result = f(...xs);
  return (result instanceof Tensor ? [result] : [...result]).filter(({ dtype }) => isFloating(dtype));
}

function total(terms: readonly Tensor[]): Tensor {
  return terms.map((term) => sum(term)).reduce((a, b) => a.add(b), zeros([], { dtype: 'float64' }));
}

function argument({ data, shape }: Argument): Tensor {
  return tensor(data, { shape });
}

function shifted(data: Float64Array<ArrayBuffer>, element: number, by: number): Float64Array<ArrayBuffer> {
  return data.map((x, i) => (i === element ? x + by : x));
}

/** Fixed numbers between 0.5 and 1.5 that have nothing to do with each other. */
function weights(count: number): Float64Array<ArrayBuffer> {
  return Float64Array.from({ length: count }, (_, i) => 0.5 + golden(i));
}

/** Multiples of the golden ratio, modulo 1: they spread evenly and never repeat. */
function golden(i: number): number {
  return ((i + 1) * 0.618033988749895) % 1;
}

function checkOptions(order: number, { elements, ...positive }: Limits): void {
  if (order !== 1 && order !== 2) throw new ArgumentError(`checkGradients: order must be 1 or 2; got ${describe(order)}`);
  if (elements !== Number.POSITIVE_INFINITY) checkInteger('checkGradients', 'elements', elements, 1);
  for (const [name, value] of Object.entries(positive)) {
    checkFinite('checkGradients', name, value);
    if (value <= 0) throw new ArgumentError(`checkGradients: ${name} must be greater than 0; got ${value}`);
  }
}
