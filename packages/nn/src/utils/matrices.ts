import { arange, eye, type Tensor, where } from '@dl/tensor';

// Small dense linear algebra as recipes: for matrices as parametrizations have them.

/** Halvings before, and squarings after the series of the exponential. */
const squarings = 4;
const terms = 12;

/** `e^A`: the Taylor series of `A / 16`, squared four times (Moler and Van Loan 2003). To float32 for norms up to about 32. */
export function matrixExp(a: Tensor): Tensor {
  const unit = eye(a.size(0), { dtype: a.dtype });
  const small = a.mul(2 ** -squarings);
  let sum = unit;
  for (let k = terms; k >= 1; k--) sum = unit.add(small.matmul(sum).mul(1 / k));
  for (let i = 0; i < squarings; i++) sum = sum.matmul(sum);
  return sum;
}

/** How often the error of the inverse is squared: enough for condition numbers up to some thousands. */
const inverseSteps = 24;

/** The inverse, by Newton's iteration `X ← X (2 I - M X)`, which converges from `Mᵀ / (‖M‖₁ ‖M‖∞)` (Pan and Reif 1985). */
export function inverse(m: Tensor): Tensor {
  const unit = eye(m.size(0), { dtype: m.dtype });
  const sizes = m.detach().abs();
  const bound = sizes
    .sum({ dim: 0 })
    .max()
    .mul(sizes.sum({ dim: 1 }).max());
  let x = m.t().div(bound);
  for (let i = 0; i < inverseSteps; i++) x = x.matmul(unit.mul(2).sub(m.matmul(x)));
  return x;
}

/**
 * The first columns of the product of reflections `I - tau v vᵀ` whose vectors stand below the diagonal of a tall matrix, with signs from the
 * diagonal: LAPACK's `orgqr`, as PyTorch's `householder_product` takes it.
 */
export function householder(x: Tensor): Tensor {
  const [rows, columns] = [x.size(0), x.size(1)];
  const unit = eye(rows, { m: columns, dtype: x.dtype });
  const vectors = x.tril({ diagonal: -1 }).add(unit);
  const tau = vectors.square().sum({ dim: 0 }).reciprocal().mul(2);
  let q: Tensor = unit;
  for (let j = columns - 1; j >= 0; j--) {
    const v = vectors.narrow(1, j, 1);
    q = q.sub(v.mul(tau.select(0, j)).matmul(v.t().matmul(q)));
  }
  const signs = x.detach().mul(unit).sum({ dim: 0 }).trunc();
  return q.mul(signs);
}

/** The columns made orthonormal one after the other (Gram and Schmidt), twice: what rounding left goes with the second pass. */
export function orthonormalColumns(a: Tensor): Tensor {
  return onePass(onePass(a));
}

function onePass(a: Tensor): Tensor {
  const columns = a.size(1);
  const places = arange(columns, { dtype: 'int32' });
  let rest = a;
  for (let j = 0; j < columns; j++) {
    const column = rest.narrow(1, j, 1);
    const unit = column.div(column.norm());
    const behind = where(places.gt(j), unit.t().matmul(rest), 0);
    rest = where(places.eq(j), unit, rest.sub(unit.matmul(behind)));
  }
  return rest;
}
