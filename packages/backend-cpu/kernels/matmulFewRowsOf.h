// The code of matmulFewRows.c for one element type.
#include "real.h"

INLINE Real OF_REAL(sumOf)(Reals v) {
  typedef Real Sixteen __attribute__((vector_size(16)));
  Sixteen quarters[VECTOR_BYTES / 16];
  memcpy(quarters, &v, sizeof v);
  UNROLL for (int i = 1; i < VECTOR_BYTES / 16; i++) quarters[0] += quarters[i];
  Real sum = quarters[0][0];
  UNROLL for (int i = 1; i < 16 / (int)sizeof(Real); i++) sum += quarters[0][i];
  return sum;
}

// Rows of a and of the transpose of b, which lie side by side in depth, and where their products go.
typedef struct OF_REAL(Dots) {
  const Real *a, *b;
  Real *c;
  int64_t aStride, bStride, cStride, depth;
} OF_REAL(Dots);

// c[i][j] = row i of a · row j of b.
INLINE void OF_REAL(multiplyDots)(const int rows, const int columns, const OF_REAL(Dots) * p) {
  Reals sums[ROWS_AT_ONCE][COLUMNS_AT_ONCE];
  UNROLL for (int i = 0; i < rows; i++) UNROLL for (int j = 0; j < columns; j++) sums[i][j] = (Reals){0};
  int64_t k = 0;
  for (; k + REAL_LANES <= p->depth; k += REAL_LANES) {
    Reals a[ROWS_AT_ONCE];
    UNROLL for (int i = 0; i < rows; i++) a[i] = OF_REAL(load)(p->a + i * p->aStride + k);
    UNROLL for (int j = 0; j < columns; j++) {
      const Reals b = OF_REAL(load)(p->b + j * p->bStride + k);
      UNROLL for (int i = 0; i < rows; i++) sums[i][j] = multiplyAddReals(a[i], b, sums[i][j]);
    }
  }
  const int64_t rest = p->depth - k;
  if (rest > 0)
    UNROLL for (int j = 0; j < columns; j++) {
      const Reals b = OF_REAL(loadSome)(p->b + j * p->bStride + k, rest);
      UNROLL for (int i = 0; i < rows; i++) sums[i][j] = multiplyAddReals(OF_REAL(loadSome)(p->a + i * p->aStride + k, rest), b, sums[i][j]);
    }
  UNROLL for (int i = 0; i < rows; i++)
    UNROLL for (int j = 0; j < columns; j++) p->c[i * p->cStride + j] = OF_REAL(sumOf)(sums[i][j]);
}

INLINE void OF_REAL(dotRows)(const int rows, OF_REAL(Dots) p, int64_t columns) {
  int64_t j = 0;
  for (; j + COLUMNS_AT_ONCE <= columns; j += COLUMNS_AT_ONCE, p.b += COLUMNS_AT_ONCE * p.bStride, p.c += COLUMNS_AT_ONCE)
    OF_REAL(multiplyDots)(rows, COLUMNS_AT_ONCE, &p);
  for (; j < columns; j++, p.b += p.bStride, p.c++) OF_REAL(multiplyDots)(rows, 1, &p);
}

static void OF_REAL(dots)(OF_REAL(Dots) p, int64_t rows, int64_t columns) {
  for (; rows >= ROWS_AT_ONCE; rows -= ROWS_AT_ONCE, p.a += ROWS_AT_ONCE * p.aStride, p.c += ROWS_AT_ONCE * p.cStride)
    OF_REAL(dotRows)(ROWS_AT_ONCE, p, columns);
  for (; rows > 0; rows--, p.a += p.aStride, p.c += p.cStride) OF_REAL(dotRows)(1, p, columns);
}

// c += x[0] · row 0 + x[1] · row 1 + …, for some rows of a matrix.
INLINE void OF_REAL(addRows)(const int rows, Real *c, const Real *x, const Real *matrix, int64_t stride, int64_t columns) {
  int64_t j = 0;
  for (; j + REAL_LANES <= columns; j += REAL_LANES) {
    Reals sum = OF_REAL(load)(c + j);
    UNROLL for (int i = 0; i < rows; i++) sum = multiplyAddReals(OF_REAL(all)(x[i]), OF_REAL(load)(matrix + i * stride + j), sum);
    OF_REAL(store)(c + j, sum);
  }
  if (j == columns) return;
  Reals sum = OF_REAL(loadSome)(c + j, columns - j);
  UNROLL for (int i = 0; i < rows; i++)
    sum = multiplyAddReals(OF_REAL(all)(x[i]), OF_REAL(loadSome)(matrix + i * stride + j, columns - j), sum);
  OF_REAL(storeSome)(c + j, sum, columns - j);
}

static void OF_REAL(combineRows)(Real *c, const Real *x, const Real *matrix, int64_t stride, int64_t columns, int64_t depth) {
  memset(c, 0, sizeof(Real) * (size_t)columns);
  int64_t k = 0;
  for (; k + COMBINED_AT_ONCE <= depth; k += COMBINED_AT_ONCE)
    OF_REAL(addRows)(COMBINED_AT_ONCE, c, x + k, matrix + k * stride, stride, columns);
  for (; k < depth; k++) OF_REAL(addRows)(1, c, x + k, matrix + k * stride, stride, columns);
}

static void OF_REAL(multiplyRows)(const Call *call, const MatrixPiece *piece, void *c) {
  const MatrixParams *p = matrixParams(call);
  const int64_t columns = lengthOf(piece->columns), depth = lengthOf(piece->depth);
  const Real *bias = p->splits > 1 ? NULL : operandBias(call);
  for (int64_t matrix = piece->matrices.start; matrix < piece->matrices.end; matrix++) {
    const MatrixStarts starts = matrixStarts(p, matrix);
    const Real *a = (const Real *)operandA(call) + starts.a + piece->depth.start, *b = (const Real *)operandB(call) + starts.b;
    Real *first = (Real *)c + matrix * p->rows * p->columns + piece->columns.start;
    if (p->transposeB)
      OF_REAL(dots)((OF_REAL(Dots)){a, b + piece->columns.start * p->depth + piece->depth.start, first, p->depth, p->depth, p->columns, depth},
                    p->rows, columns);
    else
      OF_REAL(combineRows)(first, a, b + piece->depth.start * p->columns + piece->columns.start, p->columns, columns, depth);
    for (int64_t i = 0; bias && i < p->rows; i++)
      for (int64_t j = 0; j < columns; j++) first[i * p->columns + j] += bias[p->biases == 1 ? 0 : piece->columns.start + j];
  }
}
