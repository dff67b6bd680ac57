// The code of matmul.c for one element type.
#include "real.h"

typedef struct OF_REAL(Factor) {
  const Real *data;
  // From one stored row to the next.
  int64_t stride;
  bool isTransposed;
} OF_REAL(Factor);

// Rows of a, each of them side by side in depth: in place, or transposed into this thread's memory.
static const Real *OF_REAL(rowsOf)(const OF_REAL(Factor) * a, Range rows, Range depth, int64_t *stride) {
  if (!a->isTransposed) {
    *stride = a->stride;
    return a->data + rows.start * a->stride + depth.start;
  }
  Real *packed = (Real *)packedRows;
  const int64_t count = lengthOf(depth);
  *stride = OF_REAL(panelWidth)(count);
  OF_REAL(transpose)(packed, *stride, a->data + depth.start * a->stride + rows.start, a->stride, count, lengthOf(rows));
  return packed;
}

// Packs a panel of b, and returns the element behind it.
static Real *OF_REAL(packPanel)(Real *packed, const OF_REAL(Factor) * b, Range columns, Range depth) {
  const int64_t count = lengthOf(columns), width = OF_REAL(panelWidth)(count);
  if (b->isTransposed)
    OF_REAL(transpose)(packed, width, b->data + columns.start * b->stride + depth.start, b->stride, count, lengthOf(depth));
  else
    OF_REAL(packColumns)(packed, b->data + depth.start * b->stride + columns.start, b->stride, lengthOf(depth), count);
  return packed + width * lengthOf(depth);
}

// Some panels of b: where they lie, one behind the other, if they are packed.
typedef struct OF_REAL(Panels) {
  const OF_REAL(Factor) * b;
  Range columns, depth;
  const Real *packed;
} OF_REAL(Panels);

// As many columns from `start` on as this thread's memory has room for.
static Range OF_REAL(fittingColumns)(int64_t start, int64_t end, int64_t depth) {
  const int64_t room = COLUMN_BYTES / (int64_t)sizeof(Real) / maximum64(depth, 1);
  Range columns = {start, start + OF_REAL(panelColumns)(end - start)};
  while (columns.end < end) {
    const int64_t next = OF_REAL(panelColumns)(end - columns.end);
    if (OF_REAL(panelWidth)(columns.end + next - start) > room) break;
    columns.end += next;
  }
  return columns;
}

static void OF_REAL(packPanels)(OF_REAL(Panels) * panels, int64_t rows) {
  const OF_REAL(Factor) *b = panels->b;
  const Real *first = b->data + panels->depth.start * b->stride + panels->columns.start;
  const bool isWhole = lengthOf(panels->columns) % REAL_LANES == 0;
  if (!b->isTransposed && isWhole && goesInPlace(first, b->stride * (int64_t)sizeof(Real), lengthOf(panels->depth), rows)) {
    panels->packed = NULL;
    return;
  }
  Real *packed = (Real *)packedColumns;
  panels->packed = packed;
  for (int64_t column = panels->columns.start, count; column < panels->columns.end; column += count) {
    count = OF_REAL(panelColumns)(panels->columns.end - column);
    packed = OF_REAL(packPanel)(packed, b, (Range){column, column + count}, panels->depth);
  }
}

// All panels times some rows. product.c is the element of the first row and column.
static void OF_REAL(multiplyPanels)(OF_REAL(Product) product, const OF_REAL(Panels) * panels) {
  const OF_REAL(Factor) *b = panels->b;
  const Real *packed = panels->packed, *inPlace = b->data + panels->depth.start * b->stride;
  for (int64_t column = panels->columns.start; column < panels->columns.end; column += product.columns) {
    product.columns = OF_REAL(panelColumns)(panels->columns.end - column);
    product.bStride = packed ? OF_REAL(panelWidth)(product.columns) : b->stride;
    product.b = packed ? packed : inPlace + column;
    OF_REAL(multiplyPanel)(&product);
    if (packed) packed += product.bStride * product.depth;
    if (product.bias) product.bias += product.columns;
    product.c += product.columns;
  }
}

// c[i][j] for the rows and columns of a piece, summed over its depth. c is the element of the first row and column.
static void OF_REAL(multiplyPiece)(const OF_REAL(Factor) * a, const OF_REAL(Factor) * b, const Real *bias, const MatrixPiece *piece, Real *c, int64_t cStride) {
  const Range rows = piece->rows, columns = piece->columns;
  int64_t k = piece->depth.start;
  do {
    const int64_t depth = OF_REAL(blockDepth)(piece->depth.end - k);
    OF_REAL(Panels) panels = {.b = b, .depth = {k, k + depth}};
    for (int64_t column = columns.start; column < columns.end; column = panels.columns.end) {
      panels.columns = OF_REAL(fittingColumns)(column, columns.end, depth);
      OF_REAL(packPanels)(&panels, lengthOf(rows));
      for (int64_t row = rows.start; row < rows.end; row += ROWS_AT_ONCE) {
        const Range some = {row, minimum64(rows.end, row + ROWS_AT_ONCE)};
        OF_REAL(Product) product = {.bias = bias ? bias + column : NULL, .rows = lengthOf(some), .depth = depth, .cStride = cStride};
        product.a = OF_REAL(rowsOf)(a, some, panels.depth, &product.aStride);
        product.c = c + (row - rows.start) * cStride + (column - columns.start);
        product.accumulate = k > piece->depth.start;
        OF_REAL(multiplyPanels)(product, &panels);
      }
    }
    k += depth;
  } while (k < piece->depth.end);
}

static void OF_REAL(multiplyMatrices)(const Call *call, const MatrixPiece *piece, void *c) {
  const MatrixParams *p = matrixParams(call);
  OF_REAL(Factor) a = {.stride = p->transposeA ? p->rows : p->depth, .isTransposed = p->transposeA};
  OF_REAL(Factor) b = {.stride = p->transposeB ? p->depth : p->columns, .isTransposed = p->transposeB};
  for (int64_t matrix = piece->matrices.start; matrix < piece->matrices.end; matrix++) {
    const MatrixStarts starts = matrixStarts(p, matrix);
    a.data = (const Real *)operandA(call) + starts.a;
    b.data = (const Real *)operandB(call) + starts.b;
    Real *first = (Real *)c + (matrix * p->rows + piece->rows.start) * p->columns + piece->columns.start;
    OF_REAL(multiplyPiece)(&a, &b, p->splits > 1 ? NULL : operandBias(call), piece, first, p->columns);
  }
}
