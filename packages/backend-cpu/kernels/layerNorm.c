// layerNorm over rows of [rows, width].
#include "kernel.h"
#include "vectorMath.h"

// Elements of a piece.
enum { PIECE = 16384 };

#define REAL_BITS 32
#include "real.h"
#include "layerNormRows.h"
#undef REAL_BITS
#define REAL_BITS 64
#include "real.h"
#include "layerNormRows.h"

// params: whether elements are float64, rows, width.
void layerNorm(const Call *call) {
  const int64_t rows = call->params[1], together = maximum64(1, PIECE / maximum64(1, call->params[2]));
  FOR_PIECES(piece, ceilDivide(rows, together), call)
    (call->params[0] ? layerNormRowsDoubles : layerNormRowsFloats)(call, piece * together, minimum64((piece + 1) * together, rows));
}
