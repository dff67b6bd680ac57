// Products of one row and a matrix, or of up to four and a transposed one: each element of the matrix is read once, where it lies, so
// they go as fast as memory.
#include "matrixCall.h"
#include "tile.h"

#define UNROLL _Pragma("GCC unroll 4")

enum { ROWS_AT_ONCE = PANEL_VECTORS == 4 ? 4 : 2, COLUMNS_AT_ONCE = 4, COMBINED_AT_ONCE = 4 };

#define REAL_BITS 32
#include "matmulFewRowsOf.h"
#undef REAL_BITS
#define REAL_BITS 64
#include "matmulFewRowsOf.h"

void matmulFewRows(const Call *call) { runMatrixCall(call, multiplyRowsFloats, sizeof(float)); }
void matmulFewRowsFloat64(const Call *call) { runMatrixCall(call, multiplyRowsDoubles, sizeof(double)); }
