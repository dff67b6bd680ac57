#include "matrixCall.h"

enum {
  // Elements that a piece adds up over all splits, and that a piece of a chain has.
  SPLIT_ELEMENTS = 65536,
  CHAIN_ELEMENTS = 16384,
  // So many columns at a time are enough for a chain.
  CHAIN_COLUMNS = 256,
};

MatrixStarts matrixStarts(const MatrixParams *p, int64_t matrix) {
  const int32_t *sizes = p->rest, *a = sizes + p->rank, *b = a + p->rank;
  MatrixStarts starts = {0, 0};
  for (int32_t d = p->rank - 1; d >= 0; d--) {
    const int64_t i = matrix % sizes[d];
    matrix /= sizes[d];
    starts.a += i * a[d];
    starts.b += i * b[d];
  }
  return starts;
}

static int64_t pieceCount(const MatrixParams *p) {
  return ceilDivide(p->batch, p->group) * p->splits * p->rowBlocks * p->columnBlocks;
}

static MatrixPiece pieceAt(const MatrixParams *p, int64_t position) {
  const int64_t column = position % p->columnBlocks, others = position / p->columnBlocks;
  const int64_t row = others % p->rowBlocks, split = others / p->rowBlocks % p->splits;
  const int64_t matrix = others / p->rowBlocks / p->splits * p->group;
  return (MatrixPiece){split,
                       {matrix, minimum64(p->batch, matrix + p->group)},
                       partOf(p->rows, p->rowBlocks, row, ROW_UNIT),
                       partOf(p->columns, p->columnBlocks, column, COLUMN_UNIT),
                       partOf(p->depth, p->splits, split, DEPTH_UNIT)};
}

// The chain behind the product: NULL if there is none.
static const int32_t *chainOf(const MatrixParams *p) {
  const int32_t *flag = p->rest + 3 * p->rank;
  return *flag ? flag + 1 : NULL;
}

static void openChain(const Call *call, Chain *chain) {
  const MatrixParams *p = matrixParams(call);
  chainOpen(chain, chainOf(p), call->data + operandC(p) + 1, call->scalars);
}

// Over what a piece has just finished, while it is in the caches.
static void chainPiece(Chain *chain, const MatrixParams *p, const MatrixPiece *piece) {
  const int64_t rows = lengthOf(piece->rows), columns = lengthOf(piece->columns);
  const bool isWhole = columns == p->columns;
  for (int64_t matrix = piece->matrices.start; matrix < piece->matrices.end; matrix++) {
    const int64_t start = (matrix * p->rows + piece->rows.start) * p->columns + piece->columns.start;
    for (int64_t row = 0; row < (isWhole ? 1 : rows); row++) chainRun(chain, start + row * p->columns, isWhole ? rows * columns : columns);
  }
}

// In a phase of its own.
static void chainAll(const Call *call, int64_t elements) {
  Chain chain;
  openChain(call, &chain);
  FOR_PIECES(piece, ceilDivide(elements, CHAIN_ELEMENTS), call) {
    const int64_t start = (int64_t)piece * CHAIN_ELEMENTS;
    chainRun(&chain, start, minimum64(CHAIN_ELEMENTS, elements - start));
  }
}

#define ADD_SPLITS(Real, name)                                                                                         \
  static void name(const Call *call, int64_t elements) {                                                               \
    const MatrixParams *p = matrixParams(call);                                                                        \
    const int64_t pieceElements = maximum64(1024, SPLIT_ELEMENTS / p->splits);                                         \
    const Real *sums = (const Real *)call->workspace, *bias = operandBias(call);                                       \
    Real *c = call->data[operandC(p)];                                                                                 \
    FOR_PIECES(piece, ceilDivide(elements, pieceElements), call) {                                                     \
      const int64_t start = piece * pieceElements, end = minimum64(elements, start + pieceElements);                   \
      memcpy(c + start, sums + start, sizeof(Real) * (size_t)(end - start));                                           \
      for (int64_t split = 1; split < p->splits; split++)                                                              \
        for (int64_t i = start; i < end; i++) c[i] += sums[split * elements + i];                                      \
      if (bias)                                                                                                        \
        for (int64_t i = start; i < end; i++) c[i] += bias[i % p->biases];                                             \
    }                                                                                                                  \
  }
ADD_SPLITS(float, addSplitsFloats)
ADD_SPLITS(double, addSplitsDoubles)

void runMatrixCall(const Call *call, MultiplyMatrices *multiply, int64_t elementBytes) {
  const MatrixParams *p = matrixParams(call);
  const int64_t elements = (int64_t)p->batch * p->rows * p->columns;
  const bool isSplit = p->splits > 1, hasWideRows = p->columnBlocks == 1 || p->columns / p->columnBlocks >= CHAIN_COLUMNS;
  const bool chainsPieces = chainOf(p) && !isSplit && hasWideRows;
  Chain chain;
  if (chainsPieces) openChain(call, &chain);
  FOR_PIECES(position, pieceCount(p), call) {
    const MatrixPiece piece = pieceAt(p, position);
    multiply(call, &piece, isSplit ? call->workspace + piece.split * elements * elementBytes : call->data[operandC(p)]);
    if (chainsPieces) chainPiece(&chain, p, &piece);
  }
  if (isSplit) {
    endPhase(call);
    (elementBytes == sizeof(float) ? addSplitsFloats : addSplitsDoubles)(call, elements);
  }
  if (chainOf(p) && !chainsPieces) {
    endPhase(call);
    chainAll(call, elements);
  }
}
