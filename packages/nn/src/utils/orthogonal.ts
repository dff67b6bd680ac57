import { cat, eye, randn, ShapeError, type Tensor, zerosLike } from '@dl/tensor';
import { formatShape } from '@dl/tensor/internal';
import { Module } from '../module.ts';
import { Buffer } from '../parameter.ts';
import { householder, inverse, matrixExp, orthonormalColumns } from './matrices.ts';

/** How any matrix becomes an orthogonal one. */
export type OrthogonalMap = 'matrixExp' | 'cayley' | 'householder';

/** What `orthogonal` takes. */
export interface OrthogonalOptions {
  /** Which tensor; default `'weight'`. */
  readonly name?: string;
  /** Default `'matrixExp'` for square matrices, else `'householder'`. */
  readonly orthogonalMap?: OrthogonalMap;
}

/** Refuses what is no matrix. */
export function checkMatrix(weight: Tensor): void {
  if (weight.ndim !== 2 || weight.numel() === 0)
    throw new ShapeError(`orthogonal: the tensor must be a matrix; got ${formatShape(weight.shape)}`);
}

/** An orthogonal matrix from any: `base` times the map's. Named as in PyTorch, where it is printed. */
export class _Orthogonal extends Module {
  readonly orthogonalMap: OrthogonalMap;
  /** A full orthogonal matrix, from which the map starts. */
  readonly base: Buffer;

  constructor(weight: Tensor, orthogonalMap: OrthogonalMap) {
    super();
    this.orthogonalMap = orthogonalMap;
    this.base = new Buffer(baseOf(weight));
  }

  override forward(x: Tensor): Tensor {
    const wide = x.size(0) < x.size(1);
    const q = this.base.matmul(orthogonalOf(wide ? x.t() : x, this.orthogonalMap));
    return wide ? q.t() : q;
  }

  /** The base takes all of it; what is learned starts where the map gives the unit matrix. */
  rightInverse(value: Tensor): Tensor {
    this.base.assign(baseOf(value));
    return eye(value.size(0), { m: value.size(1), dtype: value.dtype }).neg();
  }
}

/** The orthonormal columns that come of a tall matrix, or one's transpose, filled up to a full matrix. */
function baseOf(weight: Tensor): Tensor {
  const matrix = weight.detach();
  const tall = matrix.size(0) < matrix.size(1) ? matrix.t() : matrix;
  const [rows, columns] = [tall.size(0), tall.size(1)];
  return orthonormalColumns(rows === columns ? tall : cat([tall, randn([rows, rows - columns], { dtype: tall.dtype })], { dim: 1 }));
}

/** What a map makes of a tall matrix. */
function orthogonalOf(x: Tensor, map: OrthogonalMap): Tensor {
  if (map === 'householder') return householder(x);
  const [rows, columns] = [x.size(0), x.size(1)];
  const lower = x.tril();
  const square =
    rows === columns
      ? lower
      : cat(
          [
            lower,
            zerosLike(x)
              .narrow(1, 0, 1)
              .expand([rows, rows - columns]),
          ],
          { dim: 1 },
        );
  const skew = square.sub(square.t());
  const unit = eye(rows, { dtype: x.dtype });
  const q = map === 'matrixExp' ? matrixExp(skew) : inverse(unit.sub(skew.mul(0.5))).matmul(unit.add(skew.mul(0.5)));
  return q.narrow(1, 0, columns);
}
