// Matrix products of integers, which wrap.
#include "matrixCall.h"

// c[i][j] = Σ_k a[i][k] · b[k][j], one row of b after the other: unsigned, since overflow is meant.
#define MULTIPLY_MATRICES(T, name)                                                                                     \
  static void name(const Call *call, const MatrixPiece *piece, void *c) {                                              \
    const MatrixParams *p = matrixParams(call);                                                                        \
    const int64_t aRow = p->transposeA ? 1 : p->depth, aColumn = p->transposeA ? p->rows : 1;                          \
    const int64_t bRow = p->transposeB ? 1 : p->columns, bColumn = p->transposeB ? p->depth : 1;                       \
    for (int64_t matrix = piece->matrices.start; matrix < piece->matrices.end; matrix++) {                             \
      const MatrixStarts starts = matrixStarts(p, matrix);                                                             \
      const T *a = (const T *)operandA(call) + starts.a, *b = (const T *)operandB(call) + starts.b;                    \
      for (int64_t i = piece->rows.start; i < piece->rows.end; i++) {                                                  \
        T *row = (T *)c + (matrix * p->rows + i) * p->columns;                                                         \
        memset(row, 0, sizeof(T) * (size_t)p->columns);                                                                \
        for (int64_t k = 0; k < p->depth; k++) {                                                                       \
          const uint32_t factor = a[i * aRow + k * aColumn];                                                           \
          for (int64_t j = 0; j < p->columns; j++) row[j] = (T)(row[j] + factor * b[k * bRow + j * bColumn]);          \
        }                                                                                                              \
      }                                                                                                                \
    }                                                                                                                  \
  }
MULTIPLY_MATRICES(uint32_t, multiplyWords)
MULTIPLY_MATRICES(uint8_t, multiplyBytes)

void matmulInt32(const Call *call) { runMatrixCall(call, multiplyWords, sizeof(uint32_t)); }
void matmulUint8(const Call *call) { runMatrixCall(call, multiplyBytes, sizeof(uint8_t)); }
