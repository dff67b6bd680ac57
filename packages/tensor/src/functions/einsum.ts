import { apply } from '../apply.ts';
import { checkTensor } from '../checks.ts';
import { ArgumentError, DTypeError, ShapeError } from '../errors.ts';
import { formatShape, sizeOf } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { mul } from './arithmetic.ts';
import { diagonalOf } from './diagonal.ts';
import { type Equation, parseEquation } from './einsumEquation.ts';
import { permuteTo, reshapeTo } from './movement.ts';

/**
 * Einstein's sum convention: `einsum('ij,jk->ik', a, b)` multiplies elements whose letters agree and sums over the letters
 * that the result does not have. A letter twice in one operand takes the diagonal, `...` stands for any leading dims,
 * sizes of 1 broadcast, and without `->` the result has the letters that occur once, in alphabetical order.
 * Operands are contracted from left to right. PyTorch: `torch.einsum`.
 *
 * @throws ArgumentError for an equation that it cannot read; ShapeError, naming the letter, for sizes that do not agree;
 *   DTypeError if dtypes differ or are bool.
 * @example einsum('bij,bjk->bik', a, b) // a batch of matrix products
 */
export function einsum(equation: string, ...operands: readonly Tensor[]): Tensor {
  operands.forEach((operand, i) => {
    checkTensor('einsum', `operand ${i}`, operand);
  });
  const parsed = parseEquation(
    equation,
    operands.map(({ ndim }) => ndim),
  );
  checkDTypes(operands);
  const sizes = sizesOf(equation, parsed, operands);
  const terms = operands.map((tensor, i) => narrowed({ tensor, labels: parsed.inputs[i] ?? [] }, sizes));
  const [first, ...rest] = terms;
  if (first === undefined) throw new ArgumentError('einsum: needs at least one operand; got none');
  const all = rest.reduce((term, next, i) => {
    const needed = new Set([...parsed.output, ...rest.slice(i + 1).flatMap(({ labels }) => labels)]);
    return contract(term, next, needed);
  }, first);
  return arranged(summed(all, new Set(parsed.output)), parsed.output).tensor;
}

// ---------------------------------------------------------------------------------------------------------------------

/** A tensor with a label for each dim. */
interface Term {
  readonly tensor: Tensor;
  readonly labels: readonly string[];
}

function checkDTypes(operands: readonly Tensor[]): void {
  const [first] = operands;
  const odd = operands.find(({ dtype }) => dtype !== first?.dtype);
  if (first !== undefined && odd !== undefined)
    throw new DTypeError(`einsum: operands must have one dtype; got ${first.dtype} and ${odd.dtype}. Cast one of them`);
  if (first?.dtype === 'bool') throw new DTypeError('einsum: bools cannot be multiplied and summed. Cast them: x.int()');
}

/** The size of each label: that of the operands that do not have 1 there. */
function sizesOf(equation: string, { inputs }: Equation, operands: readonly Tensor[]): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  operands.forEach(({ shape }, i) => {
    const own = new Map<string, number>();
    inputs[i]?.forEach((label, dim) => {
      const size = shape[dim] ?? 1;
      const twin = own.get(label) ?? size;
      const known = sizes.get(label) ?? 1;
      const clash = twin !== size ? twin : known;
      if (twin !== size || (size !== 1 && known !== 1 && size !== known)) {
        throw new ShapeError(
          `einsum: sizes of ${nameOf(label)} must agree in '${equation}'; got ${clash} and ${size} (operand ${i} is ${formatShape(shape)})`,
        );
      }
      own.set(label, size);
      if (size !== 1 || known === 1) sizes.set(label, size);
    });
  });
  return sizes;
}

function nameOf(label: string): string {
  return label.startsWith('.') ? "the dims that '...' stands for" : `'${label}'`;
}

/** A term with each label once, and without dims of size 1 that broadcast. */
function narrowed(term: Term, sizes: ReadonlyMap<string, number>): Term {
  const { tensor, labels } = withDiagonals(term);
  const broadcasts = labels.map((label, dim) => tensor.shape[dim] === 1 && sizes.get(label) !== 1);
  return {
    tensor: reshapeTo(
      tensor,
      tensor.shape.filter((_, dim) => broadcasts[dim] !== true),
    ),
    labels: labels.filter((_, dim) => broadcasts[dim] !== true),
  };
}

function withDiagonals(term: Term): Term {
  const { tensor, labels } = term;
  const second = labels.findIndex((label, dim) => labels.indexOf(label) < dim);
  const label = labels[second];
  if (label === undefined) return term;
  const first = labels.indexOf(label);
  const rest = labels.filter((_, dim) => dim !== first && dim !== second);
  return withDiagonals({ tensor: diagonalOf(tensor, first, second, 0), labels: [...rest, label] });
}

/** Sums over the labels that nobody needs. */
function summed({ tensor, labels }: Term, needed: ReadonlySet<string>): Term {
  const dims = labels.map((_, dim) => dim).filter((dim) => !needed.has(labels[dim] ?? ''));
  if (dims.length === 0) return { tensor, labels };
  return { tensor: apply('sum', [tensor], { dims, keepDim: false }, []), labels: labels.filter((label) => needed.has(label)) };
}

/** The product of two terms, summed over the labels they share that nobody needs any more. */
function contract(a: Term, b: Term, needed: ReadonlySet<string>): Term {
  const left = summed(a, new Set([...needed, ...b.labels]));
  const right = summed(b, new Set([...needed, ...a.labels]));
  const shared = left.labels.filter((label) => right.labels.includes(label));
  const batch = shared.filter((label) => needed.has(label));
  const inner = shared.filter((label) => !needed.has(label));
  const rows = left.labels.filter((label) => !shared.includes(label));
  const columns = right.labels.filter((label) => !shared.includes(label));
  const labels = [...batch, ...rows, ...columns];
  if (inner.length === 0) return { tensor: mul(spread(left, labels), spread(right, labels)), labels };
  const x = arranged(left, [...batch, ...rows, ...inner]).tensor;
  const y = arranged(right, [...batch, ...inner, ...columns]).tensor;
  const [batchShape, rowShape, innerShape] = cut(x.shape, batch.length, rows.length);
  const columnShape = y.shape.slice(batch.length + inner.length);
  const leading = batch.length === 0 ? [] : [sizeOf(batchShape)];
  const product = apply(
    'matmul',
    [reshapeTo(x, [...leading, sizeOf(rowShape), sizeOf(innerShape)]), reshapeTo(y, [...leading, sizeOf(innerShape), sizeOf(columnShape)])],
    { transposeA: false, transposeB: false },
    [],
  );
  return { tensor: reshapeTo(product, [...batchShape, ...rowShape, ...columnShape]), labels };
}

function cut(shape: readonly number[], first: number, second: number): [readonly number[], readonly number[], readonly number[]] {
  return [shape.slice(0, first), shape.slice(first, first + second), shape.slice(first + second)];
}

/** The dims in the order of some labels, each of which the term has. */
function arranged({ tensor, labels }: Term, order: readonly string[]): Term {
  return {
    tensor: permuteTo(
      tensor,
      order.map((label) => labels.indexOf(label)),
    ),
    labels: order,
  };
}

/** The tensor with a dim for each of some labels, of size 1 where it has none. */
function spread(term: Term, labels: readonly string[]): Tensor {
  const { tensor } = arranged(
    term,
    labels.filter((label) => term.labels.includes(label)),
  );
  const sizes = [...tensor.shape];
  return reshapeTo(
    tensor,
    labels.map((label) => (term.labels.includes(label) ? (sizes.shift() ?? 1) : 1)),
  );
}
