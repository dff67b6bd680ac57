// Matrix products. A piece is a block of c: for each block of depth its rows of a and, panel by panel, its columns of b are read in
// place or packed, and multiplied by tiles. So no packing is shared, and no thread waits for another.
#include "matrixCall.h"
#include "tile.h"

enum {
  // Of packed panels of b: they stay in the second cache, beside the rows of a that meet them.
  COLUMN_BYTES = VECTOR_BYTES == 64 ? 458752 : 229376,
  ROWS_AT_ONCE = 64,
  // Panels of b that meet so few rows are not worth packing at all, or if they are easy to read.
  FEW_ROWS = 16,
  SOME_ROWS = 96,
  // Rows that so many bytes or a multiple lie apart share their place in the first cache, which has as many places for each as ways.
  CACHE_WAY = 4096,
  CACHE_WAYS = 10,
};

static _Thread_local _Alignas(64) char packedRows[ROWS_AT_ONCE * DEPTH_BYTES];
static _Thread_local _Alignas(64) char packedColumns[COLUMN_BYTES + PANEL_BYTES];

// Whether panels of b are read where they lie. The bits are the same either way.
static bool goesInPlace(const void *first, int64_t strideBytes, int64_t depth, int64_t rows) {
  const int64_t apart = minimum64(strideBytes & -strideBytes, CACHE_WAY);
  const bool isAligned = (uintptr_t)first % VECTOR_BYTES == 0 && strideBytes % VECTOR_BYTES == 0;
  return rows <= FEW_ROWS || (rows <= SOME_ROWS && isAligned && depth * apart <= CACHE_WAY * CACHE_WAYS);
}

#define REAL_BITS 32
#include "matmulOf.h"
#undef REAL_BITS
#define REAL_BITS 64
#include "matmulOf.h"

void matmul(const Call *call) { runMatrixCall(call, multiplyMatricesFloats, sizeof(float)); }
void matmulFloat64(const Call *call) { runMatrixCall(call, multiplyMatricesDoubles, sizeof(double)); }
